import type { Me } from '../../api/shared/wire'
import { identity, asRespondent } from '../../identity/shared/session'
import { keep, kept } from '../../../outbox/database'
import { Cell } from './cell'

/** The numbers of the bottom bar, as last heard from the server. */
export const me = new Cell<Me | undefined>(undefined)

/** How many questions this device holds. */
export const onHand = new Cell(0)

/** Reads the numbers again; keeps the last known when the server does not answer. */
export async function refreshMe(): Promise<void> {
  if (!me.value) me.set(await kept<Me>('me'))
  if (!(await identity())) return
  try {
    const now = await asRespondent<Me>('/v1/me')
    me.set(now)
    await keep('me', now)
  } catch {
    // The bar goes on showing the last numbers; the page itself says when something is wrong.
  }
}

