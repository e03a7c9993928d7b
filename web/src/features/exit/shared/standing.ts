import type { EpochTree } from '../../api/shared/wire'
import { bytes, hex } from '../../proof/shared/bytes'
import { accountOf } from '../../payouts/shared/tree'
import { inForce } from './files'
import type { Job, Proofs } from './proofs'
import type { Provider } from './provider'
import { Told } from './told'
import { claimed, headerOf, readAccount, readVault, type Account, type Vault } from './vault'

/** What an address can take out of a vault under the root in force. Sums are base units. */
export interface Standing {
  vault: Vault
  address: string
  head: Uint8Array
  payout?: { cumulative: bigint; claimed: bigint; proof: string[] }
  /** Why nothing can be said of payouts. */
  fault?: string
  deposits: Deposit[]
}

/** What an owner has under a reference. */
export interface Deposit {
  reference: Uint8Array
  /** The reference in words. */
  name: string
  account: Account
  spent: bigint
  proof: string[]
  left: bigint
  /** When it can be withdrawn, by the chain's clock; undefined while no notice stands. */
  until?: number
  /** Why it cannot be withdrawn. */
  fault?: string
}

export interface Question {
  from: Provider
  /** The vault's address; that of the files when it is empty. */
  vault: string
  files: EpochTree[]
  address: string
  /** A reference that the files may not have. */
  reference?: Uint8Array
  prove: (job: Job) => Promise<Proofs>
}

/** Looks what an address can take out, by the files and the chain alone. */
export async function standing({ from, vault: named, files, address, reference, prove }: Question): Promise<Standing> {
  const at = named || files.at(-1)?.vault
  if (!at) throw new Told('Choose the public file first, or say the vault’s address.')
  const vault = await readVault(from, at)
  const tree = inForce(files, vault)
  const proofs: Proofs = tree ? await prove({ tree, address }) : { spent: [], faults: {} }
  const paid = proofs.payout && { cumulative: proofs.payout.baseUnits, claimed: await claimed(from, at, address), proof: proofs.payout.proof }
  const wanted: Uint8Array[] = proofs.spent.map((s) => bytes(s.reference, 32))
  if (reference && !wanted.some((r) => hex(r) === hex(reference))) wanted.push(reference)
  const deposits = await Promise.all(wanted.map((r) => deposit(from, vault, tree, proofs, address, r)))
  return { vault, address, head: headerOf(tree?.epoch), payout: paid, fault: proofs.faults.payouts, deposits }
}

async function deposit(from: Provider, vault: Vault, tree: EpochTree | undefined, proofs: Proofs, owner: string, reference: Uint8Array): Promise<Deposit> {
  const key = accountOf(owner, `0x${hex(reference)}`)
  const account = await readAccount(from, vault.address, key)
  const known = proofs.spent.find((s) => s.account === hex(key))
  // An account younger than the root has no leaf in it: nothing of it is proven spent.
  const young = account.since > (tree?.epoch.header?.through ?? 0)
  const spent = young || !known ? 0n : known.baseUnits
  const left = account.deposited - account.withdrawn - spent
  return {
    reference,
    name: nameOf(reference),
    account,
    spent,
    proof: young || !known ? [] : known.proof,
    left: left > 0n ? left : 0n,
    ...(account.noticeAt > 0 && { until: account.noticeAt + vault.notice }),
    fault: faultOf(account, young || known !== undefined, proofs.faults.spending),
  }
}

function faultOf(account: Account, proven: boolean, broken: string | undefined): string | undefined {
  if (account.since === 0) return 'Nothing was ever deposited by this address under this reference.'
  if (proven) return undefined
  return broken ?? 'The root in force does not have this account. Its poster left it out: the public records show it.'
}

/** A reference as people know it: the organisation's id where it is one. */
function nameOf(reference: Uint8Array): string {
  const text = new TextDecoder().decode(reference).replace(/\0+$/, '')
  return /^org_[0-9a-z]+$/.test(text) ? text : `0x${hex(reference)}`
}
