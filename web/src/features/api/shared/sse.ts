import { heard, open, Refused } from './http'

/** One event of a stream. */
export interface Event {
  id: string
  type: string
  data: string
}

/** Splits what arrives into events, as the HTML standard says, for a stream that may be cut anywhere. */
export class Parser {
  private rest = ''
  private id = ''
  private type = ''
  private data: string[] = []

  /** The events that chunk completes. */
  push(chunk: string): Event[] {
    const events: Event[] = []
    this.rest += chunk
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.rest)
      if (!end) return events
      const line = this.rest.slice(0, end.index)
      this.rest = this.rest.slice(end.index + end[0].length)
      if (line === '') {
        if (this.data.length > 0) events.push({ id: this.id, type: this.type || 'message', data: this.data.join('\n') })
        this.type = ''
        this.data = []
        continue
      }
      const colon = line.indexOf(':')
      if (colon === 0) continue // a comment: the heartbeat
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'id') this.id = value
      else if (field === 'event') this.type = value
      else if (field === 'data') this.data.push(value)
    }
  }
}

/** How a stream is: live, or waiting to connect again. */
export type StreamState = 'connecting' | 'live' | 'waiting' | 'refused'

export interface Stream {
  path: string
  token: string
  signal: AbortSignal
  onEvent: (event: Event) => void
  onState: (state: StreamState, error?: Refused) => void
  /** Whether the page does without it: that it cannot be had says nothing of the server then. */
  aside?: boolean
}

const silenceMs = 40_000 // more than two heartbeats

/** How long a connection lasts that was none in vain: one that breaks before counts as another try. */
const lastedMs = 10_000

/** Milliseconds to wait before try n, counted from 0. */
export function backoff(n: number, random = Math.random): number {
  return Math.min(30_000, 500 * 2 ** Math.min(n, 10)) * (0.75 + random() / 2)
}

/**
 * Follows a stream of events until the signal aborts, connecting again with Last-Event-ID when it breaks. EventSource
 * cannot send a bearer token, so this reads the body of a fetch.
 */
export async function follow(stream: Stream): Promise<void> {
  let last = ''
  let tries = 0
  while (!stream.signal.aborted) {
    stream.onState('connecting')
    const silence = new AbortController()
    const stop = () => silence.abort()
    stream.signal.addEventListener('abort', stop)
    let watch: ReturnType<typeof setTimeout> | undefined
    let since = Infinity
    const listening = () => {
      clearTimeout(watch)
      watch = setTimeout(stop, silenceMs)
    }
    try {
      const headers: { [name: string]: string } = { Accept: 'text/event-stream' }
      if (last) headers['Last-Event-ID'] = last
      const response = await open(stream.path, { token: stream.token, headers, signal: silence.signal, aside: stream.aside ?? false })
      since = Date.now()
      stream.onState('live')
      listening()
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
      const parser = new Parser()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        heard()
        listening()
        for (const event of parser.push(value)) {
          last = event.id || last
          stream.onEvent(event)
        }
      }
    } catch (error) {
      if (error instanceof Refused && error.code === 'bad_last_event_id' && last) {
        last = '' // the server's events begin anew
      } else if (error instanceof Refused && error.status < 500 && error.status !== 429) {
        stream.onState('refused', error)
        return
      }
    } finally {
      clearTimeout(watch)
      stream.signal.removeEventListener('abort', stop)
      silence.abort()
    }
    if (stream.signal.aborted) return
    if (Date.now() - since >= lastedMs) tries = 0
    stream.onState('waiting')
    await pause(backoff(tries++), stream.signal)
  }
}

/** Waits until so much time has passed or the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    signal.addEventListener('abort', over)
  })
}
