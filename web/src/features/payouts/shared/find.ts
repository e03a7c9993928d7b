import type { EpochTree } from '../../api/shared/wire'
import { micro } from '../../money/shared/amount'
import { hex } from '../../proof/shared/bytes'
import { payoutLeaf } from '../../proof/shared/merkle'
import { accountOf, proofOf, spendingLeaf, treeOf } from './tree'

export interface Found {
  address: string
  cumulative: string
  baseUnits: bigint
  /** From the leaf to the root, in hex. */
  proof: string[]
}

/** What an address may have claimed in all, with the proof that the vault asks for; undefined when it is not in the tree. */
export function find(tree: EpochTree, address: string): Found | undefined {
  const wanted = address.trim().toLowerCase()
  const at = tree.payouts.findIndex((p) => p.address.toLowerCase() === wanted)
  if (at < 0) return undefined
  const unit = unitOf(tree)
  const nodes = treeOf(tree.payouts.map((p) => payoutLeaf(p.address, micro(p.cumulative) * unit)))
  const { address: found, cumulative } = tree.payouts[at]!
  return { address: found, cumulative, baseUnits: micro(cumulative) * unit, proof: prefixed(proofOf(nodes, at)) }
}

/** What an account of an owner's has spent in all. */
export interface Spent {
  account: string
  reference: string
  org?: string
  baseUnits: bigint
  /** From the leaf to the root, in hex. */
  proof: string[]
}

/** The accounts of an owner in the tree of what was spent, with the proofs that the vault asks for at a withdrawal. */
export function findSpent(tree: EpochTree, owner: string): Spent[] {
  const wanted = owner.trim().toLowerCase()
  const unit = unitOf(tree)
  const nodes = treeOf(tree.accounts.map((a) => spendingLeaf(accountOf(a.owner, a.reference), micro(a.spent) * unit)))
  return tree.accounts.flatMap(({ account, owner: whose, reference, org, spent }, i) =>
    whose.toLowerCase() === wanted ? [{ account, reference, org, baseUnits: micro(spent) * unit, proof: prefixed(proofOf(nodes, i)) }] : [],
  )
}

/** How many base units of the token a micro-unit has. */
function unitOf(tree: EpochTree): bigint {
  return 10n ** BigInt(tree.token.decimals - 6)
}

function prefixed(proof: Uint8Array[]): string[] {
  return proof.map((h) => `0x${hex(h)}`)
}
