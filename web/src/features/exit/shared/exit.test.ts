import { describe, expect, it } from 'vitest'
import type { EpochTree } from '../../api/shared/wire'
import calls from '../../../../../rewards/eth/testdata/calldata.json'
import { hex } from '../../proof/shared/bytes'
import { number, payoutLeaf } from '../../proof/shared/merkle'
import { accountOf, headerHash, headerWords, spendingLeaf, treeOf } from '../../payouts/shared/tree'
import { returned, selector, text } from './abi'
import { inForce, readFile, readFiles, referenceOf } from './files'
import { prove } from './proofs'
import { node, RpcError, wallet, type Provider } from './provider'
import { send, wordsFor } from './sending'
import { standing } from './standing'
import { Told } from './told'
import { cancelNotice, claim, giveNotice, headerOf, withdraw, type Vault } from './vault'

const hash = (first: number) => first.toString(16).padStart(2, '0').padEnd(64, '0')
const address = (first: number, last: number) => `0x${first.toString(16).padStart(2, '0')}${last.toString(16).padStart(38, '0')}`
const at = `0x${'9'.repeat(40)}`

describe('calls', () => {
  const head = headerWords(7, { hash: '', payouts: hash(1), spending: hash(2), verdicts: hash(3), total: '1000000000000000', spent: String(2n ** 100n), through: 90, log_root: hash(4), log_size: 2 ** 33 })
  const reference = new Uint8Array(32)
  reference.set(new TextEncoder().encode('org_x'))
  const proof = [5, 6, 7].map((n) => `0x${hash(n)}`)
  it.each([
    ['claim', claim(at, head, address(0xaa, 1), 1_800_000_000_000_000n, proof)],
    ['claimAlone', claim(at, head, address(0xaa, 1), 1_800_000_000_000_000n, [])],
    ['giveNotice', giveNotice(at, reference)],
    ['cancelNotice', cancelNotice(at, reference)],
    ['withdraw', withdraw(at, head, reference, 99n, proof, address(0xbb, 2))],
  ] as const)('%s as Go does', (name, call) => expect(call).toEqual({ to: at, data: calls[name] }))
  it('begin, before the first root, with a header of zeros', () => expect(hex(headerOf(undefined))).toBe('0'.repeat(9 * 64)))
  it('return words, and strings', () => {
    expect(returned(`0x${hex(number(7n))}${hex(number(2n ** 200n))}`)).toEqual([7n, 2n ** 200n])
    expect(text(`0x${hex(number(32n))}${hex(number(4n))}${'74555344'.padEnd(64, '0')}`)).toBe('tUSD')
  })
})

describe('a reference', () => {
  it('is an id or 32 bytes', () => {
    expect(hex(referenceOf(' org_01abc ')!)).toBe('6f72675f3031616263'.padEnd(64, '0'))
    expect(hex(referenceOf(`0x${'AB'.repeat(32)}`)!)).toBe('ab'.repeat(32))
  })
  it.each(['', 'org_', 'me', `org_${'a'.repeat(29)}`, 'org_A', '0x12'])('is not “%s”', (bad) => expect(referenceOf(bad)).toBeUndefined())
})

const owner = address(0xcc, 3)
const reference = new Uint8Array(32).fill(0x6f)
const unit = 10n ** 12n

/** An epoch of two people, in which an owner has spent 2.5 tokens. */
function epoch(number = 4): EpochTree {
  const people = [address(0xaa, 1), address(0xbb, 2)]
  const header = {
    hash: '',
    payouts: hex(treeOf(people.map((p, i) => payoutLeaf(p, BigInt(i + 1) * 1_000_000n * unit)))[0]!),
    spending: hex(treeOf([spendingLeaf(accountOf(owner, hex(reference)), 4_000_000n * unit)])[0]!),
    verdicts: hash(0),
    total: String(3_000_000n * unit),
    spent: String(4_000_000n * unit),
    through: 70,
    log_root: hash(0),
    log_size: 0,
  }
  return {
    chain_id: 5, vault: at, token: { address: at, symbol: 'T', decimals: 18 },
    epoch: { number, state: 'settled', root: '', amount: '1', cumulative: '3', payees: 2, header, gas: 0, at: '' },
    payouts: people.map((p, i) => ({ address: p, cumulative: String(i + 1) })),
    accounts: [{ account: hex(accountOf(owner, hex(reference))), owner, reference: hex(reference), deposited: '9', withdrawn: '0', spent: '4' }],
  }
}

const hashOf = (t: EpochTree) => headerHash(t.epoch.number, t.epoch.header!)
const vault = (part: Partial<Vault> = {}): Vault => ({ address: at, chain: 5, now: 1000, epoch: 4, header: hashOf(epoch()), notice: 100, token: { symbol: 'T', decimals: 18 }, ...part })

