import { keep, kept } from '../../../outbox/database'
import { wipe } from '../../../outbox/wipe'
import type { Identity } from './identity'

/** Removes what this browser keeps, and has it forget where it is woken. The keys go with it, or stay as before the first start. */
export async function forgetHere(withKey: boolean): Promise<void> {
  await endPushes().catch(() => undefined) // the server sends none any more
  await wipe(withKey ? [] : ['identity'])
  if (!withKey) await keep('identity', { ...(await kept<Identity>('identity'))!, registration: undefined } satisfies Identity)
}

async function endPushes(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration()
  await (await worker?.pushManager?.getSubscription())?.unsubscribe()
}
