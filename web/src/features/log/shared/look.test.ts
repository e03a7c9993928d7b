import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { closeDatabase, keep, kept } from '../../../outbox/database'
import { keepReceipt, type Receipted } from '../../../outbox/answers'
import { inhabit } from '../../../shell/seam'
import type { Shell } from '../../../shell/shell'
import { evidence } from './evidence'
import { found, watchLog } from './found'

const here = { instance: 'ab'.repeat(32), time: '' }
const looks = vi.hoisted(() => vi.fn(async () => undefined))
vi.mock('../../identity/shared/session', () => ({ instance: async () => here, identity: async () => undefined }))
vi.mock('./check', async (load) => ({ ...(await load<object>()), checkLog: looks }))
const { lookInLog } = await import('./look')

const hour = 3600_000
const receipt = (answer: string, by_ms: number, logged?: Receipted['logged']) =>
  keepReceipt({ assignment: answer, instance: here.instance, proven: true, accepted: { answer, receipt: { log: `tasknet/${here.instance}`, by_ms } }, ...(logged && { logged }) } as unknown as Receipted)
const at = (ms: number) => (here.time = new Date(ms).toISOString())
const missing = { problem: 'missing' as const, checkpoint: 'log\n7\n' }

describe('in an app', () => {
  it('it is the app that looks, keeps the evidence, and tells', async () => {
    const wrong = { instance: here.instance, log: false, answers: 2 }
    let tell: Parameters<Shell['onFound']>[0] | undefined
    const missed = [{ assignment: 'asg_1' }] as Receipted[]
    inhabit({ found: async () => ({ found: wrong, missed }), look: async () => ({ missed: [] }), onFound: (to) => (tell = to) } as Partial<Shell> as Shell)
    watchLog()
    await vi.waitFor(() => expect(found.value).toEqual(wrong))
    expect(await evidence()).toMatchObject({ missed })
    await lookInLog(true)
    expect(found.value).toBeUndefined()
    tell!(wrong)
    expect(found.value).toEqual(wrong)
    expect(looks).not.toHaveBeenCalled()
    inhabit(undefined)
  })
})

describe('a look into the log', () => {
  beforeEach(async () => {
    await closeDatabase()
    indexedDB.deleteDatabase('tasknet')
    looks.mockClear()
    found.set(undefined)
    at(100 * hour)
  })
  it('is due once in some hours, in all windows together, and whenever it is wanted', async () => {
    await Promise.all([lookInLog(), lookInLog(), lookInLog()])
    expect(looks).toHaveBeenCalledTimes(1)
    await lookInLog(true)
    expect(looks).toHaveBeenCalledTimes(2)
    at(103 * hour)
    await lookInLog()
    expect(looks).toHaveBeenCalledTimes(2)
    at(104 * hour)
    await lookInLog()
    expect(looks).toHaveBeenCalledTimes(3)
  })
  it('is due at once when a promise that none has looked for is overdue', async () => {
    await lookInLog()
    await receipt('ans_early', 101 * hour)
    await receipt('ans_known', 1, missing)
    await lookInLog()
    expect(looks).toHaveBeenCalledTimes(1)
    at(102 * hour)
    await lookInLog()
    expect(looks).toHaveBeenCalledTimes(2)
  })
  it('is due again when it failed', async () => {
    looks.mockRejectedValueOnce(new Error('away'))
    await expect(lookInLog()).rejects.toThrow('away')
    await lookInLog()
    expect(looks).toHaveBeenCalledTimes(2)
  })
  it('tells what was found, for the next start too, until it is found to be right', async () => {
    await receipt('ans_missed', 1, missing)
    await lookInLog()
    expect(found.value).toEqual({ instance: here.instance, log: false, answers: 1 })
    expect(await kept('log found')).toEqual(found.value)
    await keep('log broken', { instance: 'another', kind: 'forked' })
    await receipt('ans_missed', 1, 'yes')
    await lookInLog()
    expect(found.value).toBeUndefined()
    expect(await kept('log found')).toBeUndefined()
    await keep('log broken', { instance: here.instance, kind: 'forked' })
    await lookInLog()
    expect(found.value).toEqual({ instance: here.instance, log: true, answers: 0 })
  })
})
