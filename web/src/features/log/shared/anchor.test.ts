import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { headerHash } from '../../payouts/shared/tree'
import { keep } from '../../../outbox/database'
import { newestAnchor } from './anchor'

const here = { chain_id: 5, vault: `0x${'9'.repeat(40)}` }
const zero = '0'.repeat(64)

/** The record of an epoch, whose header has the log at a size. */
function record(number: number, size: number) {
  const header = { hash: '', payouts: zero, spending: zero, verdicts: zero, total: '1', spent: '2', through: 3, log_root: 'ab'.repeat(32), log_size: size }
  header.hash = headerHash(number, header)
  return { number, state: 'settled', header }
}

/** A server with these records and a payout of an epoch. */
async function server(records: ReturnType<typeof record>[], payout?: { epoch: number; state: string }) {
  await keep('session', { respondent: 'rsp_1', token: 't', expires_at: '2099-01-01T00:00:00Z' })
  vi.stubGlobal('fetch', async (path: string) => {
    if (path.startsWith('/v1/me/payouts')) return new Response(JSON.stringify({ payouts: payout ? [payout] : [] }))
    const number = Number(/epochs\/(\d+)\/payouts/.exec(path)?.[1])
    const epoch = records.find((r) => r.number === number)
    return epoch ? new Response(JSON.stringify({ epoch, payouts: [] })) : new Response(JSON.stringify({ code: 'no_such_epoch', detail: '' }), { status: 404 })
  })
}

const wallet = (epoch: number, header: string, chain = '0x5') => ({
  request: async ({ method }: { method: string }) => (method === 'eth_chainId' ? chain : `0x${epoch.toString(16).padStart(64, '0')}${header}`),
})

afterEach(() => void vi.unstubAllGlobals())

describe('the newest anchor', () => {
  it('is of the header in force on chain, where a wallet can be asked', async () => {
    await server([record(4, 40), record(5, 50)], { epoch: 4, state: 'settled' })
    const hash = record(5, 50).header.hash
    expect(await newestAnchor(here, wallet(5, hash))).toMatchObject({ epoch: 5, size: 50, root: 'ab'.repeat(32), by: 'chain', onChain: hash, agrees: true })
  })
  it('is read by a node that pages may ask, where there is no wallet on the chain', async () => {
    const hash = record(5, 50).header.hash
    await server([record(5, 50)])
    const records = globalThis.fetch
    const said = wallet(5, hash)
    vi.stubGlobal('fetch', async (path: string, init: { body: string }) => {
      if (path !== 'https://rpc.example.org/') return records(path)
      return new Response(JSON.stringify({ jsonrpc: '2.0', id: 1, result: await said.request(JSON.parse(init.body) as { method: string }) }))
    })
    const there = { ...here, node: 'https://rpc.example.org/' }
    expect(await newestAnchor(there, wallet(9, zero, '0x6'))).toMatchObject({ epoch: 5, by: 'chain', onChain: hash, agrees: true })
    expect(await newestAnchor(there, undefined)).toMatchObject({ epoch: 5, by: 'chain' })
  })
  it('does not agree where the server tells of another header than the chain has', async () => {
    await server([record(5, 50)])
    expect(await newestAnchor(here, wallet(5, 'cd'.repeat(32)))).toMatchObject({ by: 'chain', onChain: 'cd'.repeat(32), agrees: false })
  })
  it.each([
    ['without a wallet', undefined],
    ['with a wallet that is on another chain', wallet(5, zero, '0x6')],
    ['with a wallet that fails', { request: () => Promise.reject(new Error('locked')) }],
  ])('is of the newest epoch that paid this person, %s', async (_, w) => {
    await server([record(4, 40)], { epoch: 4, state: 'settled' })
    expect(await newestAnchor(here, w)).toMatchObject({ epoch: 4, size: 40, by: 'server', agrees: true })
  })
  it('does not agree with a record that contradicts itself', async () => {
    const lie = record(4, 40)
    lie.header.log_size = 41
    await server([lie], { epoch: 4, state: 'settled' })
    expect((await newestAnchor(here, undefined))!.agrees).toBe(false)
  })
  it('is none before there is one', async () => {
    await server([record(4, 0)], { epoch: 4, state: 'settled' })
    expect(await newestAnchor(here, undefined)).toBeUndefined()
    await server([record(4, 40)], { epoch: 4, state: 'posted' })
    expect(await newestAnchor(here, undefined)).toBeUndefined()
    await server([record(4, 40)])
    expect(await newestAnchor(here, undefined)).toBeUndefined()
    expect(await newestAnchor(here, wallet(0, zero))).toBeUndefined()
  })
})
