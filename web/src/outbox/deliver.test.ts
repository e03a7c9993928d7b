import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, it } from 'vitest'
import * as answers from './answers'
import { closeDatabase } from './database'
import { deliver } from './deliver'
import { stayOnce } from './stay'
import { askForSync, syncTag } from './sync'

let now: number
let drained: number
let due: (number | undefined)[]
let watched: boolean[]

const needs = () => ({
  sender: {
    drain: async () => void drained++,
    nextDue: async () => (due.length > 1 ? due.shift() : due[0]),
  },
  watched: async () => (watched.length > 1 ? watched.shift()! : watched[0]!),
  now: () => now,
  wait: async (ms: number) => void (now += ms),
})

beforeEach(async () => {
  await closeDatabase()
  globalThis.indexedDB = new IDBFactory()
  now = 1_000_000
  drained = 0
  due = [undefined]
  watched = [false]
})

it('sends what is left and is done', async () => {
  await deliver(needs())
  expect(drained).toBe(1)
})

it('ends the time to undo when nobody is there who could', async () => {
  await answers.put({ assignment: 'a', time_ms: now, release_ms: now + 5000, next_ms: now + 5000 } as answers.Waiting)
  await deliver(needs())
  expect((await answers.waiting())[0]!.release_ms).toBe(now)
})

it('leaves the sending to a page that is seen, and sends once it is gone', async () => {
  watched = [true, true, false]
  due = [5000, 5000, undefined]
  await deliver(needs())
  expect([drained, now]).toEqual([1, 1_002_000])
})

it('is asked again later while a page that is seen has not sent', async () => {
  watched = [true]
  due = [0]
  await expect(deliver(needs())).rejects.toThrow('answers wait')
  expect(drained).toBe(0)
})

it('waits for what is due soon, not for what is due later', async () => {
  due = [4000, undefined]
  await deliver(needs())
  expect([drained, now]).toEqual([2, 1_004_000])
  due = [30_000]
  await expect(deliver(needs())).rejects.toThrow('answers wait')
  expect(now).toBe(1_004_000)
})

it('asks for a sync where there is one, and is quiet where there is none', async () => {
  const asked: string[] = []
  const having = (sync: unknown) => ({ getRegistration: async () => ({ sync }) as unknown as ServiceWorkerRegistration })
  expect(await askForSync(having({ register: async (tag: string) => void asked.push(tag) }))).toBe(true)
  expect(asked).toEqual([syncTag])
  expect(await askForSync(having(undefined))).toBe(false)
  expect(await askForSync(having({ register: () => Promise.reject(new Error('not allowed')) }))).toBe(false)
  expect(await askForSync(undefined)).toBe(false)
})

it('asks for storage that stays once in a week, and not where it is promised already', async () => {
  now = Date.parse('2026-11-22')
  const notes = new Map<string, string>()
  const store = { getItem: (k: string) => notes.get(k) ?? null, setItem: (k: string, v: string) => void notes.set(k, v) }
  let asked = 0
  const storage = (promised: boolean) => ({ persisted: async () => promised, persist: async () => (asked++, false) })
  await stayOnce(now, storage(true), store)
  expect(asked).toBe(0)
  await stayOnce(now, storage(false), store)
  await stayOnce(now + 6 * 86_400_000, storage(false), store)
  expect(asked).toBe(1)
  await stayOnce(now + 8 * 86_400_000, storage(false), store)
  expect(asked).toBe(2)
  await stayOnce(now, {}, store)
  expect(asked).toBe(2)
})
