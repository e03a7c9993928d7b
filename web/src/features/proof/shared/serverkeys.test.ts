import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import type { KeyChange } from '../../api/shared/wire'
import vectors from '../../../../../testdata/vectors.json'
import { bytes, hex } from './bytes'
import { goodAt, serverKeys } from './serverkeys'
import { keyChangeHash } from './statements'

const { instance, key_change: made } = vectors
const iso = (ms: number) => new Date(ms).toISOString()
const first: KeyChange = { use: made.use as 'log', number: made.number, old: made.old, new: made.new, from: iso(made.from_ms), until: iso(made.until_ms), signature: made.signature, proof: made.proof }

/** The change to a third key, by the word of a key. */
function second(word: Uint8Array, how: Partial<KeyChange> = {}): KeyChange {
  const secret = new Uint8Array(32).fill(5)
  const c = { ...first, number: 3, old: first.new, new: hex(ed25519.getPublicKey(secret)), from: iso(made.from_ms + 1000), until: iso(made.from_ms + 2000), ...how }
  const hash = keyChangeHash({ ...c, from_ms: Date.parse(c.from), until_ms: Date.parse(c.until), instance })
  return { ...c, signature: hex(ed25519.sign(hash, word)), proof: hex(ed25519.sign(hash, secret)) }
}

describe('a server’s keys', () => {
  const device = bytes(vectors.device.seed, 32) // whose key the second is
  it('are hashed as in Go', () => {
    expect(hex(keyChangeHash({ ...made, instance }))).toBe(made.digest)
  })
  it('are the first while none follows', () => {
    expect(serverKeys({ instance }, 'log', made.old)).toEqual([{ key: made.old, until: Infinity }])
    expect(serverKeys({ instance, key_changes: [first] }, 'receipts', made.old)).toEqual([{ key: made.old, until: Infinity }])
  })
  it('follow by the word of the one before', () => {
    const last = second(device)
    const keys = serverKeys({ instance, key_changes: [first, last] }, 'log', last.new)!
    expect(keys.map((k) => k.key)).toEqual([made.old, made.new, last.new])
    expect(goodAt(keys, made.until_ms - 1)).toEqual([made.old, last.new])
    expect(goodAt(keys, made.from_ms)).toEqual([made.old, made.new, last.new])
    expect(goodAt(keys, made.until_ms)).toEqual([last.new])
  })
  it.each<[string, KeyChange[]]>([
    ['another time', [{ ...first, from: iso(made.from_ms + 1) }]],
    ['another end', [{ ...first, until: iso(made.until_ms + 1) }]],
    ['an end before its beginning', [first, second(device, { until: iso(made.from_ms) })]],
    ['another number', [{ ...first, number: 3 }]],
    ['no proof', [{ ...first, proof: first.signature }]],
    ['the word of another', [first, second(new Uint8Array(32).fill(5))]],
    ['the one before left out', [second(device)]],
    ['an earlier time', [first, second(device, { from: iso(made.from_ms) })]],
    ['a key that was there before', [first, second(device, { new: made.old })]],
  ])('do not follow with %s', (_, key_changes) => expect(serverKeys({ instance, key_changes }, 'log', key_changes.at(-1)!.new)).toBeUndefined())
  it('do not follow where another signs', () => {
    expect(serverKeys({ instance, key_changes: [first] }, 'log', 'ab'.repeat(32))).toBeUndefined()
    expect(serverKeys({ instance: 'cd'.repeat(32), key_changes: [first] }, 'log', made.new)).toBeUndefined()
  })
})
