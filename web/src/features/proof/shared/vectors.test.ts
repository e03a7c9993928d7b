import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import type { AskedQuestion } from '../../api/shared/wire'
import { bytes, hex } from './bytes'
import { canonical, type Canonical } from './canonical'
import { receiptRoot } from './merkle'
import { addressOf, checksummed, delegationDigest, deviceSigned, erasureDigest, isDeviceSigned, payoutAddressDigest, recover, walletSign } from './signatures'
import vectors from '../../../../../testdata/vectors.json'
import { answerHash, answerRecordHash, questionHash, receiptHash, refusalHash, registerHash, sessionHash, tagged } from './statements'

// The vectors that the server, the app and the contracts share: a difference is a signature that nobody accepts.

const { instance, chain_id, device, answer, record, question, full_question: full, valued, delegation, erasure, payout_address, register, session, receipt_key, receipts, refusal } = vectors
const ask = (changes: object = {}): AskedQuestion => ({
  id: 'q_',
  hash: question.hash,
  salt: question.salt,
  type: question.type as AskedQuestion['type'],
  text: question.text,
  choices: question.choices,
  image: { hash: question.image, url: '', type: 'image/png', width: 1, height: 1, bytes: 1, alt: question.image_alt },
  quorum: { policy: question.policy, min: question.min, max: question.max },
  price: question.price,
  fee: question.fee,
  deadline: new Date(question.deadline_ms).toISOString(),
  snapshot: question.snapshot,
  asked_by: '',
  answers: 0,
  ...changes,
})

/** The question that has everything that only some questions have. */
const askAll = (changes: object = {}): AskedQuestion =>
  ask({
    type: full.type,
    project: full.project,
    passage: full.passage,
    choices: full.choices,
    quorum: { policy: full.policy },
    audio: { hash: full.audio, url: '', type: 'audio/mpeg', bytes: 1 },
    choice_images: full.choice_images.map(({ hash, alt }) => ({ hash, ...(alt && { alt }), url: '', type: 'image/png', width: 1, height: 1, bytes: 1 })),
    number: full.number,
    least: full.least,
    most: full.most,
    length: full.length,
    ...changes,
  })

describe('canonical form', () => {
  it.each(vectors.canonical as { tag: string; value: Canonical; jcs: string; hash: string }[])('$jcs', ({ tag, value, jcs, hash }) => {
    expect(canonical(value)).toBe(jcs)
    expect(hex(tagged(tag, value))).toBe(hash)
  })
  it.each([0.5, 2 ** 53 + 2, -(2 ** 54), NaN, Infinity])('refuses %d', (n) => expect(() => canonical([n])).toThrow(RangeError))
  it('keeps the bounds, and has one zero', () => expect(canonical([2 ** 53, -(2 ** 53), -0])).toBe('[9007199254740992,-9007199254740992,0]'))
})

describe('statements', () => {
  it('hash a question as the server does', () => expect(hex(questionHash(instance, ask()))).toBe(question.hash))
  it.each([
    ['text', { text: 'Another?' }],
    ['a choice', { choices: ['Missing tiles', 'Fallen tree', 'none'] }],
    ['the order of choices', { choices: [...question.choices].reverse() }],
    ['the picture', { image: undefined }],
    ['the price', { price: '0.019' }],
    ['the fee', { fee: '0.0028' }],
    ['the deadline', { deadline: new Date(question.deadline_ms + 1).toISOString() }],
    ['the policy', { quorum: { policy: 'fixed:9' } }],
    ['the salt', { salt: 'f'.repeat(32) }],
    ['the snapshot', { snapshot: 'f'.repeat(64) }],
  ])('hash differently when %s changes', (_, changes) => expect(hex(questionHash(instance, ask(changes)))).not.toBe(question.hash))

  it('hash a question of any type as the server does', () => expect(hex(questionHash(instance, askAll()))).toBe(full.hash))
  it.each([
    ['the project', { project: undefined }],
    ['the passage', { passage: `${full.passage}.` }],
    ['the clip', { audio: undefined }],
    ['a choice’s picture', { choice_images: askAll().choice_images!.slice(1) }],
    ['what a choice’s picture shows', { choice_images: askAll().choice_images!.map((i) => ({ ...i, alt: '' })) }],
    ['the range', { number: { ...full.number, max: '99' } }],
    ['the unit', { number: { ...full.number, unit: undefined } }],
    ['the fewest', { least: undefined }],
    ['the most', { most: 3 }],
    ['the length', { length: 31 }],
  ])('hash differently when %s changes', (_, changes) => expect(hex(questionHash(instance, askAll(changes)))).not.toBe(full.hash))

  const given = { assignment: answer.assignment, choice: answer.choice, instance, nonce: answer.nonce, question: answer.question, time_ms: answer.time_ms }
  it('hash an answer, signed as the server’s device signs', () => {
    expect(hex(answerHash(given))).toBe(answer.digest)
    expect(hex(ed25519.sign(answerHash(given), bytes(device.seed)))).toBe(answer.signature)
    expect(deviceSigned(device.public_key, answerHash(given), answer.signature)).toBe(true)
    expect(deviceSigned(device.public_key, answerHash({ ...given, choice: 0 }), answer.signature)).toBe(false)
  })
  it('hash a record of an answer', () => {
    const whole = { ...given, answer: record.answer, at_ms: record.at_ms, device: device.public_key, respondent: record.respondent, signature: answer.signature }
    expect(hex(answerRecordHash(whole))).toBe(record.hash)
  })
  const { assignment, nonce, time_ms } = given
  const value = { assignment, instance, nonce, question: full.hash, time_ms, value: valued.value }
  it('hash an answer with a value, and its record', () => {
    expect(hex(answerHash(value))).toBe(valued.digest)
    expect(deviceSigned(device.public_key, answerHash(value), valued.signature)).toBe(true)
    expect(hex(answerRecordHash({ ...value, answer: record.answer, at_ms: record.at_ms, device: device.public_key, respondent: record.respondent, signature: valued.signature }))).toBe(valued.record)
  })
  it('are of a choice or of a value, and never of both or none', () => {
    expect(() => answerHash({ ...value, choice: 0 } as unknown as Parameters<typeof answerHash>[0])).toThrow(RangeError)
    expect(() => answerHash({ ...value, value: undefined } as unknown as Parameters<typeof answerHash>[0])).toThrow(RangeError)
    expect(hex(answerHash({ ...given, choice: -1 }))).not.toBe(hex(answerHash({ ...given, choice: 0 })))
  })
  it('hash a registration and a login', () => {
    const { issued, expires, wallet } = delegation
    expect(hex(registerHash({ device: device.public_key, expires, instance, issued, wallet }))).toBe(register.digest)
    expect(deviceSigned(device.public_key, bytes(register.digest), register.signature)).toBe(true)
    expect(hex(sessionHash({ challenge: session.challenge, device: device.public_key, instance }))).toBe(session.digest)
    expect(deviceSigned(device.public_key, bytes(session.digest), session.signature)).toBe(true)
  })
  it('verify by ZIP-215, which takes what stricter rules refuse, the browser’s among them', async () => {
    const { message, public_key, signature, zip215 } = vectors.ed25519_zip215
    expect(deviceSigned(public_key, bytes(message), signature)).toBe(zip215)
    expect(await isDeviceSigned(public_key, bytes(message), signature)).toBe(zip215)
    expect(ed25519.verify(bytes(signature), bytes(message), bytes(public_key), { zip215: false })).toBe(false)
  })
})

