import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, it } from 'vitest'
import { closeDatabase, keep, kept } from '../../../outbox/database'
import { Refused, Unreachable } from '../../api/shared/http'
import { forgetKnown, lastKnown } from './known'
import { asOf } from './words'

const fails = (error: Error) => () => Promise.reject<string>(error)

beforeEach(async () => {
  await closeDatabase()
  globalThis.indexedDB = new IDBFactory()
})

it('shows what the server said last while it does not answer', async () => {
  const fresh = await lastKnown('earnings', async () => '4.82')
  expect(fresh).toMatchObject({ value: '4.82', old: false })
  expect(await lastKnown('earnings', fails(new Unreachable()))).toEqual({ ...fresh, old: true })
})

it('has nothing to show before the server said anything', () => expect(lastKnown('answers', fails(new Unreachable()))).rejects.toBeInstanceOf(Unreachable))

it('does not hide a refusal behind what was known', async () => {
  await lastKnown('payouts', async () => 'one')
  await expect(lastKnown('payouts', fails(new Refused(500, 'internal', 'Something failed.')))).rejects.toBeInstanceOf(Refused)
})

it('forgets it with the key, and nothing else', async () => {
  await keep('identity', 'new')
  await keep('me', 'old')
  await lastKnown('earnings', async () => '4.82')
  await forgetKnown()
  await expect(lastKnown('earnings', fails(new Unreachable()))).rejects.toBeInstanceOf(Unreachable)
  expect([await kept('me'), await kept('identity')]).toEqual([undefined, 'new'])
})

it('tells the clock of today, and otherwise the day', () => {
  const now = new Date(2026, 10, 21, 18, 42).getTime()
  expect(asOf(now - 60_000, now)).toBe('18:41')
  expect(asOf(now - 24 * 3600_000, now)).toBe('20 Nov')
})
