import { Refused } from '../../api/shared/http'
import { pause } from '../../api/shared/sse'
import { followAsRespondent } from '../../identity/shared/session'
import { shell } from '../../../shell/seam'

/** What somebody who is here is told. */
export interface Visitor {
  /** There may be something to answer. */
  offered: () => void
  /** Whether the server tells so by itself now. */
  live: (is: boolean) => void
}

/** How long a stream that the server refuses is left alone, about: what refuses it, such as an older server, stays for long. */
const refusedMs = 5 * 60_000

type Told = 'offered' | 'live' | 'lost' | 'who'

/**
 * Says that the person is here until the signal aborts: they are not woken meanwhile, but told what they are offered. Of several
 * tabs that are shown one has the stream, and tells the others; the next takes over when it is closed or hidden. Where there are no
 * locks, as on plain http, each has its own.
 */
export async function visit(signal: AbortSignal, to: Visitor, locks: LockManager | undefined = globalThis.navigator?.locks): Promise<void> {
  if (shell) return visitByShell(shell, signal, to)
  const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('tasknet-visit')
  const hear = (told: Told) => (told === 'offered' ? to.offered() : told !== 'who' && to.live(told === 'live'))
  if (others) others.onmessage = ({ data }: MessageEvent<Told>) => hear(data)
  others?.postMessage('who' satisfies Told)
  const lead = async () => {
    let last: Told = 'lost'
    const tell = (told: Told) => {
      if (told !== 'offered') last = told
      hear(told)
      others?.postMessage(told)
    }
    if (others) others.onmessage = ({ data }: MessageEvent<Told>) => data === 'who' && last === 'live' && others.postMessage(last)
    await listen(signal, tell)
    others?.postMessage('lost' satisfies Told)
  }
  try {
    await (locks ? locks.request('tasknet-visit', { signal }, lead) : lead())
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    others?.close()
  }
}

async function listen(signal: AbortSignal, tell: (told: Told) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      await followAsRespondent('/v1/me/events', {
        signal,
        onEvent: ({ type }) => type === 'question.offered' && tell('offered'),
        onState: (state) => tell(state === 'live' ? 'live' : 'lost'),
      })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
    if (!signal.aborted) await pause(refusedMs * (0.75 + Math.random() / 2), signal)
  }
}

/** The app has the stream: where its browser cannot read one, and so that it lasts as long as the app is shown. */
async function visitByShell(app: NonNullable<typeof shell>, signal: AbortSignal, to: Visitor): Promise<void> {
  app.onVisit(signal, to)
  await app.here(true)
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  await app.here(false)
}
