import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface BreakableLink {
  /** The database's URL through the link. */
  url: string
  /** Cuts every connection and refuses new ones, as a database that goes down does. */
  down: () => void
  up: () => void
  close: () => Promise<void>
}

/** A TCP link to the database that a test can break and mend. */
export async function linkTo(databaseUrl: string): Promise<BreakableLink> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let open = true
  const server = createServer((socket) => {
    if (!open) return void socket.destroy()
    const upstream = connect({ host: target.hostname, port: Number(target.port) })
    for (const [one, other] of [[socket, upstream], [upstream, socket]] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const cut = () => sockets.forEach((socket) => socket.destroy())
  return {
    url: url.href,
    down() {
      open = false
      cut()
    },
    up() {
      open = true
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        cut()
      }),
  }
}
