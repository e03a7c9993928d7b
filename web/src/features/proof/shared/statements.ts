import { sha256 } from '@noble/hashes/sha2.js'
import type { AskedQuestion, Said } from '../../api/shared/wire'
import { said } from '../../api/shared/said'
import { underTag, type Canonical } from './canonical'
import { questionStatement } from './question'

// The statements that are hashed and signed. Each is a format with a version: it never changes under its tag.

/** SHA-256 of the tag, a newline and the canonical form of value. */
export function tagged(tag: string, value: Canonical): Uint8Array {
  return sha256(underTag(tag, value))
}

/** The question's hash, computed from what is shown. */
export function questionHash(instance: string, question: AskedQuestion): Uint8Array {
  return sha256(questionStatement(instance, question))
}

export type AnswerStatement = Said & {
  assignment: string
  instance: string
  nonce: string
  /** The question's hash. */
  question: string
  time_ms: number
}

/** What a device signs to answer. */
export function answerHash(a: AnswerStatement): Uint8Array {
  const { assignment, instance, nonce, question, time_ms } = a
  return tagged('tasknet/answer/v1', { assignment, instance, nonce, question, time_ms, ...said(a) })
}

export type AnswerRecordStatement = AnswerStatement & {
  answer: string
  at_ms: number
  device: string
  respondent: string
  signature: string
}

/** What the server records of an answer. */
export function answerRecordHash(r: AnswerRecordStatement): Uint8Array {
  const { answer, assignment, at_ms, device, instance, nonce, question, respondent, signature, time_ms } = r
  return tagged('tasknet/answer-record/v1', { answer, assignment, at_ms, device, instance, nonce, question, respondent, signature, time_ms, ...said(r) })
}

export interface ReceiptStatement {
  id: string
  root: string
  size: number
  log: string
  first: number
  at_ms: number
  by_ms: number
}

/** What the receipt key signs. */
export function receiptHash(instance: string, r: ReceiptStatement): Uint8Array {
  return tagged('tasknet/receipt/v2', { at_ms: r.at_ms, by_ms: r.by_ms, first: r.first, id: r.id, instance, log: r.log, root: r.root, size: r.size })
}

/** What the receipt key signs of an answer that the server does not accept. */
export function refusalHash(r: { answer: string; at_ms: number; code: string; device: string; instance: string }): Uint8Array {
  const { answer, at_ms, code, device, instance } = r
  return tagged('tasknet/refusal/v1', { answer, at_ms, code, device, instance })
}

/** What both keys sign when one of the server's takes the place of another. */
export function keyChangeHash(c: { from_ms: number; instance: string; new: string; number: number; old: string; until_ms: number; use: string }): Uint8Array {
  const { from_ms, instance, new: next, number, old, until_ms, use } = c
  return tagged('tasknet/key-change/v1', { from_ms, instance, new: next, number, old, until_ms, use })
}

/** What a device signs to be registered for a wallet. */
export function registerHash(r: { device: string; expires: number; instance: string; issued: number; wallet: string }): Uint8Array {
  return tagged('tasknet/register/v1', { device: r.device, expires: r.expires, instance: r.instance, issued: r.issued, wallet: r.wallet.toLowerCase() })
}

/** What a device signs for a token. */
export function sessionHash(r: { challenge: string; device: string; instance: string }): Uint8Array {
  return tagged('tasknet/session/v1', { challenge: r.challenge, device: r.device, instance: r.instance })
}
