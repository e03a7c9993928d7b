import { keepShared, sharedIn } from '../features/console/shared/shared'

/** Where the system's share sheet sends to; the manifest names it. */
export const sharePath = '/share'

/** Takes what another app shares, and opens the form that asks about it. */
export function takeShares(worker: ServiceWorkerGlobalScope): void {
  worker.addEventListener('fetch', (event) => {
    const { request } = event
    if (request.method === 'POST' && new URL(request.url).pathname === sharePath) event.respondWith(receive(request))
  })
}

async function receive(request: Request): Promise<Response> {
  try {
    await keepShared(sharedIn(await request.formData()))
  } catch {
    // A form that cannot be read, or a full disk: the empty form is still the place to go on.
  }
  return Response.redirect('/ask', 303)
}
