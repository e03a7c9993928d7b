import { keccak_256 } from '@noble/hashes/sha3.js'
import type { EpochHeader } from '../../api/shared/wire'
import { bytes, concat, hex } from '../../proof/shared/bytes'
import { number, word } from '../../proof/shared/merkle'

/** The hashes of a tree by the rule of OpenZeppelin's StandardMerkleTree: the root first, leaf i of n at 2n-2-i. */
export function treeOf(leaves: Uint8Array[]): Uint8Array[] {
  const nodes = new Array<Uint8Array>(Math.max(0, 2 * leaves.length - 1))
  leaves.forEach((leaf, i) => (nodes[nodes.length - 1 - i] = leaf))
  for (let i = leaves.length - 2; i >= 0; i--) nodes[i] = pair(nodes[2 * i + 1]!, nodes[2 * i + 2]!)
  return nodes
}

/** The hashes that prove leaf i, from the leaf to the root. */
export function proofOf(nodes: Uint8Array[], i: number): Uint8Array[] {
  const proof: Uint8Array[] = []
  for (let at = nodes.length - 1 - i; at > 0; at = (at - 1) >> 1) proof.push(nodes[at % 2 === 1 ? at + 1 : at - 1]!)
  return proof
}

function pair(a: Uint8Array, b: Uint8Array): Uint8Array {
  for (let i = 0; i < 32; i++) {
    if (a[i] !== b[i]) return keccak_256(a[i]! < b[i]! ? concat(a, b) : concat(b, a))
  }
  return keccak_256(concat(a, b))
}

/** The key of what an owner put into the vault for an organisation. */
export function accountOf(owner: string, reference: string): Uint8Array {
  return keccak_256(concat(word(bytes(owner, 20)), bytes(reference, 32)))
}

/** A leaf of a spending tree, hashed twice as those of payouts are. */
export function spendingLeaf(account: Uint8Array, spentBaseUnits: bigint): Uint8Array {
  return keccak_256(keccak_256(concat(account, number(spentBaseUnits))))
}

/** What the vault keeps of an epoch: the hash of its header's nine words. */
export function headerHash(epoch: number, header: EpochHeader): string {
  return hex(keccak_256(headerWords(epoch, header)))
}

/** A header as abi.encode writes it: nine words. */
export function headerWords(epoch: number, header: EpochHeader): Uint8Array {
  return concat(
    number(BigInt(epoch)),
    ...[header.payouts, header.spending, header.verdicts].map((h) => bytes(h, 32)),
    ...[header.total, header.spent, header.through].map((n) => number(BigInt(n))),
    bytes(header.log_root, 32),
    number(BigInt(header.log_size)),
  )
}
