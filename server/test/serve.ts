import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { handleAdapterRequest } from '../adapter/handle'
import { handleFileRequest } from '../file/handle'
import { handleReportRequest } from '../report/handle'
import type { Context } from '../trpc/context'
import { handleRequest } from '../trpc/handle'

export interface TestServer {
  url: string
  /** Cuts every open connection, as a network that goes away does; the server stays. */
  dropConnections: () => void
  close: () => Promise<void>
}

const fileHandlers = { '/api/files': handleFileRequest, '/api/adapters': handleAdapterRequest, '/api/reports': handleReportRequest }

/** Serves procedures and files over real HTTP on a free port of 127.0.0.1, by the functions that the web process uses. */
export async function serve(context: () => Context): Promise<TestServer> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const reader = new AbortController()
      outgoing.on('close', () => reader.abort())
      const headers = new Headers(Object.entries(incoming.headers).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])))
      const body = incoming.method === 'POST' ? (Readable.toWeb(incoming) as unknown as BodyInit) : undefined
      const request = new Request(`http://${incoming.headers.host ?? 'x'}${incoming.url ?? '/'}`, {
        method: incoming.method ?? 'GET',
        headers,
        signal: reader.signal,
        ...(body && { body, duplex: 'half' }),
      })
      const { port } = server.address() as AddressInfo
      const handle = Object.entries(fileHandlers).find(([path]) => incoming.url?.startsWith(path))?.[1] ?? handleRequest
      const response = await handle(request, context, { port: String(port), allowedHosts: [] })
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      if (!response.body) return void outgoing.end()
      for await (const chunk of response.body as ReadableStream<Uint8Array>) outgoing.write(chunk)
      outgoing.end()
    })().catch(() => outgoing.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    dropConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
