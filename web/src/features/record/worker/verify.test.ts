import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import type { AnswerRecord, AskedQuestion, Instance, Record, Said } from '../../api/shared/wire'
import { hex } from '../../proof/shared/bytes'
import { addressOf, delegationDigest, erasureDigest, walletSign } from '../../proof/shared/signatures'
import { answerHash, answerRecordHash, questionHash } from '../../proof/shared/statements'
import { verify } from './verify'

const instance = { instance: 'ab'.repeat(32), chain_id: 31_337, fee_basis_points: 1500 } as Instance
const issued = 1_795_262_400

/** A record of three answers: two for the first choice, one for the second. */
function sample(type: AskedQuestion['type'] = 'choice'): Record {
  const question: Record['question'] = { id: 'q_1', hash: '', salt: '00'.repeat(16), type, text: 'Spam?', choices: ['yes', 'no'], quorum: { policy: 'fixed:3' }, price: '0.018', fee: '0.0027', deadline: '2026-11-22T00:00:00.000Z', snapshot: 'cd'.repeat(32), asked_by: 'x', answers: 3 }
  question.hash = hex(questionHash(instance.instance, question))
  const answers = [0, 0, 1].map((choice, i): AnswerRecord => {
    const wallet = new Uint8Array(32).fill(i + 1)
    const seed = new Uint8Array(32).fill(i + 11)
    const device = hex(ed25519.getPublicKey(seed))
    const delegation = { wallet: addressOf(wallet), device, issued, expires: issued + 1000 }
    const given = { assignment: `asg_${i}`, choice, instance: instance.instance, nonce: '0'.repeat(32), question: question.hash, time_ms: 1 }
    const signature = hex(ed25519.sign(answerHash(given), seed))
    const at_ms = issued * 1000 + i
    const id = `ans_${i}`
    const respondent = `rsp_${i}`
    return { id, respondent, assignment: given.assignment, choice, nonce: given.nonce, time_ms: 1, at_ms, signature, hash: hex(answerRecordHash({ ...given, answer: id, at_ms, device, respondent, signature })), delegation: { ...delegation, signature: walletSign(wallet, delegationDigest(31_337, instance.instance, delegation)) } }
  })
  return {
    question,
    org: 'org_1',
    fee: '0.0027',
    closed_at: '',
    settlement: 'tx_1',
    answers,
    verdict: { id: 'vrd_1', outcome: 'decided', choice: 0, label: 'yes', confidence: '0.9', posterior: [], claims: false, correction: 'discount/1', golds: 0, pooled: false, counts: [2, 1], cannot_tell: 0, answers: 3, method: 'majority/1', snapshot: '', reason: 'quorum', paid: '0.054', fee: '0.0081', forfeited: '0', released: '0', at: '' },
  }
}

/** The record with one answer that says something else, signed as it should be. */
function resigned(record: Record, index: number, said: Said): Record {
  const answers = record.answers.map((a, i): AnswerRecord => {
    if (i !== index || a.erased) return a
    const rest = { ...a, choice: undefined, value: undefined }
    const given = { ...said, assignment: a.assignment, instance: instance.instance, nonce: a.nonce, question: record.question.hash, time_ms: a.time_ms }
    const signature = hex(ed25519.sign(answerHash(given), new Uint8Array(32).fill(i + 11)))
    return { ...rest, ...said, signature, hash: hex(answerRecordHash({ ...given, answer: a.id, at_ms: a.at_ms, device: a.delegation.device, respondent: a.respondent, signature })) }
  })
  return { ...record, verdict: { ...record.verdict }, answers }
}

const faults = (record: Record) => verify(record, instance).flatMap((c) => (c.fault ? [c.name] : []))

