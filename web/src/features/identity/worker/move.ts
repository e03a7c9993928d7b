import { gcm } from '@noble/ciphers/aes.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytes, concat, equal, hex, random } from '../../proof/shared/bytes'
import { tagged } from '../../proof/shared/statements'
import type { MoveCode } from '../shared/movecode'

// How one phone hands its wallet's key to another. Both make a key for this once (X25519). The code on the old phone's screen
// holds a secret, which proves that the new phone has seen it, and a commitment to the old phone's key, which is shown only after
// the new phone has sent its own: so nobody in between, the server neither, can choose a key such that the numbers that the
// phones show are the same, but by a chance of one in a million. The wallet's key goes after a person has compared the numbers.
// By our own code on audited curves: plain http has no crypto.subtle. The messages, all in hex:
//
//   1  new to old   its key (32 bytes), HMAC-SHA256 by the secret of tasknet/move-claim/v1 {instance, key, move} (32)
//   2  old to new   its key (32)
//   3  old to new   AES-256-GCM of what is handed over, with the transcript as its associated data

/** What is handed over. */
export interface Handed {
  wallet: Uint8Array
  /** When the person took a copy of the key, if they did. */
  backedUpAt?: number
}

/** What does not fit the code: it is not from the phone that it should be from. */
export class Stranger extends Error {}

/** What the phones have in common once each has the other's key. */
export interface Meeting {
  /** Six digits, for the people to compare. */
  number: string
  key: Uint8Array
  nonce: Uint8Array
  transcript: Uint8Array
}

/** The secret that the old phone puts on its screen, and its key for this once. */
export interface Offer {
  secret: Uint8Array
  own: Uint8Array
}

export function newOffer(): Offer {
  return { secret: random(16), own: x25519.utils.randomSecretKey() }
}

/** The code's key: the secret, and the commitment to the old phone's key. */
export function codeKey({ secret, own }: Offer): string {
  return hex(concat(secret, commitment(x25519.getPublicKey(own))))
}

/** The new phone's first message, and its key for this once. */
export function claim(instance: string, code: MoveCode, own: Uint8Array = x25519.utils.randomSecretKey()): { message: string; own: Uint8Array } {
  const key = x25519.getPublicKey(own)
  return { own, message: hex(concat(key, proof(instance, code.move, bytes(code.key, 32).slice(0, 16), key))) }
}

/** The old phone hears the first message: it answers by its key. Throws Stranger for a phone that has not seen the code. */
export function hear(instance: string, move: string, { secret, own }: Offer, message: string): { meeting: Meeting; reply: string } {
  const said = read(message, 64)
  const theirs = said.slice(0, 32)
  if (!equal(said.slice(32), proof(instance, move, secret, theirs))) throw new Stranger('not of a phone that has seen the code')
  const mine = x25519.getPublicKey(own)
  return { meeting: meet(instance, move, secret, own, theirs, { old: mine, new: theirs }), reply: hex(mine) }
}

/** The new phone hears the second message. Throws Stranger for a key that is not the one of which the code is. */
export function hearBack(instance: string, code: MoveCode, own: Uint8Array, message: string): Meeting {
  const theirs = read(message, 32)
  const key = bytes(code.key, 32)
  if (!equal(key.slice(16), commitment(theirs))) throw new Stranger('not the key of which the code is')
  return meet(instance, code.move, key.slice(0, 16), own, theirs, { old: theirs, new: x25519.getPublicKey(own) })
}

/** The third message. */
export function hand({ key, nonce, transcript }: Meeting, { wallet, backedUpAt }: Handed): string {
  const text = JSON.stringify({ wallet: hex(wallet), ...(backedUpAt !== undefined && { backed_up_at: backedUpAt }) })
  return hex(gcm(key, nonce, transcript).encrypt(new TextEncoder().encode(text)))
}

/** What the third message hands over. Throws Stranger for what is not of the phone that was met. */
export function take({ key, nonce, transcript }: Meeting, message: string): Handed {
  try {
    const { wallet, backed_up_at } = JSON.parse(new TextDecoder().decode(gcm(key, nonce, transcript).decrypt(bytes(message)))) as { wallet: string; backed_up_at?: number }
    const secret = bytes(wallet, 32)
    if (!secp256k1.utils.isValidSecretKey(secret)) throw new RangeError('no key of a wallet')
    return { wallet: secret, ...(backed_up_at !== undefined && { backedUpAt: backed_up_at }) }
  } catch {
    throw new Stranger('not sealed by the phone that was met')
  }
}

function commitment(key: Uint8Array): Uint8Array {
  return tagged('tasknet/move-key/v1', { key: hex(key) }).slice(0, 16)
}

function proof(instance: string, move: string, secret: Uint8Array, key: Uint8Array): Uint8Array {
  return hmac(sha256, secret, tagged('tasknet/move-claim/v1', { instance, key: hex(key), move }))
}

/** The key that seals is for one message, so that its nonce may come from the same place. */
function meet(instance: string, move: string, secret: Uint8Array, own: Uint8Array, theirs: Uint8Array, keys: { old: Uint8Array; new: Uint8Array }): Meeting {
  const transcript = tagged('tasknet/move/v1', { instance, move, new: hex(keys.new), old: hex(keys.old) })
  const out = hkdf(sha256, concat(agreed(own, theirs), secret), transcript, new TextEncoder().encode('tasknet/move/v1'), 52)
  const eight = new DataView(out.buffer, out.byteOffset + 44, 8).getBigUint64(0)
  return { key: out.slice(0, 32), nonce: out.slice(32, 44), number: String(eight % 1_000_000n).padStart(6, '0'), transcript }
}

function agreed(own: Uint8Array, theirs: Uint8Array): Uint8Array {
  try {
    return x25519.getSharedSecret(own, theirs)
  } catch {
    throw new Stranger('a key that agrees with every other') // of a small order
  }
}

function read(message: string, length: number): Uint8Array {
  try {
    return bytes(message, length)
  } catch {
    throw new Stranger('not a message of this move')
  }
}
