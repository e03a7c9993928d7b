import { Cell } from '../features/frame/shared/cell'

/** A newer version of the app that waits for the person's consent. */
export const update = new Cell<ServiceWorker | undefined>(undefined)

/** Installs the service worker, where the browser allows one, and watches for newer versions. */
export function watchForUpdates(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  let taken = false
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker takes over silently; a later one only after consent, and then the page is loaded anew.
    if (taken) location.reload()
  })
  void navigator.serviceWorker.register('/sw.js').then(
    (registration) => {
      const offer = (worker: ServiceWorker | null) => {
        if (worker && navigator.serviceWorker.controller) update.set(worker)
      }
      offer(registration.waiting)
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing
        worker?.addEventListener('statechange', () => worker.state === 'installed' && offer(worker))
      })
      update.subscribe(() => (taken = true))
    },
    () => undefined, // without one, the app needs the network to start
  )
}

/** Lets the newer version take over. */
export function accept(): void {
  update.value?.postMessage('take-over')
}
