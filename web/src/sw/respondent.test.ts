import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeIdentity } from '../features/identity/worker/signer'
import { closeDatabase, keep, kept } from '../outbox/database'
import { asRespondent } from './respondent'

const soon = () => new Date(Date.now() + 60_000).toISOString()
let sent: { path: string; token: string | null; body: unknown }[]
const fetchBefore = globalThis.fetch

beforeEach(() => {
  sent = []
  globalThis.fetch = (async (path: string, { headers, body }: { headers: { [name: string]: string }; body: string | null }) => {
    const token = headers.Authorization ?? null
    sent.push({ path, token, body: body && (JSON.parse(body) as unknown) })
    if (path === '/v1/sessions/challenge') return Response.json({ challenge: 'c1', expires_at: soon() })
    if (path === '/v1/sessions') return Response.json({ respondent: 'rsp_1', token: 'new', expires_at: soon() })
    return token === 'Bearer new' || token === 'Bearer good' ? Response.json({ by: token }) : Response.json({ code: 'bad_token', detail: 'no' }, { status: 401 })
  }) as unknown as typeof fetch
})

afterEach(async () => {
  globalThis.fetch = fetchBefore
  await closeDatabase()
  await new Promise((done) => (indexedDB.deleteDatabase('tasknet').onsuccess = done))
})

const begin = async () => keep('identity', { ...(await makeIdentity(null)), registration: { instance: 'ab'.repeat(32), respondent: 'rsp_1', expires: 9e9 } })

it('asks with the token that the page left', async () => {
  await keep('session', { respondent: 'rsp_1', token: 'good', expires_at: soon() })
  expect(await asRespondent('/v1/me')).toEqual({ by: 'Bearer good' })
  expect(sent.length).toBe(1)
})

it.each([['that is over', 'good', new Date(0).toISOString()], ['that the server refuses', 'bad', soon()]])('makes another in the place of one %s, by the device’s key', async (_, token, expires_at) => {
  await begin()
  await keep('session', { respondent: 'rsp_1', token, expires_at })
  expect(await asRespondent('/v1/me')).toEqual({ by: 'Bearer new' })
  expect(sent.find((s) => s.path === '/v1/sessions')?.body).toMatchObject({ challenge: 'c1' })
  expect(await kept('session')).toMatchObject({ token: 'new' })
})

it('asks for nobody where nobody answers', async () => {
  await expect(asRespondent('/v1/me')).rejects.toThrow()
  expect(sent).toEqual([])
})
