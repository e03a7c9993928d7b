import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { bytes, concat, hex } from '../../proof/shared/bytes'
import { canonical } from '../../proof/shared/canonical'
import { tagged } from '../../proof/shared/statements'
import { moveLink, readMoveCode } from '../shared/movecode'
import { claim, codeKey, hand, hear, hearBack, newOffer, Stranger, take } from './move'

const instance = 'c1'.repeat(32)
const move = 'mov_06h095a55d9wqrf76kqae4r4zc'
// Any two will do.
const oldKey = bytes('77076d0a7318a57d3c16c17251b26645df4c2f9ad8f3d5d59f0d1c6f6e3a8d2a')
const newKey = bytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb')
const offer = { secret: bytes('000102030405060708090a0b0c0d0e0f'), own: oldKey }
const code = { move, key: codeKey(offer) }
const handed = { wallet: bytes('7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'), backedUpAt: 1_795_000_000_000 }

/** Both phones, up to where each shows its number. */
function met() {
  const first = claim(instance, code, newKey)
  const old = hear(instance, move, offer, first.message)
  return { first, old, young: hearBack(instance, code, first.own, old.reply) }
}

describe('a move', () => {
  it('shows one number on both phones, and hands the key over', () => {
    const { old, young } = met()
    expect(old.meeting.number).toMatch(/^\d{6}$/)
    expect(young).toEqual(old.meeting)
    const message = hand(old.meeting, handed)
    expect(message).not.toContain(hex(handed.wallet))
    expect(take(young, message)).toEqual(handed)
    expect(take(young, hand(old.meeting, { wallet: handed.wallet }))).toEqual({ wallet: handed.wallet })
  })

  it('has messages that never change under their version', () => {
    const { first, old } = met()
    expect([code.key, first.message, old.reply, old.meeting.number, hand(old.meeting, handed)]).toMatchInlineSnapshot(`
      [
        "000102030405060708090a0b0c0d0e0fdc68f650949f6dd4bed57f6c456cf123",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f7b1277ee19933bf828153802d3ea28fbd23ea03affc99bb6fdd648ed3a6e9425",
        "88f76f00456894c8198bd66bdc2c26adaffe35b4f1a0e51192a3bfa8fa9f7872",
        "051534",
        "9a0cd9e7965ada66cdf55c3f70874e24ebc01867fcdeb288ff26c3fd63a9c6ec71ea5ba63634122477ae6bff90a9fd55f9313ee23db94d97fd26d15c13a2d6d1274479c9246e268738720575b72b45121bc92f9976459fc1e01bd54af4cec9e69e67b0b62ff137ab85b04039650a6d25cc1b6181cb1cba6abda3",
      ]
    `)
  })

  // The same from the standards alone, by another implementation: the browser's.
  it('is X25519, HKDF, HMAC and AES-GCM as the browser knows them', async () => {
    const { subtle } = globalThis.crypto
    const text = (s: string) => new TextEncoder().encode(s)
    const digest = async (tag: string, value: Parameters<typeof canonical>[0]) => new Uint8Array(await subtle.digest('SHA-256', text(`${tag}\n${canonical(value)}`)))
    const { first, old } = met()
    const pkcs8 = concat(bytes('302e020100300506032b656e04220420'), newKey) as BufferSource
    const own = await subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits'])
    const theirs = await subtle.importKey('raw', bytes(old.reply) as BufferSource, 'X25519', false, [])
    const shared = new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: theirs }, own, 256))
    const key = first.message.slice(0, 64)
    const mac = await subtle.importKey('raw', offer.secret as BufferSource, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    expect(first.message.slice(64)).toBe(hex(new Uint8Array(await subtle.sign('HMAC', mac, (await digest('tasknet/move-claim/v1', { instance, key, move })) as BufferSource))))
    expect(code.key).toBe(hex(offer.secret) + hex(await digest('tasknet/move-key/v1', { key: old.reply })).slice(0, 32))
    const transcript = await digest('tasknet/move/v1', { instance, move, new: key, old: old.reply })
    const input = await subtle.importKey('raw', concat(shared, offer.secret) as BufferSource, 'HKDF', false, ['deriveBits'])
    const out = new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: transcript as BufferSource, info: text('tasknet/move/v1') }, input, 52 * 8))
    expect(old.meeting.number).toBe(String(new DataView(out.buffer).getBigUint64(44) % 1_000_000n).padStart(6, '0'))
    const opens = await subtle.importKey('raw', out.slice(0, 32), 'AES-GCM', false, ['decrypt'])
    const plain = await subtle.decrypt({ name: 'AES-GCM', iv: out.slice(32, 44), additionalData: transcript as BufferSource }, opens, bytes(hand(old.meeting, handed)) as BufferSource)
    expect(JSON.parse(new TextDecoder().decode(plain))).toEqual({ wallet: hex(handed.wallet), backed_up_at: handed.backedUpAt })
  })

  it('is new each time', () => {
    const one = newOffer()
    expect(codeKey(one)).toMatch(/^[0-9a-f]{64}$/)
    expect(codeKey(one)).not.toBe(codeKey(newOffer()))
    expect(claim(instance, code).message).not.toBe(claim(instance, code).message)
  })
})