describe('files', () => {
  it('are read', () => expect(readFile('epoch-4.json', JSON.stringify(epoch()))).toEqual(epoch()))
  it.each<[string, (t: EpochTree) => unknown]>([
    ['a list', () => []],
    ['null', () => null],
    ['another vault’s address', (t) => ({ ...t, vault: '0x12' })],
    ['no chain', (t) => ({ ...t, chain_id: undefined })],
    ['too few decimals', (t) => ({ ...t, token: { ...t.token, decimals: 2 } })],
    ['no payouts', (t) => ({ ...t, payouts: undefined })],
    ['no header', (t) => ({ ...t, epoch: { ...t.epoch, header: undefined } })],
  ])('with %s are not', (_, change) => expect(() => readFile('a.json', JSON.stringify(change(epoch())))).toThrow(Told))
  it('that are broken are told of by their names, and the others are kept', async () => {
    const chosen = (name: string, text: unknown) => ({ name, text: async () => (typeof text === 'string' ? text : JSON.stringify(text)) })
    const gone = { name: 'gone.json', text: () => Promise.reject(new DOMException('gone')) }
    expect(await readFiles([chosen('epoch-5.json', epoch(5)), chosen('notes.json', 'hello'), gone, chosen('epoch-4.json', epoch(4))])).toEqual({
      trees: [epoch(4), epoch(5)],
      faults: ['notes.json is not the file of an epoch. Those that are wanted are named epoch-N.json.', 'gone.json could not be read. Choose it again.'],
    })
  })
  it('give that of the root in force', () => expect(inForce([epoch(3), epoch(4), epoch(5)], vault())!.epoch.number).toBe(4))
  it('are not needed before the first root', () => expect(inForce([], vault({ epoch: 0, header: hash(0) }))).toBeUndefined())
  it.each<[string, EpochTree[], Partial<Vault>, string]>([
    ['none is there', [], {}, 'epoch-4.json'],
    ['they are of another chain', [epoch()], { chain: 6 }, 'not of this one on chain 6'],
    ['they are of another vault', [epoch()], { address: address(1, 1) }, 'not of this one'],
    ['only an older one is there', [epoch(3)], {}, 'The root in force is of epoch 4'],
    ['only the pending one is there', [epoch(5)], { pending: { epoch: 5, from: 86_400 * 20, blocked: false } }, 'in force from 21 Jan 1970'],
    ['the pending one is blocked', [epoch(5)], { pending: { epoch: 5, from: 1, blocked: true } }, 'It is blocked'],
    ['the header is another', [epoch()], { header: hash(8) }, 'not the one in force'],
  ])('say what is wanted when %s', (_, files, part, says) => expect(() => inForce(files, vault(part))).toThrow(says))
})

const word = (n: bigint | number) => hex(number(BigInt(n)))

/** A chain with a vault that says these words, by its functions' names. */
function chain(says: { [signature: string]: string } = {}): Provider {
  const replies: { [name: string]: string } = {}
  const all = {
    'effective()': word(4) + hashOf(epoch()), 'pending()': word(0).repeat(5), 'delay()': word(10), 'notice()': word(100), 'token()': word(BigInt(at)), 'decimals()': word(18),
    'symbol()': word(32) + word(1) + '54'.padEnd(64, '0'), 'claimed(address)': word(unit * 500_000n), 'accountInfo(bytes32)': word(unit * 9_000_000n) + word(unit * 1_000_000n) + word(60) + word(0), ...says,
  }
  for (const [signature, reply] of Object.entries(all)) replies[hex(selector(signature))] = `0x${reply}`
  return {
    request: async ({ method, params }) => {
      if (method === 'eth_chainId') return '0x5'
      if (method === 'eth_getCode') return '0x6001'
      if (method === 'eth_getBlockByNumber') return { timestamp: '0x3e8' }
      return replies[(params![0] as { data: string }).data.slice(2, 10)]
    },
  }
}

const asked = (part: Partial<Parameters<typeof standing>[0]> = {}) => standing({ from: chain(), vault: '', files: [epoch()], address: owner, prove: async (job) => prove(job), ...part })

