import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Accepted, Challenge, Content, Instance, Login, Problem, Register, Said } from '../../api/shared/wire'
import { said } from '../../api/shared/said'
import { bytes, hex, random } from '../../proof/shared/bytes'
import { receiptRoot } from '../../proof/shared/merkle'
import { addressOf, delegationDigest, deviceSigned, isDeviceSigned, walletSign } from '../../proof/shared/signatures'
import { canonical } from '../../proof/shared/canonical'
import { answerHash, answerRecordHash, receiptHash, refusalHash, registerHash, sessionHash } from '../../proof/shared/statements'
import { words } from '../../answering/shared/said'
import type { AskedQuestion } from '../../api/shared/wire'
import type { Waiting } from '../../../outbox/answers'
import { delegationSeconds, type DeviceSecret, type Identity } from '../shared/identity'

// All that needs a key or a curve. Loaded after the first paint: it is larger than the rest of the first page.

/** The browser's cryptography; missing on plain http. */
type Subtle = SubtleCrypto | null | undefined

/** A new identity. The device's key is the browser's own where it can make one, and then cannot be read out. */
export async function makeIdentity(subtle: Subtle = globalThis.crypto?.subtle): Promise<Identity> {
  return { device: await makeDevice(subtle), wallet: makeWallet(secp256k1.utils.randomSecretKey()) }
}

/** The identity that a wallet's private key restores, with a new device key: a device belongs to one wallet. */
export async function restoreIdentity(secret: Uint8Array, backedUpAt: number | undefined, subtle: Subtle = globalThis.crypto?.subtle): Promise<Identity> {
  return { device: await makeDevice(subtle), wallet: makeWallet(secret), ...(backedUpAt !== undefined && { backedUpAt }) }
}

function makeWallet(secret: Uint8Array): Identity['wallet'] {
  return { address: addressOf(secret), secret }
}

async function makeDevice(subtle: Subtle): Promise<Identity['device']> {
  try {
    if (subtle) {
      const pair = (await subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])) as CryptoKeyPair
      const key = hex(new Uint8Array(await subtle.exportKey('raw', pair.publicKey)))
      // A probe: some browsers make the key and then cannot sign with it, or keep it.
      const probe = random(32)
      if (deviceSigned(key, probe, await sign(pair.privateKey, probe, subtle))) return { key, secret: pair.privateKey }
    }
  } catch {
    // Older browsers throw NotSupportedError; the key below serves as well, but can be read by this origin's scripts.
  }
  const secret = ed25519.utils.randomSecretKey()
  return { key: hex(ed25519.getPublicKey(secret)), secret }
}

async function sign(secret: DeviceSecret, hash: Uint8Array, subtle = globalThis.crypto?.subtle): Promise<string> {
  if (secret instanceof Uint8Array) return hex(ed25519.sign(hash, secret))
  return hex(new Uint8Array(await subtle.sign({ name: 'Ed25519' }, secret, hash as BufferSource)))
}

/** The statement that the device speaks for the wallet, signed by both. */
export async function registration(identity: Identity, instance: Instance, nowSeconds: number): Promise<Register> {
  const { device, wallet } = identity
  const issued = nowSeconds
  const expires = issued + delegationSeconds
  const digest = delegationDigest(instance.chain_id, instance.instance, { wallet: wallet.address, device: device.key, issued, expires })
  return {
    wallet: wallet.address,
    device: device.key,
    issued,
    expires,
    signature: walletSign(wallet.secret, digest),
    proof: await sign(device.secret, registerHash({ device: device.key, expires, instance: instance.instance, issued, wallet: wallet.address })),
  }
}

/** The reply to a challenge. */
export async function login(identity: Identity, instance: string, challenge: Challenge): Promise<Login> {
  const { device } = identity
  return { device: device.key, challenge: challenge.challenge, signature: await sign(device.secret, sessionHash({ challenge: challenge.challenge, device: device.key, instance })) }
}

