import { Cell } from '../features/frame/shared/cell'
import { shell } from '../shell/seam'

/** A newer version of the app that waits for the person's consent. */
export const update = new Cell<{ worker: ServiceWorker; /** Whether it waited when the page was loaded. */ atStart: boolean } | undefined>(undefined)

/** How often an app that stays open looks for a newer version. */
const lookMs = 3_600_000

/** Installs the service worker, where the browser allows one, and watches for newer versions. */
export function watchForUpdates(): void {
  if (shell || !('serviceWorker' in navigator) || import.meta.env.DEV) return // an app has these files in itself
  const container = navigator.serviceWorker
  let before = container.controller
  container.addEventListener('controllerchange', () => {
    // The first worker takes over silently. A later one does only after consent, in this window or another; then the
    // old files are gone, and the page is loaded anew.
    if (before) location.reload()
    before = container.controller
  })
  void container.register('/sw.js').then(
    (registration) => {
      const offer = (worker: ServiceWorker | null, atStart: boolean) => {
        if (worker && container.controller) update.set({ worker, atStart })
      }
      offer(registration.waiting, true)
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing
        worker?.addEventListener('statechange', () => worker.state === 'installed' && offer(worker, false))
      })
      let looked = Date.now()
      document.addEventListener('visibilitychange', () => {
        if (document.hidden || Date.now() - looked < lookMs) return
        looked = Date.now()
        void registration.update().catch(() => undefined)
      })
    },
    () => undefined, // without one, the app needs the network to start
  )
}

/** Lets the newer version take over. */
export function accept(): void {
  update.value?.worker.postMessage('take-over')
}

/** Leaves the newer version until the next start. */
export function later(): void {
  update.set(undefined)
}
