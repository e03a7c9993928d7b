/** The name under which the browser asks the service worker to send what waits. */
export const syncTag = 'outbox'

/** Background Sync, which only some browsers have. */
interface Syncing {
  sync?: { register: (tag: string) => Promise<void> }
}

/** Has the browser wake the service worker when there is a network, with or without a page. Where it cannot, pages send alone. */
export async function askForSync(container: Pick<ServiceWorkerContainer, 'getRegistration'> | undefined = globalThis.navigator?.serviceWorker): Promise<boolean> {
  try {
    const registration = (await container?.getRegistration()) as Syncing | undefined
    if (!registration?.sync) return false
    await registration.sync.register(syncTag)
    return true
  } catch {
    return false // the person, or a private window, does not allow it
  }
}
