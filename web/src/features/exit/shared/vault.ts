import type { EpochHeader } from '../../api/shared/wire'
import { bytes, concat } from '../../proof/shared/bytes'
import { number, word } from '../../proof/shared/merkle'
import { headerWords } from '../../payouts/shared/tree'
import { calldata, returned, text } from './abi'
import type { Provider } from './provider'
import { Told } from './told'

/** A call to be sent to a contract. */
export interface Call {
  to: string
  data: string
}

/** What a vault says of itself. Times are seconds, by the chain's clock. */
export interface Vault {
  address: string
  chain: number
  now: number
  /** The root in force; epoch 0 before the first. */
  epoch: number
  header: string
  /** The root that is not in force yet. */
  pending?: { epoch: number; from: number; blocked: boolean }
  notice: number
  token: { symbol: string; decimals: number }
}

/** What lies in the account of an owner and a reference, in base units. */
export interface Account {
  deposited: bigint
  withdrawn: bigint
  /** The block of the first deposit, 0 when there was none. */
  since: number
  /** When notice was given, 0 when none stands. */
  noticeAt: number
}

/** Reads a vault as it is now. */
export async function readVault(from: Provider, address: string): Promise<Vault> {
  const chain = Number(BigInt((await from.request({ method: 'eth_chainId' })) as string))
  const code = (await from.request({ method: 'eth_getCode', params: [address, 'latest'] })) as string
  if (code.length <= 2) throw new Told(`There is no vault at ${address} on chain ${chain}. Is it the right chain?`)
  const [block, effective, pending, delay, notice, token] = await Promise.all([
    from.request({ method: 'eth_getBlockByNumber', params: ['latest', false] }) as Promise<{ timestamp: string }>,
    read(from, address, 'effective()'),
    read(from, address, 'pending()'),
    read(from, address, 'delay()'),
    read(from, address, 'notice()'),
    read(from, address, 'token()'),
  ])
  const coin = `0x${token[0]!.toString(16).padStart(40, '0')}`
  const [decimals, symbol] = await Promise.all([read(from, coin, 'decimals()'), call(from, coin, calldata('symbol()')).then(text)])
  const [waits, , postedAt, state] = pending.map(Number)
  return {
    address,
    chain,
    now: Number(BigInt(block.timestamp)),
    epoch: Number(effective[0]),
    header: effective[1]!.toString(16).padStart(64, '0'),
    ...(state !== 0 && { pending: { epoch: waits!, from: postedAt! + Number(delay[0]), blocked: state === 2 } }),
    notice: Number(notice[0]),
    token: { symbol, decimals: Number(decimals[0]) },
  }
}

/** What an address was paid since the beginning, in base units. */
export async function claimed(from: Provider, vault: string, address: string): Promise<bigint> {
  return (await read(from, vault, 'claimed(address)', word(bytes(address, 20))))[0]!
}

/** What lies in an account. */
export async function readAccount(from: Provider, vault: string, account: Uint8Array): Promise<Account> {
  const [deposited, withdrawn, since, noticeAt] = await read(from, vault, 'accountInfo(bytes32)', account)
  return { deposited: deposited!, withdrawn: withdrawn!, since: Number(since), noticeAt: Number(noticeAt) }
}

async function read(from: Provider, to: string, signature: string, ...args: Uint8Array[]): Promise<bigint[]> {
  const words = returned(await call(from, to, calldata(signature, ...args)))
  if (words.length === 0) throw new Told(`What lies at ${to} is not a vault of TaskNet.`)
  return words
}

function call(from: Provider, to: string, data: string): Promise<string> {
  return from.request({ method: 'eth_call', params: [{ to, data }, 'latest'] }) as Promise<string>
}

const header = '(uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64)'

/** The header before the first epoch. */
export const emptyHeader = new Uint8Array(9 * 32)

/** The words of an epoch's header, as calls take it. */
export function headerOf(epoch: { number: number; header?: EpochHeader } | undefined): Uint8Array {
  return epoch?.header ? headerWords(epoch.number, epoch.header) : emptyHeader
}

/** Pays an address what a root gives it. Anybody can send it. */
export function claim(vault: string, head: Uint8Array, address: string, cumulative: bigint, proof: string[]): Call {
  return { to: vault, data: calldata(`claim(${header},address,uint256,bytes32[])`, concat(head, word(bytes(address, 20)), number(cumulative)), hashes(proof)) }
}

/** Says that the sender will take back what is left under a reference. */
export function giveNotice(vault: string, reference: Uint8Array): Call {
  return { to: vault, data: calldata('giveNotice(bytes32)', reference) }
}

/** Takes the notice back. */
export function cancelNotice(vault: string, reference: Uint8Array): Call {
  return { to: vault, data: calldata('cancelNotice(bytes32)', reference) }
}

/** Pays an address what is left of the sender's account under a reference. */
export function withdraw(vault: string, head: Uint8Array, reference: Uint8Array, spent: bigint, proof: string[], to: string): Call {
  return { to: vault, data: calldata(`withdraw(${header},bytes32,uint256,bytes32[],address)`, concat(head, reference, number(spent)), hashes(proof), word(bytes(to, 20))) }
}

function hashes(proof: string[]): Uint8Array[] {
  return proof.map((h) => bytes(h, 32))
}
