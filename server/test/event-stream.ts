export interface ServerEvent {
  event: string
  id: string | undefined
  data: string
}

/** Reads an event stream as a browser's EventSource does, connection by connection: one call, one connection. */
export async function* readEventStream(url: string, init: RequestInit = {}): AsyncGenerator<ServerEvent, void, undefined> {
  const response = await fetch(url, { ...init, headers: { accept: 'text/event-stream', ...init.headers } })
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`)
  let text = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = toEvent(text.slice(0, end))
      text = text.slice(end + 2)
      if (event) yield event
    }
  }
}

function toEvent(block: string): ServerEvent | undefined {
  const fields = new Map(block.split('\n').flatMap((line) => (line ? [line.split(/: (.*)/s, 2) as [string, string]] : [])))
  const data = fields.get('data')
  return data === undefined ? undefined : { event: fields.get('event') ?? 'message', id: fields.get('id'), data }
}