describe('a refusal', () => {
  it('is what the server signs', () => {
    const digest = refusalHash({ ...refusal, instance })
    expect(hex(digest)).toBe(refusal.digest)
    expect(refusal.answer).toBe(answer.digest)
    expect(deviceSigned(receipt_key, digest, refusal.signature)).toBe(true)
  })
})

describe('receipts', () => {
  it.each(receipts as { index: number; size: number; record: string; root: string; path: string[]; id: string; log: string; first: number; at_ms: number; by_ms: number; signature: string }[])('lead from leaf $index of $size to the signed root', (r) => {
    const path = r.path.map((h) => bytes(h))
    expect(hex(receiptRoot(bytes(r.record), r.index, r.size, path)!)).toBe(r.root)
    expect(deviceSigned(receipt_key, receiptHash(instance, r), r.signature)).toBe(true)
    // One step short, one too many, the wrong place, the wrong record: none leads there.
    expect(receiptRoot(bytes(r.record), r.index, r.size, path.slice(1))).toBeUndefined()
    expect(receiptRoot(bytes(r.record), r.index, r.size, [...path, path[0]!])).toBeUndefined()
    expect(hex(receiptRoot(bytes(r.record), (r.index + 1) % r.size, r.size, path) ?? new Uint8Array())).not.toBe(r.root)
    expect(hex(receiptRoot(bytes(record.hash).map((b) => b ^ 1), r.index, r.size, path)!)).not.toBe(r.root)
    expect(receiptRoot(bytes(r.record), r.size, r.size, path)).toBeUndefined()
  })
})

describe('delegation', () => {
  const statement = { wallet: delegation.wallet, device: device.public_key, issued: delegation.issued, expires: delegation.expires }
  const digest = delegationDigest(chain_id, instance, statement)
  it('has the digest and the signature of the server and the contract', () => {
    expect(hex(digest)).toBe(delegation.digest)
    expect(addressOf(bytes(delegation.private_key))).toBe(delegation.wallet)
    expect(walletSign(bytes(delegation.private_key), digest)).toBe(delegation.signature)
    expect(recover(digest, delegation.signature)).toBe(delegation.wallet)
  })
  it('has a sibling that says where pay goes', () => {
    const { respondent, to, number, digest, signature } = payout_address
    const moved = payoutAddressDigest(chain_id, instance, { respondent, wallet: delegation.wallet, to, number })
    expect(hex(moved)).toBe(digest)
    expect(walletSign(bytes(delegation.private_key), moved)).toBe(signature)
  })
  it('has a sibling that has a person erased', () => {
    const { respondent, at, digest, signature } = erasure
    const erased = erasureDigest(chain_id, instance, { respondent, wallet: delegation.wallet, at })
    expect(hex(erased)).toBe(digest)
    expect(walletSign(bytes(delegation.private_key), erased)).toBe(signature)
  })
  it('is of nobody else, and of nobody at all when it is damaged', () => {
    const other = delegationDigest(chain_id + 1, instance, statement)
    expect(recover(other, delegation.signature)).not.toBe(delegation.wallet)
    expect(recover(digest, delegation.signature.slice(0, -2) + '00')).toBeUndefined()
    expect(recover(digest, delegation.signature.slice(2))).toBeUndefined()
  })
  it('writes addresses as EIP-55 does in its own examples', () => {
    for (const a of ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359', '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB', '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb']) expect(checksummed(a.toLowerCase())).toBe(a)
  })
})
