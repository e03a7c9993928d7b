import { call } from '../features/api/shared/http'
import type { Instance } from '../features/api/shared/wire'
import { isReceiptFor, isRefusalOf } from '../features/identity/worker/signer'
import { deliver } from '../outbox/deliver'
import { exchange } from '../outbox/exchange'
import { Sender } from '../outbox/sender'
import { syncTag } from '../outbox/sync'

// The outbox without a page: the browser wakes the worker when there is a network, and it sends as a page would.

/** An event of Background Sync, which the DOM's types do not have. */
interface SyncEvent extends ExtendableEvent {
  tag: string
}

/** Sends the answers that wait when the browser says that it is time. */
export function sendOnSync(worker: ServiceWorkerGlobalScope): void {
  const channel = new BroadcastChannel('tasknet-outbox')
  const sender = new Sender({
    ...exchange(
      async () => ({ isReceiptFor, isRefusalOf }),
      async () => (await call<Instance>('/v1/instance')).value,
    ),
    onOutcome: () => channel.postMessage('changed'),
    now: Date.now,
  })
  const watched = async () => (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).some((page) => page.visibilityState === 'visible')
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  worker.addEventListener('sync' as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
    const { tag } = event as SyncEvent
    if (tag === syncTag) (event as SyncEvent).waitUntil(deliver({ sender, watched, now: Date.now, wait }))
  })
}
