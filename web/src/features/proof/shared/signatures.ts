import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytes, concat, hex } from './bytes'
import { number, word } from './merkle'

/** Whether signature is the device's over hash, by the one rule that the whole of TaskNet uses: ZIP-215. */
export function deviceSigned(device: string, hash: Uint8Array, signature: string): boolean {
  try {
    return ed25519.verify(bytes(signature, 64), hash, bytes(device, 32), { zip215: true })
  } catch {
    return false
  }
}

/**
 * The same, by the browser where it can: its own code takes a tenth of the time, and beside the page. What the rule of RFC 8032
 * takes, ZIP-215 takes, too; what it refuses is looked at again.
 */
export async function isDeviceSigned(device: string, hash: Uint8Array, signature: string, subtle: SubtleCrypto | null | undefined = globalThis.crypto?.subtle): Promise<boolean> {
  try {
    const key = await subtle!.importKey('raw', bytes(device, 32), 'Ed25519', false, ['verify'])
    if (await subtle!.verify('Ed25519', key, bytes(signature, 64), hash as BufferSource)) return true
  } catch {
    // Older browsers do not know the curve; on plain http there is nothing to ask.
  }
  return deviceSigned(device, hash, signature)
}

/** The address of a public key, in EIP-55's mixed case. */
export function address(uncompressed: Uint8Array): string {
  return checksummed(hex(keccak_256(uncompressed.slice(1)).slice(12)))
}

/** The address of a private key. */
export function addressOf(key: Uint8Array): string {
  return address(secp256k1.getPublicKey(key, false))
}

/** EIP-55: a letter is upper case where the hash of the lower-case address has a high nibble. */
export function checksummed(digits: string): string {
  const lower = digits.replace(/^0x/, '').toLowerCase()
  const hash = hex(keccak_256(utf8(lower)))
  return '0x' + [...lower].map((c, i) => (parseInt(hash[i]!, 16) >= 8 ? c.toUpperCase() : c)).join('')
}

/** Who signed a 32-byte digest, or undefined. The signature is r, s and v, where v is 27 or 28. */
export function recover(digest: Uint8Array, signature: string): string | undefined {
  try {
    const raw = bytes(signature, 65)
    const v = raw[64]!
    if (v !== 27 && v !== 28) return undefined
    const point = secp256k1.recoverPublicKey(concat(Uint8Array.of(v - 27), raw.slice(0, 64)), digest, { prehash: false })
    return address(secp256k1.Point.fromBytes(point).toBytes(false))
  } catch {
    return undefined
  }
}

/** A wallet's signature of a digest: r, s and v, 65 bytes in hex. */
export function walletSign(key: Uint8Array, digest: Uint8Array): string {
  const raw = secp256k1.sign(digest, key, { prehash: false, format: 'recovered', lowS: true })
  return hex(concat(raw.slice(1), Uint8Array.of(27 + raw[0]!)))
}

const domainType = 'EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)'
const delegationType = 'Delegation(address wallet,bytes32 device,uint64 issued,uint64 expires)'

export interface DelegationStatement {
  wallet: string
  device: string
  issued: number
  expires: number
}

/** The EIP-712 digest of "this device speaks for this wallet", bound to a chain and an instance. */
export function delegationDigest(chainId: number, instance: string, d: DelegationStatement): Uint8Array {
  return digestIn(chainId, instance, struct(delegationType, word(bytes(d.wallet, 20)), bytes(d.device, 32), number(BigInt(d.issued)), number(BigInt(d.expires))))
}

const payoutAddressType = 'PayoutAddress(string respondent,address wallet,address to,uint64 number)'

export interface PayoutAddressStatement {
  respondent: string
  wallet: string
  to: string
  /** 1, 2, 3, ... of the respondent's changes. */
  number: number
}

/** The EIP-712 digest of "my pay goes to this address", which the wallet signs, and the new address to show its key. */
export function payoutAddressDigest(chainId: number, instance: string, p: PayoutAddressStatement): Uint8Array {
  return digestIn(chainId, instance, struct(payoutAddressType, keccak_256(utf8(p.respondent)), word(bytes(p.wallet, 20)), word(bytes(p.to, 20)), number(BigInt(p.number))))
}

const erasureType = 'Erase(string respondent,address wallet,uint64 at)'

/** The EIP-712 digest of "erase what can be erased of me", at a time in Unix seconds. */
export function erasureDigest(chainId: number, instance: string, e: { respondent: string; wallet: string; at: number }): Uint8Array {
  return digestIn(chainId, instance, struct(erasureType, keccak_256(utf8(e.respondent)), word(bytes(e.wallet, 20)), number(BigInt(e.at))))
}

function digestIn(chainId: number, instance: string, message: Uint8Array): Uint8Array {
  const domain = struct(domainType, keccak_256(utf8('TaskNet')), keccak_256(utf8('1')), number(BigInt(chainId)), bytes(instance, 32))
  return keccak_256(concat(Uint8Array.of(0x19, 0x01), domain, message))
}

function struct(type: string, ...words: Uint8Array[]): Uint8Array {
  return keccak_256(concat(keccak_256(utf8(type)), ...words))
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
