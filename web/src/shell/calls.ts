import { Refused, Unreachable } from '../features/api/shared/http'

/** The most characters of a message from this page, and how many may be without a reply. */
export const longest = 65_536
export const inFlight = 32

/** What the app refused or could not do, when the server was not reached. */
const unreachable = ['never_online', 'unreachable', 'unavailable', 'closed', 'cancelled']

type Reply = { id: number; ok: unknown } | { id: number; error: { code: string; text: string } }

/** Requests to the app and what it tells by itself, over a channel. */
export class Calls {
  private last = 0
  private readonly open = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>()
  private readonly hearers = new Map<string, (body: never) => void>()
  private readonly line: (() => void)[] = []

  constructor(private readonly port: Pick<MessagePort, 'postMessage' | 'onmessage'>) {
    port.onmessage = ({ data }) => this.hear(data)
  }

  /** Asks the app. Throws Unreachable where its server does not answer, and Refused for all else. */
  async ask<T>(what: string, body: object = {}): Promise<T> {
    while (this.open.size >= inFlight) await new Promise<void>((resolve) => this.line.push(resolve))
    const id = ++this.last
    const message = JSON.stringify({ id, do: what, with: body })
    if (message.length > longest) throw new Refused(413, 'too_large', 'This answer is too large for the app.')
    return new Promise<T>((resolve, reject) => {
      this.open.set(id, { resolve, reject })
      this.port.postMessage(message)
    })
  }

  /** Has what the app tells by a name handled. */
  on<T>(event: string, hearer: (body: T) => void): void {
    this.hearers.set(event, hearer)
  }

  private hear(data: unknown): void {
    if (typeof data !== 'string') return
    let said: Partial<Reply> & { event?: unknown; with?: unknown }
    try {
      said = JSON.parse(data) as typeof said
    } catch {
      return
    }
    if (typeof said.event === 'string') {
      this.hearers.get(said.event)?.(said.with as never)
      return
    }
    const waiting = this.open.get(said.id!)
    if (!waiting) return
    this.open.delete(said.id!)
    this.line.shift()?.()
    if ('ok' in said) waiting.resolve(said.ok as never)
    else waiting.reject(failure(said as Extract<Reply, { error: unknown }>))
  }
}

/** The error that pages know, of one that the app told. */
export function failure({ error }: Pick<Extract<Reply, { error: unknown }>, 'error'>): Error {
  const { code = 'failed', text = 'The app could not do that.' } = error ?? {}
  return unreachable.includes(code) ? new Unreachable() : new Refused(409, code, text)
}