describe('a record', () => {
  it('that is right passes every check', () => expect(verify(sample(), instance).map((c) => [c.name, c.found, c.fault])).toEqual([['question', 'equal', undefined], ['signatures', '3 of 3', undefined], ['delegations', '3 of 3', undefined], ['sums', 'equal', undefined]]))
  it.each<[string, (r: Record) => void, string[]]>([
    ['its text', (r) => (r.question.text = 'Ham?'), ['question']],
    ['its price', (r) => (r.question.price = '0.02'), ['question', 'sums']],
    ['its hash', (r) => (r.question.hash = 'ef'.repeat(32)), ['question', 'signatures']],
    ['a choice', (r) => (r.answers[1]!.choice = 1), ['signatures', 'sums']],
    ['a signature', (r) => (r.answers[0]!.signature = 'ff' + r.answers[0]!.signature!.slice(2)), ['signatures']],
    ['a record hash', (r) => (r.answers[0]!.hash = 'ff'.repeat(32)), ['signatures']],
    ['a time', (r) => (r.answers[2]!.at_ms += 1), ['signatures']],
    ['a wallet', (r) => (r.answers[0]!.delegation.wallet = r.answers[1]!.delegation.wallet), ['delegations']],
    ['an expiry', (r) => (r.answers[0]!.delegation.expires += 1), ['delegations']],
    ['a count', (r) => (r.verdict.counts = [3, 0]), ['sums']],
    ['how many cannot tell', (r) => (r.verdict.cannot_tell = 1), ['sums']],
    ['the verdict', (r) => Object.assign(r.verdict, { choice: 1, label: 'no' }), ['sums']],
    ['its label', (r) => (r.verdict.label = 'no'), ['sums']],
    ['the pay', (r) => (r.verdict.paid = '0.053'), ['sums']],
    ['the fee', (r) => (r.fee = '0.0028'), ['sums']],
    ['the fee on both sides', (r) => (r.fee = r.question.fee = '0.0028'), ['question', 'sums']],
    ['what came back', (r) => (r.verdict.released = '0.000001'), ['sums']],
    ['what is forfeited', (r) => (r.verdict.forfeited = '0.000001'), ['sums']],
    ['a strike', (r) => (r.answers[1]!.struck = { snapshot: 'ab'.repeat(32), answers: 3, counted: 3, at: '' }), ['sums']],
    ['a hash to nonsense', (r) => (r.answers[0]!.delegation.device = 'nonsense'), ['signatures', 'delegations']],
  ])('with %s changed fails there', (_, change, want) => {
    const record = sample()
    change(record)
    expect(faults(record)).toEqual(want)
  })
  it('with a missing answer, a second answer of one person, or a choice that does not exist, fails', () => {
    const missing = sample()
    missing.answers.pop()
    expect(faults(missing)).toEqual(['sums'])
    const twice = sample()
    twice.answers[1] = twice.answers[0]!
    expect(faults(twice)).toEqual(['delegations'])
    const beyond = sample()
    beyond.answers[0]!.choice = 2
    expect(faults(beyond)).toEqual(['signatures', 'sums'])
  })
  it('counts nobody who cannot tell', () => {
    const record = sample()
    const unsure = resigned(record, 2, { choice: -1 })
    Object.assign(unsure.verdict, { counts: [2, 0], cannot_tell: 1 })
    expect(faults(unsure)).toEqual([])
  })
  it('leaves out what was struck, and forfeits its pay', () => {
    const record = sample()
    record.answers[2]!.struck = { snapshot: 'ab'.repeat(32), answers: 3, counted: 3, at: '' }
    const { counts } = record.verdict
    counts[record.answers[2]!.choice!]!--
    Object.assign(record.verdict, { answers: 2, paid: '0.036', fee: '0.0054', forfeited: '0.018', released: '0.0027' })
    expect(faults(record)).toEqual([])
    record.answers[2]!.struck.counted = 2
    expect(faults(record)).toEqual(['sums'])
  })
  it('of values has no counts, and a value for every answer', () => {
    const values = [0, 1, 2].reduce((r, i) => resigned(r, i, { value: '12.5' }), sample('number'))
    Object.assign(values.verdict, { choice: null, label: undefined, value: '12.5', agreement: '1.000000', counts: [], method: 'median/1' })
    expect(faults(values)).toEqual([])
    expect(faults({ ...values, verdict: { ...values.verdict, value: undefined } })).toEqual(['sums'])
    expect(faults(resigned(values, 1, { choice: 1 }))).toEqual(['sums'])
    const unsure = resigned(values, 1, { choice: -1 })
    expect(faults(unsure)).toEqual(['sums'])
    unsure.verdict.cannot_tell = 1
    expect(faults(unsure)).toEqual([])
    const both = structuredClone(values)
    Object.assign(both.answers[0]!, { choice: 0 })
    expect(faults(both)).toEqual(['signatures'])
    const other = structuredClone(values)
    Object.assign(other.answers[0]!, { value: '12.6' })
    expect(faults(other)).toEqual(['signatures'])
  })
  describe('of texts, one of which is erased,', () => {
    const erased = (respondent = 'rsp_1', by = 2): Record => {
      const record = [0, 1, 2].reduce((r, i) => resigned(r, i, { value: 'a heron' }), sample('text'))
      Object.assign(record.verdict, { choice: null, label: undefined, value: 'a heron', agreement: '1.000000', counts: [], method: 'medoid/1' })
      const { id, assignment, time_ms, at_ms, hash, delegation } = record.answers[1]!
      const statement = { respondent, wallet: delegation.wallet, at: issued }
      const signature = walletSign(new Uint8Array(32).fill(by), erasureDigest(31_337, instance.instance, statement))
      record.answers[1] = { id, respondent: 'rsp_1', assignment, time_ms, at_ms, hash, delegation, erased: { at: issued, signature } }
      return record
    }
    it('passes by the word of its wallet', () => expect(faults(erased())).toEqual([]))
    it.each<[string, (r: Record) => void]>([
      ['another time', (r) => (r.answers[1]!.erased!.at += 1)],
      ['an answer that came too late for it', (r) => (r.answers[1]!.at_ms = (issued + 601) * 1000)],
      ['a text that is left', (r) => Object.assign(r.answers[1]!, { value: 'a heron' })],
      ['a nonce that is left', (r) => Object.assign(r.answers[1]!, { nonce: '00' })],
      ['a signature that is left', (r) => Object.assign(r.answers[1]!, { signature: '00' })],
      ['no hash', (r) => (r.answers[1]!.hash = '')],
    ])('fails with %s', (_, change) => {
      const record = erased()
      change(record)
      expect(faults(record)).toEqual(['signatures'])
    })
    it('fails by the word of another wallet, for another person, and where the answer is a choice', () => {
      expect(faults(erased('rsp_1', 3))).toEqual(['signatures'])
      expect(faults(erased('rsp_2'))).toEqual(['signatures'])
      const choice = erased()
      choice.question.type = 'choice'
      expect(faults(choice)).toContain('signatures')
    })
  })
  it('of other instance fails', () => expect(verify(sample(), { ...instance, instance: 'ac'.repeat(32) }).flatMap((c) => (c.fault ? [c.name] : []))).toEqual(['question', 'signatures', 'delegations']))
})
