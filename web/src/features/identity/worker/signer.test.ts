import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import type { Accepted, AskedQuestion, Instance, Problem } from '../../api/shared/wire'
import { bytes, hex } from '../../proof/shared/bytes'
import { delegationDigest, deviceSigned, recover } from '../../proof/shared/signatures'
import { answerHash, answerRecordHash, questionHash, receiptHash, refusalHash, registerHash } from '../../proof/shared/statements'
import { sha256 } from '@noble/hashes/sha2.js'
import { readKey } from './backup'
import { answer, isReceiptFor, isRefusalOf, makeIdentity, registration, restoreIdentity } from './signer'

const instance = { instance: 'ab'.repeat(32), chain_id: 31_337, fee_basis_points: 1500 } as Instance
const question: AskedQuestion = { id: 'q_1', hash: '', salt: '00'.repeat(16), type: 'choice', text: 'Spam?', choices: ['yes', 'no'], quorum: { policy: 'fixed:3' }, price: '0.018', fee: '0.0027', deadline: '2026-11-22T00:00:00.000Z', snapshot: 'cd'.repeat(32), asked_by: 'x', answers: 0 }
question.hash = hex(questionHash(instance.instance, question))

const own = globalThis.crypto.subtle
const refused = () => Promise.reject(new DOMException('No.', 'NotSupportedError'))
/** What of crypto.subtle makes a device's key. */
const part = (of: object) => ({ generateKey: own.generateKey.bind(own), exportKey: own.exportKey.bind(own), sign: own.sign.bind(own), ...of }) as SubtleCrypto

describe.each([
  ['with the browser’s own Ed25519', own, true],
  ['without crypto.subtle, as on plain http', null, false],
  ['where crypto.subtle does not know Ed25519', part({ generateKey: refused }), false],
  ['where it makes a key and does not sign by it', part({ sign: refused }), false],
  ['where it signs wrongly', part({ sign: async () => new ArrayBuffer(64) }), false],
])('an identity %s', (_, subtle, kept) => {
  it('registers with two signatures that the server accepts', async () => {
    const me = await makeIdentity(subtle)
    const r = await registration(me, instance, 1_795_262_400)
    expect(r.expires - r.issued).toBe(365 * 24 * 3600)
    expect(recover(delegationDigest(31_337, instance.instance, r), r.signature)).toBe(me.wallet.address)
    expect(deviceSigned(r.device, registerHash({ ...r, instance: instance.instance }), r.proof)).toBe(true)
    if (kept) expect((me.device.secret as CryptoKey).extractable).toBe(false)
    else expect(me.device.secret).toBeInstanceOf(Uint8Array)
  })
  it('signs an answer', async () => {
    const me = await makeIdentity(subtle)
    const a = await answer(me, { instance: instance.instance, respondent: 'rsp_1', assignment: 'asg_1', question, said: { choice: 1 }, now: 7, release_ms: 5007 })
    expect(deviceSigned(a.device, answerHash({ assignment: 'asg_1', choice: 1, instance: instance.instance, nonce: a.nonce, question: question.hash, time_ms: 7 }), a.signature)).toBe(true)
    expect(a).toMatchObject({ label: 'no', sending: false, release_ms: 5007, next_ms: 5007 })
    expect('value' in a).toBe(false)
  })
  it('signs a value, in the form in which it is sent', async () => {
    const me = await makeIdentity(subtle)
    const boxes: AskedQuestion = { ...question, type: 'boxes' }
    const a = await answer(me, { instance: instance.instance, respondent: 'rsp_1', assignment: 'asg_1', question: boxes, said: { value: [{ x: 1, y: 2, w: 3, h: 4, class: 0 }] }, now: 7, release_ms: 7 })
    expect(JSON.stringify(a.value)).toBe('[{"class":0,"h":4,"w":3,"x":1,"y":2}]')
    expect('choice' in a).toBe(false)
    expect(a).toMatchObject({ label: '1 box', asked: { type: 'boxes', choices: ['yes', 'no'] } })
    expect(deviceSigned(a.device, answerHash({ assignment: 'asg_1', value: a.value!, instance: instance.instance, nonce: a.nonce, question: question.hash, time_ms: 7 }), a.signature)).toBe(true)
  })
  it('signs that one cannot tell', async () => {
    const me = await makeIdentity(subtle)
    expect(await answer(me, { instance: instance.instance, respondent: 'rsp_1', assignment: 'asg_1', question, said: { choice: -1 }, now: 7, release_ms: 7 })).toMatchObject({ choice: -1, label: 'Can’t tell' })
  })
})

describe('a restored key', () => {
  it('is the same wallet with another device', async () => {
    const me = await makeIdentity(null)
    const again = await restoreIdentity(readKey(` 0x${hex(me.wallet.secret)}\n`), 5, null)
    expect(again.wallet.address).toBe(me.wallet.address)
    expect(again.device.key).not.toBe(me.device.key)
  })})

const signs = (receipt_key: string) => ({ receipt_key })

