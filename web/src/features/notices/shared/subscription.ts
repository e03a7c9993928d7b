import { keep, kept } from '../../../outbox/database'
import type { Request } from '../../api/shared/http'
import type { PushInfo, PushSubscribed } from '../../api/shared/wire'

/** How the person asks the server: a page and the service worker have ways of their own. */
export type Ask = <T>(path: string, request?: Request) => Promise<T>

/** What is kept on this device while it is woken: the server's key, and the subscription's id there. */
interface Woken {
  key: string
  id: string
}

const name = 'woken'

/** Why this browser cannot be woken, or that it can. */
export function ability(scope: { isSecureContext: boolean; navigator: Navigator; Notification?: unknown; PushManager?: unknown } = globalThis as never): 'yes' | 'insecure' | 'install' | 'never' {
  if (!scope.isSecureContext) return 'insecure'
  if ('serviceWorker' in scope.navigator && scope.PushManager && scope.Notification) return 'yes'
  // iPhones wake apps on the home screen alone.
  return /iPhone|iPad/.test(scope.navigator.userAgent) ? 'install' : 'never'
}

/** The bytes of a key in base64url. */
export function keyBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (c) => c.charCodeAt(0))
}

/** Subscribes this browser and tells the server. The person has given permission. */
export async function subscribe(registration: ServiceWorkerRegistration, key: string, ask: Ask): Promise<void> {
  const held = await registration.pushManager.getSubscription()
  const woken = await kept<Woken>(name)
  // One that was made for another key never arrives.
  if (held && woken?.key !== key) await held.unsubscribe()
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: keyBytes(key) })
  await tell(subscription, key, ask)
}

async function tell(subscription: PushSubscription, key: string, ask: Ask): Promise<void> {
  const { endpoint, keys } = subscription.toJSON()
  const { id } = await ask<PushSubscribed>('/v1/me/push/subscriptions', { json: { web: { endpoint, keys } } })
  await keep(name, { key, id } satisfies Woken)
}

/** Ends the subscription of this browser, at the server first: then nothing is sent to it any more. */
export async function unsubscribe(registration: ServiceWorkerRegistration, ask: Ask): Promise<void> {
  const woken = await kept<Woken>(name)
  if (woken) await ask<void>(`/v1/me/push/subscriptions/${woken.id}`, { method: 'DELETE' }).catch(() => undefined)
  await (await registration.pushManager.getSubscription())?.unsubscribe()
  await keep(name, undefined)
}

/** Tells the server of the subscription that has taken the place of an ended one. */
export async function subscribeAgain(registration: ServiceWorkerRegistration, fresh: PushSubscription | null | undefined, ask: Ask): Promise<void> {
  const woken = await kept<Woken>(name)
  if (!woken) return // nobody wants to be woken here
  if (fresh) return tell(fresh, woken.key, ask)
  await subscribe(registration, woken.key, ask)
}

/** Whether this browser is woken, by what the server and the browser know. */
export async function isWoken(registration: ServiceWorkerRegistration, push: PushInfo): Promise<boolean> {
  const woken = await kept<Woken>(name)
  const held = await registration.pushManager.getSubscription()
  return held !== null && woken?.key === push.key && push.subscriptions.some((s) => s.id === woken.id)
}
