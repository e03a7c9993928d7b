import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytes, concat, hex } from '../../proof/shared/bytes'
import { number } from '../../proof/shared/merkle'

// As much of the contract ABI as the calls of an exit need: static words, and lists of words.

/** The first four bytes of a signature's hash, which name a function or an error. */
export function selector(signature: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(signature)).slice(0, 4)
}

/** The data of a call, in hex. An argument is one or more static words, or a list of words (bytes32[]). */
export function calldata(signature: string, ...args: (Uint8Array | Uint8Array[])[]): string {
  const head: Uint8Array[] = []
  const tail: Uint8Array[] = []
  let at = args.reduce((n, arg) => n + (arg instanceof Uint8Array ? arg.length : 32), 0)
  for (const arg of args) {
    if (arg instanceof Uint8Array) {
      head.push(arg)
      continue
    }
    head.push(number(BigInt(at)))
    tail.push(number(BigInt(arg.length)), ...arg)
    at += 32 * (arg.length + 1)
  }
  return `0x${hex(concat(selector(signature), ...head, ...tail))}`
}

/** The words that a call returned. */
export function returned(data: string): bigint[] {
  const raw = bytes(data)
  return Array.from({ length: Math.floor(raw.length / 32) }, (_, i) => BigInt(`0x${hex(raw.slice(32 * i, 32 * i + 32))}`))
}

/** The string that a call returned. */
export function text(data: string): string {
  const length = Number(returned(data)[1] ?? 0)
  return new TextDecoder().decode(bytes(data).slice(64, 64 + length))
}