describe('a receipt', async () => {
  const me = await makeIdentity(null)
  const given = await answer(me, { instance: instance.instance, respondent: 'rsp_1', assignment: 'asg_1', question, said: { choice: 0 }, now: 7, release_ms: 7 })
  const server = ed25519.utils.randomSecretKey()
  const key = hex(ed25519.getPublicKey(server))
  const at = '2026-11-21T12:00:00.123Z'
  const record = answerRecordHash({ answer: 'ans_1', assignment: 'asg_1', at_ms: Date.parse(at), choice: 0, device: given.device, instance: given.instance, nonce: given.nonce, question: question.hash, respondent: 'rsp_1', signature: given.signature, time_ms: 7 })
  const root = hex(sha256(new Uint8Array([0, ...record])))
  const body = { id: 'rcp_1', root, size: 1, log: `tasknet/${given.instance}`, first: 70, at_ms: 9, by_ms: 10 }
  const receipt = { ...body, record: hex(record), index: 0, path: [], signature: hex(ed25519.sign(receiptHash(given.instance, body), server)) }
  const accepted: Accepted = { answer: 'ans_1', pays: '0.018', at, receipt }
  it('proves this answer', () => expect(isReceiptFor(given, accepted, signs(key))).resolves.toBe(true))
  it.each<[string, (a: Accepted) => Accepted, string?]>([
    ['another answer’s id', (a) => ({ ...a, answer: 'ans_2' })],
    ['another time', (a) => ({ ...a, at: '2026-11-21T12:00:00.124Z' })],
    ['another root', (a) => ({ ...a, receipt: { ...a.receipt, root: '0'.repeat(64) } })],
    ['a longer path', (a) => ({ ...a, receipt: { ...a.receipt, path: ['0'.repeat(64)] } })],
    ['another signature', (a) => ({ ...a, receipt: { ...a.receipt, signature: '0'.repeat(128) } })],
    ['another place in the log', (a) => ({ ...a, receipt: { ...a.receipt, first: 71 } })],
    ['a later promise', (a) => ({ ...a, receipt: { ...a.receipt, by_ms: 11 } })],
    ['another log', (a) => ({ ...a, receipt: { ...a.receipt, log: 'tasknet/other' } })],
    ['nonsense', (a) => ({ ...a, receipt: { ...a.receipt, path: ['xyz'] } })],
    ['another key', (a) => a, 'ab'.repeat(32)],
  ])('with %s proves nothing', (_, change, otherKey) => expect(isReceiptFor(given, change(accepted), signs(otherKey ?? key))).resolves.toBe(false))
  it('proves it by a key that was good then, and by none whose time was over', async () => {
    const changed = (until: number) => ({
      receipt_key: 'ab'.repeat(32),
      key_changes: [{ use: 'receipts' as const, number: 2, old: key, new: 'ab'.repeat(32), from: new Date(until).toISOString(), until: new Date(until).toISOString(), signature: '', proof: '' }],
    })
    expect(await isReceiptFor(given, accepted, changed(10))).toBe(true)
    expect(await isReceiptFor(given, accepted, changed(9))).toBe(false)
  })
  it('does not prove an answer that was given otherwise', () => expect(isReceiptFor({ ...given, choice: 1, value: undefined }, accepted, signs(key))).resolves.toBe(false))
  it('needs a whole key', () => expect(isReceiptFor(given, accepted, signs(hex(bytes(key).slice(1))))).resolves.toBe(false))
})

describe('a refusal', async () => {
  const me = await makeIdentity(null)
  const given = await answer(me, { instance: instance.instance, respondent: 'rsp_1', assignment: 'asg_1', question, said: { choice: 0 }, now: 7, release_ms: 7 })
  const server = ed25519.utils.randomSecretKey()
  const key = hex(ed25519.getPublicKey(server))
  const digest = hex(answerHash({ assignment: 'asg_1', choice: 0, instance: given.instance, nonce: given.nonce, question: question.hash, time_ms: 7 }))
  const signed = (at_ms: number, device = given.device, of = digest) => ({ answer: of, device, at_ms, signature: hex(ed25519.sign(refusalHash({ answer: of, device, at_ms, code: 'question_closed', instance: given.instance }), server)) })
  type Statement = NonNullable<Problem['refusal']>
  it('is signed, of this answer and for this reason', () => expect(isRefusalOf(given, 'question_closed', signed(9), signs(key))).resolves.toBe(true))
  it.each<[string, Statement, string?, string?]>([
    ['another reason', signed(9), 'already_answered'],
    ['another time', { ...signed(9), at_ms: 10 }],
    ['another answer', signed(9, given.device, 'ab'.repeat(32))],
    ['another device', signed(9, 'cd'.repeat(32))],
    ['another key', signed(9), undefined, 'ab'.repeat(32)],
    ['nonsense', { ...signed(9), signature: 'xyz' }],
  ])('with %s is none', (_, statement, code = 'question_closed', otherKey = key) => expect(isRefusalOf(given, code, statement, signs(otherKey))).resolves.toBe(false))
})
