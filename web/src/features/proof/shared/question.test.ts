import { sha256 as ours } from '@noble/hashes/sha2.js'
import { expect, it } from 'vitest'
import type { AskedQuestion } from '../../api/shared/wire'
import { hex } from './bytes'
import { sha256 } from './digest'
import { isAsHashed } from './question'
import { questionHash } from './statements'

const here = 'ab'.repeat(32)
const question: AskedQuestion = { id: 'q_1', hash: '', salt: '00'.repeat(16), type: 'choice', text: 'Spam?', choices: ['yes', 'no'], quorum: { policy: 'fixed:3' }, price: '0.018', fee: '0.0027', deadline: '2026-11-22T00:00:00.000Z', snapshot: 'cd'.repeat(32), asked_by: 'x', answers: 0 }
question.hash = hex(questionHash(here, question))

it.each([
  ['the browser’s SHA-256', sha256],
  ['ours', ours],
])('a question is answered only as it was hashed, by %s', async (_, digest) => {
  expect(await isAsHashed(here, question, digest)).toBe(true)
  expect(await isAsHashed(here, { ...question, text: 'Ham?' }, digest)).toBe(false)
  expect(await isAsHashed(here, { ...question, hash: 'no' }, digest)).toBe(false)
  expect(await isAsHashed(here, { ...question, deadline: 'never' }, digest)).toBe(false)
  expect(await isAsHashed('ac'.repeat(32), question, digest)).toBe(false)
})

it('without the browser’s SHA-256, as on plain http, ours is fetched', async () => {
  const data = new TextEncoder().encode('17')
  const expected = hex(await sha256(data))
  const { subtle } = globalThis.crypto
  Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined, configurable: true })
  try {
    expect(hex(await sha256(data))).toBe(expected)
  } finally {
    Object.defineProperty(globalThis.crypto, 'subtle', { value: subtle, configurable: true })
  }
})