/** A signed answer, ready for the outbox. */
export async function answer(
  identity: Identity,
  a: { instance: string; respondent: string; assignment: string; question: AskedQuestion; said: Said; now: number; release_ms: number },
): Promise<Waiting> {
  const { instance, assignment, question, now } = a
  const nonce = hex(random(16))
  // In canonical form, so that the value goes out as the bytes that are signed.
  const content = JSON.parse(canonical(said(a.said))) as Said
  const signature = await sign(identity.device.secret, answerHash({ ...content, assignment, instance, nonce, question: question.hash, time_ms: now }))
  return {
    assignment,
    question: question.id,
    device: identity.device.key,
    ...content,
    nonce,
    time_ms: now,
    signature,
    instance,
    hash: question.hash,
    respondent: a.respondent,
    text: question.text,
    label: words(question, content),
    asked: contentOf(question),
    pays: question.price,
    release_ms: a.release_ms,
    sending: false,
    tries: 0,
    next_ms: a.release_ms,
  }
}

/** What of a question an answer is shown with. */
export function contentOf({ type, text, passage, choices, image, audio, choice_images, number, least, most, length }: AskedQuestion): Content {
  return { type, text, passage, choices, image, audio, choice_images, number, least, most, length }
}

/** What a server says of the keys that sign receipts. */
type Signs = Pick<Instance, 'receipt_key' | 'key_changes'>

/**
 * Whether the server signed a hash at a moment: by its key of now, or one before that was good then. That each has the word of the one
 * before is looked at where one is known from before, which is that of the log. The
 * log's own old keys may stand among those that are tried: nothing that they sign reads as a receipt.
 */
async function isServerSigned(here: Signs, at_ms: number, hash: Uint8Array, signature: string): Promise<boolean> {
  if (await isDeviceSigned(here.receipt_key, hash, signature)) return true
  return (here.key_changes ?? []).some((c) => Date.parse(c.until) > at_ms && deviceSigned(c.old, hash, signature))
}

/** Whether the receipt says that exactly this answer is under a root that the server signed. */
export async function isReceiptFor(answer: Waiting, accepted: Accepted, here: Signs): Promise<boolean> {
  const { receipt } = accepted
  try {
    const record = answerRecordHash({
      answer: accepted.answer,
      assignment: answer.assignment,
      at_ms: Date.parse(accepted.at),
      device: answer.device,
      instance: answer.instance,
      nonce: answer.nonce,
      question: answer.hash,
      respondent: answer.respondent,
      signature: answer.signature,
      time_ms: answer.time_ms,
      ...said(answer),
    })
    if (hex(record) !== receipt.record || receipt.log !== `tasknet/${answer.instance}`) return false
    const root = receiptRoot(record, receipt.index, receipt.size, receipt.path.map((h) => bytes(h, 32)))
    return root !== undefined && hex(root) === receipt.root && (await isServerSigned(here, receipt.at_ms, receiptHash(answer.instance, receipt), receipt.signature))
  } catch {
    return false
  }
}

/** Whether the server signed that it does not accept exactly this answer, for the reason that it told. */
export async function isRefusalOf(answer: Waiting, code: string, refusal: NonNullable<Problem['refusal']>, here: Signs): Promise<boolean> {
  const { assignment, device, instance, nonce, time_ms } = answer
  try {
    const signed = hex(answerHash({ ...said(answer), assignment, instance, nonce, question: answer.hash, time_ms }))
    if (refusal.answer !== signed || refusal.device !== device) return false
    return await isServerSigned(here, refusal.at_ms, refusalHash({ answer: signed, at_ms: refusal.at_ms, code, device, instance }), refusal.signature)
  } catch {
    return false
  }
}

/** Whether an OpenZeppelin proof leads from what this address may claim to the root. */
export { isPayoutUnderRoot } from '../../proof/shared/payout'
