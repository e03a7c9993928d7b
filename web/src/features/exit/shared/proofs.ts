import type { EpochTree } from '../../api/shared/wire'
import { check } from '../../payouts/shared/checks'
import { find, findSpent, type Found, type Spent } from '../../payouts/shared/find'

/** What is asked of the worker: an address's leaves in a tree whose header is in force. */
export interface Job {
  tree: EpochTree
  address: string
}

/** An address's leaves. A tree that does not make its root has none, and a fault. */
export interface Proofs {
  payout?: Found
  spent: Spent[]
  faults: { payouts?: string; spending?: string }
}

/** Makes both trees again, and the proofs of an address's leaves. */
export function prove({ tree, address }: Job): Proofs {
  const checks = check(tree)
  const fault = (name: string) => checks.find((c) => c.name === name)?.fault
  const faults = { payouts: fault('payouts'), spending: fault('spending') }
  return { faults, payout: faults.payouts === undefined ? find(tree, address) : undefined, spent: faults.spending === undefined ? findSpent(tree, address) : [] }
}
