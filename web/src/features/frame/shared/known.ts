import { forget, keep, kept } from '../../../outbox/database'
import { Unreachable } from '../../api/shared/http'

/** A reply of the server, and when it came. */
export interface Known<T> {
  value: T
  at: number
  /** Set when the server did not answer now, so that this is what it said before. */
  old: boolean
}

/** What load returns, or, while the server does not answer, what it returned last on this device. */
export async function lastKnown<T>(name: 'earnings' | 'payouts' | 'answers', load: () => Promise<T>): Promise<Known<T>> {
  try {
    const fresh: Known<T> = { value: await load(), at: Date.now(), old: false }
    await keep(name, fresh)
    return fresh
  } catch (error) {
    const before = error instanceof Unreachable ? await kept<Known<T>>(name) : undefined
    if (!before) throw error
    return { ...before, old: true }
  }
}

/** Forgets what was said to somebody else: another key takes the place of the one on this device. */
export async function forgetKnown(): Promise<void> {
  await Promise.all(['me', 'earnings', 'payouts', 'answers'].map(forget))
}