describe('who is not one of the two phones', () => {
  const flipped = (message: string, at: number) => message.slice(0, at) + (parseInt(message[at]!, 16) ^ 1).toString(16) + message.slice(at + 1)

  it.each([0, 63, 64, 127])('cannot change the first message at %i', (at) => {
    expect(() => hear(instance, move, offer, flipped(met().first.message, at))).toThrow(Stranger)
  })

  it('cannot send it without having seen the code', () => {
    const guessed = claim(instance, { move, key: `ff${code.key.slice(2)}` })
    expect(() => hear(instance, move, offer, guessed.message)).toThrow(Stranger)
  })

  it.each([
    ['of another move', () => claim(instance, { ...code, move: move.replace('06h', '06j') })],
    ['at another instance', () => claim('c2'.repeat(32), code)],
  ])('cannot use one %s', (_, made) => {
    expect(() => hear(instance, move, offer, made().message)).toThrow(Stranger)
  })

  it.each(['', 'ab', 'zz'.repeat(64), '00'.repeat(63)])('cannot send %j', (message) => {
    expect(() => hear(instance, move, offer, message)).toThrow(Stranger)
    expect(() => hearBack(instance, code, newKey, message)).toThrow(Stranger)
  })

  it('cannot choose a key of a small order, having seen the code', () => {
    const zero = '00'.repeat(32)
    const message = zero + hex(hmac(sha256, offer.secret, tagged('tasknet/move-claim/v1', { instance, key: zero, move })))
    expect(() => hear(instance, move, offer, message)).toThrow('agrees with every other')
  })

  it('cannot stand between them, having seen the code: the new phone takes the key of the code alone, and the numbers differ', () => {
    const { first } = met()
    const between = newOffer()
    expect(() => hearBack(instance, code, newKey, hear(instance, move, { ...offer, own: between.own }, first.message).reply)).toThrow(Stranger)
    const old = hear(instance, move, offer, claim(instance, code, between.own).message)
    const young = hearBack(instance, code, first.own, old.reply)
    expect(young.number).not.toBe(old.meeting.number)
    expect(() => take(young, hand(old.meeting, handed))).toThrow(Stranger)
  })

  it.each([0, 10, -1])('cannot change what is handed over at %i', (at) => {
    const { old, young } = met()
    const message = hand(old.meeting, handed)
    expect(() => take(young, flipped(message, at < 0 ? message.length + at : at))).toThrow(Stranger)
  })

  it('cannot hand over what is no key', () => {
    const { old, young } = met()
    expect(() => take(young, hand(old.meeting, { wallet: new Uint8Array(32) }))).toThrow(Stranger)
    expect(() => take(young, hand(old.meeting, { wallet: new Uint8Array(31) }))).toThrow(Stranger)
  })
})

describe('a code', () => {
  const link = moveLink({ protocol: 'https:', host: 'answers.example' }, code)

  it('is a link, or what comes after its #, with what people put around it', () => {
    expect(link).toBe(`https://answers.example/move#${move}.${code.key}`)
    expect(moveLink({ protocol: 'http:', host: '10.0.0.2:8080' }, code)).toBe(`http://10.0.0.2:8080/move#${move}.${code.key}`)
    expect(moveLink({ protocol: 'tasknet:', host: 'answers.example' }, code)).toBe(link)
    for (const text of [link, ` ${link}\n`, link.slice(link.indexOf('#')), link.slice(link.indexOf('#') + 1)]) expect(readMoveCode(text)).toEqual(code)
  })

  it.each(['', '#', 'https://answers.example/move', link.slice(0, -1), `${link}0`, link.replace('mov_', 'q_'), link.replace(`${move}.`, `${move},`), code.key])('is not %j', (text) => expect(readMoveCode(text)).toBeUndefined())
})
