/// <reference lib="webworker" />
import type { Kept } from '../language/spoken'
import { kept } from '../outbox/database'
import { speak } from './language'
import { takePushes } from './push'
import { placed, routesTo, type Precached, type RoutedEvent } from './routes'
import { takeShares } from './share'
import { sendOnSync } from './sync'

// The app's shell and the pictures of questions held, for times without a network. What is under /v1 is never cached;
// each other thing that wakes the worker has a file of its own.

const worker = self as unknown as ServiceWorkerGlobalScope

/** Filled in after the build: the files of the shell, and a version that is the hash of all of them. */
const shell = JSON.parse('__PRECACHE__') as Precached
const known = [...shell.files, ...Object.values(shell.languages)]
const shellCache = `shell-${shell.version}`
const mediaCache = 'media'
const mostMedia = 60

worker.addEventListener('install', (event) => {
  const install = async () => {
    const language = shell.languages[(await kept<Kept>('language').catch(() => undefined))?.tag ?? '']
    const cache = await caches.open(shellCache)
    await cache.addAll([...shell.files, ...(language ? [language] : [])].map((file) => new Request(file, { cache: 'reload' })))
    await cache.put('/', (await cache.match('/index.html'))!)
  }
  event.waitUntil(install())
  void (event as RoutedEvent).addRoutes?.(routesTo(shellCache)).catch(() => undefined) // then all comes through the worker
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('shell-') && name !== shellCache) await caches.delete(name)
      await worker.clients.claim()
    })(),
  )
})

worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') void worker.skipWaiting()
  const tag = (event.data as { language?: string } | null)?.language
  if (tag !== undefined) event.waitUntil(Promise.all([speak(), hold(shell.languages[tag])]))
})

sendOnSync(worker)
takeShares(worker)
takePushes(worker)

/** Keeps the file of a language for starts without a network. */
async function hold(file: string | undefined): Promise<void> {
  const cache = await caches.open(shellCache)
  if (file && !(await cache.match(file))) await cache.add(file).catch(() => undefined) // it is asked for again at the next start
}

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const from = placed(new URL(request.url), request.method, request.mode, worker.location.origin, known)
  if (from === 'shell') event.respondWith(fromShell(request))
  if (from === 'index') event.respondWith(fromShell(new Request('/index.html')))
  if (from === 'media') event.respondWith(fromMedia(request, event))
})

async function fromShell(request: Request): Promise<Response> {
  const cache = await caches.open(shellCache)
  return (await cache.match(request)) ?? fetch(request)
}

async function fromMedia(request: Request, event: FetchEvent): Promise<Response> {
  const cache = await caches.open(mediaCache)
  const held = await cache.match(request)
  if (held) return held
  const response = await fetch(request)
  // The page gets it as it comes, so that it can tell slow from stalled.
  if (response.ok) event.waitUntil(keepMedia(cache, request, response.clone()).catch(() => undefined))
  return response
}

async function keepMedia(cache: Cache, request: Request, response: Response): Promise<void> {
  await cache.put(request, response)
  const keys = await cache.keys()
  for (const old of keys.slice(0, Math.max(0, keys.length - mostMedia))) await cache.delete(old)
}
