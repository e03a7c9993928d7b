import { keccak_256 } from '@noble/hashes/sha3.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytes, concat, hex } from './bytes'

/** The RFC 6962 root that path leads to from the record at index of a tree of size leaves, or undefined for a path of the wrong length. */
export function receiptRoot(record: Uint8Array, index: number, size: number, path: Uint8Array[]): Uint8Array | undefined {
  if (!Number.isInteger(index) || !Number.isInteger(size) || index < 0 || index >= size) return undefined
  let node: Uint8Array = sha256(concat(Uint8Array.of(0), record))
  let at = index
  let last = size - 1
  for (const sibling of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      node = join(sibling, node)
      // A right-most node without a sibling rises unchanged until it is a right child.
      while (at % 2 === 0 && at !== 0) {
        at >>>= 1
        last >>>= 1
      }
    } else {
      node = join(node, sibling)
    }
    at >>>= 1
    last >>>= 1
  }
  return last === 0 ? node : undefined
}

/** An inner node of RFC 6962. */
export function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(1), left, right))
}

/** A leaf of a payout tree, by the rule of OpenZeppelin's StandardMerkleTree: hashed twice, so that no node passes for one. */
export function payoutLeaf(address: string, cumulativeBaseUnits: bigint): Uint8Array {
  return keccak_256(keccak_256(concat(word(bytes(address, 20)), number(cumulativeBaseUnits))))
}

/** The root that an OpenZeppelin proof leads to: each pair is hashed in the order of its bytes. */
export function payoutRoot(leaf: Uint8Array, proof: Uint8Array[]): Uint8Array {
  return proof.reduce<Uint8Array>((node, sibling) => keccak_256(hex(node) < hex(sibling) ? concat(node, sibling) : concat(sibling, node)), leaf)
}

/** Left-padded to 32 bytes, as abi.encode does. */
export function word(value: Uint8Array): Uint8Array {
  return concat(new Uint8Array(32 - value.length), value)
}

/** A uint256. */
export function number(value: bigint): Uint8Array {
  return bytes(value.toString(16).padStart(64, '0'), 32)
}
