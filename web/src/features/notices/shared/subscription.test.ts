import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { closeDatabase, keep } from '../../../outbox/database'
import type { Request } from '../../api/shared/http'
import { ability, isWoken, keyBytes, subscribe, subscribeAgain, unsubscribe, type Ask } from './subscription'

const asked: { path: string; method?: string; json?: unknown }[] = []
const ask: Ask = async <T>(path: string, request?: Request) => {
  asked.push({ path, ...request })
  return { id: `sub_${asked.length}` } as T
}

/** A browser's subscriptions: at most one at a time. */
function browser() {
  let made = 0
  let held: { endpoint: string; toJSON: () => unknown; unsubscribe: () => Promise<boolean> } | null = null
  const subscribed: unknown[] = []
  const pushManager = {
    getSubscription: async () => held,
    subscribe: async (options: unknown) => {
      subscribed.push(options)
      const endpoint = held?.endpoint ?? `https://push.example.org/${++made}`
      held = { endpoint, toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'B', auth: 'A' } }), unsubscribe: async () => ((held = null), true) }
      return held
    },
  }
  return { registration: { pushManager } as unknown as ServiceWorkerRegistration, subscribed, held: () => held }
}

const push = (key: string, ...ids: string[]) => ({ key, channels: ['web'], most: 5, subscriptions: ids.map((id) => ({ id, channel: 'web', device: '', created_at: '' })), wishes: undefined as never })

beforeEach(() => void (asked.length = 0))
afterEach(async () => {
  await closeDatabase()
  await new Promise((done) => (indexedDB.deleteDatabase('tasknet').onsuccess = done))
})

it('subscribes with the server’s key and tells the server, without the time that browsers add', async () => {
  const b = browser()
  await subscribe(b.registration, 'AQID', ask)
  expect(b.subscribed).toEqual([{ userVisibleOnly: true, applicationServerKey: new Uint8Array([1, 2, 3]) }])
  expect(asked).toEqual([{ path: '/v1/me/push/subscriptions', json: { web: { endpoint: 'https://push.example.org/1', keys: { p256dh: 'B', auth: 'A' } } } }])
  expect(await isWoken(b.registration, push('AQID', 'sub_1'))).toBe(true)
  expect(await isWoken(b.registration, push('AQID'))).toBe(false) // the server has forgotten it
  expect(await isWoken(b.registration, push('BBBB', 'sub_1'))).toBe(false)
})

it('makes a new subscription for a new key, and keeps the old one for the same', async () => {
  const b = browser()
  await subscribe(b.registration, 'AQID', ask)
  await subscribe(b.registration, 'AQID', ask)
  expect(b.held()?.endpoint).toBe('https://push.example.org/1')
  await subscribe(b.registration, 'AQIE', ask)
  expect(b.held()?.endpoint).toBe('https://push.example.org/2')
})

it('ends it at the server, too', async () => {
  const b = browser()
  await subscribe(b.registration, 'AQID', ask)
  await unsubscribe(b.registration, ask)
  expect(asked[1]).toEqual({ path: '/v1/me/push/subscriptions/sub_1', method: 'DELETE' })
  expect(b.held()).toBeNull()
  await subscribeAgain(b.registration, undefined, ask)
  expect(asked.length).toBe(2) // nobody wants it any more
})

it('tells of a subscription that takes the place of an ended one', async () => {
  const b = browser()
  await keep('woken', { key: 'AQID', id: 'sub_old' })
  await subscribeAgain(b.registration, { toJSON: () => ({ endpoint: 'https://push.example.org/new', keys: {} }) } as never, ask)
  expect(asked[0]).toMatchObject({ json: { web: { endpoint: 'https://push.example.org/new' } } })
  await subscribeAgain(b.registration, null, ask)
  expect(b.subscribed.length).toBe(1)
})

it('reads base64url', () => expect(keyBytes('_-8')).toEqual(new Uint8Array([255, 239])))

it.each([
  [{ isSecureContext: false }, 'insecure'],
  [{}, 'yes'],
  [{ PushManager: undefined }, 'never'],
  [{ PushManager: undefined, navigator: { serviceWorker: {}, userAgent: 'Mozilla/5.0 (iPhone)' } }, 'install'],
])('%j can be woken: %s', (change, want) => {
  expect(ability({ isSecureContext: true, navigator: { serviceWorker: {}, userAgent: 'Chrome' }, Notification: {}, PushManager: {}, ...change } as never)).toBe(want)
})