describe('what is whose', () => {
  it('is what the root gives less what was claimed', async () => {
    const { payout, deposits } = await asked({ address: address(0xbb, 2) })
    expect(payout).toMatchObject({ cumulative: 2_000_000n * unit, claimed: 500_000n * unit })
    expect(payout!.proof).toEqual([`0x${hex(payoutLeaf(address(0xaa, 1), 1_000_000n * unit))}`])
    expect(deposits).toEqual([])
  })
  it('is what was deposited, less what was withdrawn and what is proven spent', async () => {
    const { payout, deposits } = await asked()
    expect(payout).toBeUndefined()
    expect(deposits).toMatchObject([{ left: 4_000_000n * unit, spent: 4_000_000n * unit, proof: [], name: `0x${hex(reference)}` }])
    expect(deposits[0]!.until).toBeUndefined()
  })
  it('can be withdrawn when the notice is over', async () => {
    const from = chain({ 'accountInfo(bytes32)': word(9) + word(1) + word(60) + word(950) })
    expect((await asked({ from })).deposits[0]).toMatchObject({ until: 1050, left: 0n })
  })
  it('is all of a deposit that is younger than the root', async () => {
    const from = chain({ 'accountInfo(bytes32)': word(9) + word(1) + word(71) + word(0) })
    expect((await asked({ from, address: address(1, 1), reference })).deposits).toMatchObject([{ spent: 0n, left: 8n, fault: undefined }])
    expect((await asked({ from: chain({ 'effective()': word(0) + hash(0), 'accountInfo(bytes32)': word(9) + word(1) + word(7) + word(0) }), files: [], vault: at, reference })).deposits).toMatchObject([{ left: 8n, fault: undefined }])
  })
  it('cannot be had where the root leaves the account out', async () => {
    expect((await asked({ address: address(1, 1), reference })).deposits[0]!.fault).toContain('does not have this account')
  })
  it('is nothing where nothing was deposited', async () => {
    const from = chain({ 'accountInfo(bytes32)': word(0).repeat(4) })
    expect((await asked({ from, address: address(1, 1), reference })).deposits[0]!.fault).toContain('Nothing was ever deposited')
  })
  it('is not proven by leaves that do not make the root', async () => {
    const forged = epoch()
    forged.payouts[1]!.cumulative = '9'
    forged.accounts[0]!.spent = '0'
    const { payout, fault, deposits } = await asked({ files: [forged], address: address(0xbb, 2), reference })
    expect(payout).toBeUndefined()
    expect(fault).toContain('root of all payouts')
    expect(deposits[0]!.fault).toContain('root of what was spent')
  })
  it('needs a vault', async () => {
    await expect(asked({ files: [] })).rejects.toThrow('Choose the public file')
    const none: Provider = { request: async ({ method }) => (method === 'eth_chainId' ? '0x5' : '0x') }
    await expect(asked({ from: none })).rejects.toThrow('There is no vault')
  })
})

describe('sending', () => {
  const call = { to: at, data: '0x01' }
  it('tries, sends, and waits for the block', async () => {
    const did: string[] = []
    const answers: unknown[] = ['0x', '0xabc', null, { status: '0x1' }]
    expect(await send({ request: async ({ method }) => (did.push(method), answers.shift()) }, owner, call, 0)).toBe('0xabc')
    expect(did).toEqual(['eth_call', 'eth_sendTransaction', 'eth_getTransactionReceipt', 'eth_getTransactionReceipt'])
  })
  it('says that it failed on chain', async () => {
    const answers: unknown[] = ['0x', '0xabc', { status: '0x0' }]
    await expect(send({ request: async () => answers.shift() }, owner, call, 0)).rejects.toThrow('failed on chain')
  })
  const data = (signature: string, ...words: number[]) => `0x${hex(selector(signature))}${words.map(word).join('')}`
  it.each([
    [data('VaultTooEarly(uint256)', 86_400 * 20), '21 Jan 1970'],
    [data('VaultNotice(uint64)', 0), 'none stands'],
    [data('VaultNothingToClaim(address)', 1), 'Nothing is left'],
    [data('VaultNotInForce(uint64)', 3), 'Another root'],
    ['0x12345678', 'The chain refused it: reverted'],
  ])('explains %s', (revert, says) => expect(wordsFor(new RpcError(3, 'reverted', revert))).toContain(says))
  it('finds the reason wherever a wallet puts it, and asks for nothing after a refusal', async () => {
    const reason = data('VaultBadProof()')
    for (const error of [{ data: reason }, { data: { data: reason } }, { data: { originalError: { data: reason } } }]) {
      const w = wallet({ request: () => Promise.reject({ code: -32603, message: 'Internal', ...error }) })
      await expect(send(w, owner, call, 0)).rejects.toThrow('does not lead to the root')
    }
    const said: string[] = []
    const w = wallet({ request: async ({ method }) => (said.push(method), method === 'eth_call' ? '0x' : Promise.reject({ code: 4001, message: 'no' })) })
    await expect(send(w, owner, call, 0)).rejects.toThrow('You refused it')
    expect(said).toEqual(['eth_call', 'eth_sendTransaction'])
  })
  it('says that a node does not answer', () => expect(node('http://127.0.0.1:1').request({ method: 'eth_chainId' })).rejects.toThrow('did not answer'))
})
