import * as answers from './answers'
import type { Sender } from './sender'

/** How long one delivery waits for answers that are not due yet, and how often it looks whether a page is still seen. */
const patienceMs = 25_000
const lookMs = 1000

export interface DeliveryNeeds {
  sender: Pick<Sender, 'drain' | 'nextDue'>
  /** Whether somebody looks at a page of the app, which then sends by itself. */
  watched: () => Promise<boolean>
  now: () => number
  wait: (ms: number) => Promise<void>
}

/**
 * Sends what pages that are gone have left in the outbox, and ends when nothing is left. Throws while something is, so
 * that the browser asks again later.
 */
export async function deliver({ sender, watched, now, wait }: DeliveryNeeds): Promise<void> {
  const end = now() + patienceMs
  for (;;) {
    const seen = await watched()
    if (!seen) {
      await answers.releaseAll(now()) // nobody is there who could undo
      await sender.drain()
    }
    const next = await sender.nextDue()
    if (next === undefined) return
    if (now() + (seen ? 0 : next) >= end) throw new Error('answers wait')
    await wait(seen ? lookMs : Math.max(next, lookMs))
  }
}
