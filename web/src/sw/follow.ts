import { go } from '../features/frame/shared/route'

/** Goes where a notice leads that was tapped while the app is open. */
export function followNotices(): void {
  if (!('serviceWorker' in navigator)) return
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ go?: unknown } | null>) => {
    if (typeof data?.go === 'string' && data.go.startsWith('/')) go(data.go)
  })
  navigator.serviceWorker.startMessages()
}
