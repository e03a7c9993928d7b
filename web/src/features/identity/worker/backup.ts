import { ctr } from '@noble/ciphers/aes.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { bytes, concat, hex, random } from '../../proof/shared/bytes'
import { addressOf } from '../../proof/shared/signatures'
import { identity as t } from '../../../language/en/identity'

// Ways to write a wallet's key down and to read it again. What is wrong with something that a person brought is a
// RangeError with a sentence for them.

/** A key as 24 words of BIP-39's English list: the key is the entropy, so nothing but the list is needed to read it again. */
export function wordsOf(key: Uint8Array): string[] {
  return entropyToMnemonic(key, wordlist).split(' ')
}

/** The key that somebody typed: its 64 hex digits, or its 24 words. */
export function readKey(text: string): Uint8Array {
  const words = text.normalize('NFKD').trim().toLowerCase().split(/[\s,]+/)
  return valid(words.length === 1 ? readDigits(words[0]!) : readWords(words))
}

function readDigits(text: string): Uint8Array {
  try {
    return bytes(text, 32)
  } catch {
    throw new RangeError(t('badKeyText'))
  }
}

function readWords(words: string[]): Uint8Array {
  const strange = words.findIndex((w) => !wordlist.includes(w))
  if (strange >= 0) throw new RangeError(t('strangeWord', { n: strange + 1 }))
  if (words.length !== 24) throw new RangeError(t('wordCount', { n: words.length }))
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    throw new RangeError(t('wordsUnfit'))
  }
}

function valid(key: Uint8Array): Uint8Array {
  if (!secp256k1.utils.isValidSecretKey(key)) throw new RangeError(t('noWalletKey'))
  return key
}

/** Which words a person is asked for, so that they see whether they wrote them down: three different places, in order. */
export function places(of = 24): number[] {
  const all = new Set<number>()
  while (all.size < 3) {
    const [n] = random(1)
    if (n! < 256 - (256 % of)) all.add(n! % of)
  }
  return [...all].sort((a, b) => a - b)
}

/** An encrypted key as Ethereum wallets write it: Web3 Secret Storage, version 3. */
export interface KeyFile {
  version: 3
  id: string
  address: string
  crypto: {
    cipher: string
    cipherparams: { iv: string }
    ciphertext: string
    kdf: string
    kdfparams: { dklen: number; salt: string; n?: number; r?: number; p?: number; c?: number; prf?: string }
    mac: string
  }
  /** Ours: the passphrase is what this passkey makes of the salt, in hex. */
  tasknet?: { passkey: { id: string; salt: string } }
}

/** How much work a guess of a passphrase is: 64 MB, about a second on a phone. What a passkey makes cannot be guessed. */
const work = { passphrase: 1 << 16, passkey: 1 << 12 }

/** The most memory that a file may ask for, in bytes: other wallets' files need 256 MB. */
const memoryMax = 1 << 28
const roundsMax = 10_000_000

/** A key, encrypted with a passphrase. */
export async function seal(key: Uint8Array, passphrase: string, passkey?: { id: string; salt: string }): Promise<KeyFile> {
  const iv = random(16)
  const kdfparams = { dklen: 32, n: passkey ? work.passkey : work.passphrase, p: 1, r: 8, salt: hex(random(32)) }
  const derived = await derive('scrypt', kdfparams, passphrase)
  const ciphertext = ctr(derived.slice(0, 16), iv).encrypt(key)
  const crypto = { cipher: 'aes-128-ctr', cipherparams: { iv: hex(iv) }, ciphertext: hex(ciphertext), kdf: 'scrypt', kdfparams, mac: hex(mac(derived, ciphertext)) }
  const file: KeyFile = { version: 3, id: uuid(), address: addressOf(key).slice(2).toLowerCase(), crypto }
  return passkey ? { ...file, tasknet: { passkey } } : file
}

/** What somebody says is a key file. */
export function readFile(text: string): KeyFile {
  let file: KeyFile & { Crypto?: KeyFile['crypto'] }
  try {
    file = JSON.parse(text) as typeof file
  } catch {
    throw new RangeError(t('noKeyFile'))
  }
  if (file?.Crypto) file = { ...file, crypto: file.Crypto } // as some wallets write it
  const c = file?.crypto
  const known = file?.version === 3 && c?.cipher === 'aes-128-ctr' && (c.kdf === 'scrypt' || (c.kdf === 'pbkdf2' && c.kdfparams?.prf === 'hmac-sha256'))
  if (!known || typeof c.ciphertext !== 'string') throw new RangeError(t('unknownKeyFile'))
  return file
}

/** The key in a file. */
export async function unseal(file: KeyFile, passphrase: string): Promise<Uint8Array> {
  let derived: Uint8Array
  let ciphertext: Uint8Array
  let iv: Uint8Array
  try {
    ciphertext = bytes(file.crypto.ciphertext, 32)
    iv = bytes(file.crypto.cipherparams.iv, 16)
    derived = await derive(file.crypto.kdf, file.crypto.kdfparams, passphrase)
  } catch (error) {
    throw new RangeError(t('damagedKeyFile'), { cause: error })
  }
  if (!same(hex(mac(derived, ciphertext)), String(file.crypto.mac).toLowerCase())) throw new RangeError(file.tasknet ? t('wrongPasskey') : t('wrongPhrase'))
  const key = valid(ctr(derived.slice(0, 16), iv).decrypt(ciphertext))
  // The code does not cover the initial vector; the address does, where a file names one.
  if (file.address && addressOf(key).slice(2).toLowerCase() !== String(file.address).toLowerCase().replace(/^0x/, '')) throw new RangeError(t('damagedKeyFile'))
  return key
}

async function derive(kdf: string, { salt, dklen, n = 0, r = 0, p = 0, c = 0 }: KeyFile['crypto']['kdfparams'], passphrase: string): Promise<Uint8Array> {
  const secret = new TextEncoder().encode(passphrase.normalize('NFC'))
  if (dklen !== 32) throw new RangeError('a key of another length')
  if (kdf === 'pbkdf2') {
    if (!(c > 0 && c <= roundsMax)) throw new RangeError('too many rounds')
    return pbkdf2Async(sha256, secret, bytes(salt), { c, dkLen: 32 })
  }
  if (!(n > 1 && r > 0 && p > 0 && p <= 16 && 128 * n * r <= memoryMax)) throw new RangeError('too much work')
  return scryptAsync(secret, bytes(salt), { N: n, r, p, dkLen: 32, maxmem: 2 * memoryMax })
}

function mac(derived: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak_256(concat(derived.slice(16, 32), ciphertext))
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
function same(a: string, b: string): boolean {
  let differs = a.length ^ b.length
  for (let i = 0; i < a.length; i++) differs |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return differs === 0
}

/** A random UUID; crypto.randomUUID is missing on plain http. */
function uuid(): string {
  const b = random(16)
  b[6] = (b[6]! & 0x0f) | 0x40
  b[8] = (b[8]! & 0x3f) | 0x80
  return hex(b).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
