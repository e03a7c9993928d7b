import { call } from '../../api/shared/http'
import type { Epoch, Payouts } from '../../api/shared/wire'
import { asRespondent } from '../../identity/shared/session'
import { headerHash } from '../../payouts/shared/tree'
import { calldata, returned } from '../../exit/shared/abi'
import { node, type Provider } from '../../exit/shared/provider'

/** The public log as an epoch's header has it, and who says so. */
export interface Anchor {
  epoch: number
  size: number
  /** In hex. */
  root: string
  /** Whether a node of the chain was asked, or only the server. */
  by: 'chain' | 'server'
  /** The server's record of the epoch. */
  record: Epoch
  /** The hash of the header that is in force on chain, where the chain was asked. */
  onChain?: string
  /** Whether the record's header hashes to what the chain has, or, where it was not asked, to what the server says. */
  agrees: boolean
}

/** What an instance says of its chain. */
interface Here {
  chain_id: number
  vault: string
  node?: string
}

/**
 * The newest anchor of the log. With a wallet in this browser that is on the instance's chain, or a node that pages may ask, the header
 * in force is read from there, and the server can lie about nothing; without one it is the server's record of the newest epoch that paid this person. Undefined where
 * there is none yet.
 */
export async function newestAnchor(here: Here, wallet: Provider | undefined = injected()): Promise<Anchor | undefined> {
  const chain = (wallet && (await effective(here, wallet))) ?? (here.node ? await effective(here, node(here.node)) : undefined)
  if (chain?.epoch === 0) return undefined
  const record = chain ? await epochOf(chain.epoch) : await newestOfMine()
  if (!record?.header) return undefined
  const { log_size: size, log_root: root, hash } = record.header
  if (size === 0) return undefined
  const made = headerHash(record.number, record.header)
  const agrees = made === (chain?.header ?? hash)
  return { epoch: record.number, size, root, by: chain ? 'chain' : 'server', record, ...(chain && { onChain: chain.header }), agrees }
}

/** The number and the header's hash of the root in force; undefined when who is asked is on another chain, or does not say. */
async function effective(here: Here, asked: Provider): Promise<{ epoch: number; header: string } | undefined> {
  try {
    if (Number(BigInt((await asked.request({ method: 'eth_chainId' })) as string)) !== here.chain_id) return undefined
    const [epoch, header] = returned((await asked.request({ method: 'eth_call', params: [{ to: here.vault, data: calldata('effective()') }, 'latest'] })) as string)
    return { epoch: Number(epoch), header: header!.toString(16).padStart(64, '0') }
  } catch {
    return undefined
  }
}

/** One epoch's record. */
async function epochOf(number: number): Promise<Epoch> {
  return (await call<{ epoch: Epoch }>(`/v1/records/epochs/${number}/payouts?limit=1`)).value.epoch
}

/** The newest epoch that paid this person, by the server's own account: one request, however many epochs there are. */
async function newestOfMine(): Promise<Epoch | undefined> {
  const [newest] = (await asRespondent<Payouts>('/v1/me/payouts?limit=1')).payouts
  if (!newest || (newest.state !== 'active' && newest.state !== 'settled')) return undefined
  return epochOf(newest.epoch)
}

function injected(): Provider | undefined {
  return (globalThis as { ethereum?: Provider }).ethereum
}
