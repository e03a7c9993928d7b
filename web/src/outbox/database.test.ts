import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, it, vi } from 'vitest'
import { closeDatabase, keep, kept } from './database'

beforeEach(async () => {
  await closeDatabase()
  globalThis.indexedDB = new IDBFactory()
})

it('reads what is wanted at once in one transaction, each value for who wants it', async () => {
  await keep('a', 1)
  await keep('b', 2)
  const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
  expect(await Promise.all([kept('b'), kept('none'), kept('a'), kept('b')])).toEqual([2, undefined, 1, 2])
  expect(begun.mock.calls.length).toBe(1)
  expect(await kept('a')).toBe(1)
  expect(begun.mock.calls.length).toBe(2)
  begun.mockRestore()
})

it('reads what was written before, and again after the database could not be opened', async () => {
  const written = keep('a', 1)
  expect(await kept('a')).toBe(1)
  await written
  await closeDatabase()
  const open = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    throw new Error('no storage')
  })
  await expect(Promise.all([kept('a'), kept('b')])).rejects.toThrow('no storage')
  open.mockRestore()
  expect(await kept('a')).toBe(1)
})
