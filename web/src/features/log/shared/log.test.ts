import 'fake-indexeddb/auto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { closeDatabase, kept } from '../../../outbox/database'
import { keepReceipt, receipts, type Receipted } from '../../../outbox/answers'
import { Refused } from '../../api/shared/http'
import { concat, hex } from '../../proof/shared/bytes'
import { join } from '../../proof/shared/merkle'
import type { Anchor } from './anchor'
import { keyChangeHash } from '../../proof/shared/statements'
import { checkLog, type Broken, type Seen } from './check'
import { checkpoint } from './checkpoint'
import { consistent, Tree, type ReadFile } from './tree'

const secret = new Uint8Array(32).fill(3)
const key = hex(ed25519.getPublicKey(secret))
const instance = 'ab'.repeat(32)
const name = `tasknet/${instance}`
const here = { instance, log: { name, key } }

const leaf = (i: number) => sha256(new TextEncoder().encode(`leaf ${i}`))
const leaves = (n: number) => Array.from({ length: n }, (_, i) => leaf(i))

/** RFC 6962, section 2.1, by its own recursion. */
function treeHash(of: Uint8Array[]): Uint8Array {
  if (of.length === 1) return sha256(concat(Uint8Array.of(0), of[0]!))
  let k = 1
  while (2 * k < of.length) k *= 2
  return join(treeHash(of.slice(0, k)), treeHash(of.slice(k)))
}

function signed(size: number, root: Uint8Array, by = secret, as = name): string {
  const text = `${as}\n${size}\n${btoa(String.fromCharCode(...root))}\n`
  const body = new TextEncoder().encode(text)
  const id = sha256(concat(new TextEncoder().encode(`${as}\n`), Uint8Array.of(1), ed25519.getPublicKey(by))).slice(0, 4)
  const sign = btoa(String.fromCharCode(...concat(id, ed25519.sign(body, by))))
  return `${text}\n— witness.example AAAAAAAA\n— ${as} ${sign}\n`
}

/** The files of a log with these leaves. */
function files(of: Uint8Array[]): Map<string, Uint8Array> {
  const out = new Map<string, Uint8Array>()
  let row = of.map((l) => sha256(concat(Uint8Array.of(0), l)))
  for (let level = 0; row.length > 0; level++) {
    for (let at = 0; at < row.length; at += 256) {
      const part = row.slice(at, at + 256)
      const index = String(at / 256).padStart(3, '0')
      out.set(`tile/${level}/${index}${part.length < 256 ? `.p/${part.length}` : ''}`, concat(...part))
    }
    const up: Uint8Array<ArrayBuffer>[] = []
    for (let at = 0; at + 256 <= row.length; at += 256) {
      let nodes: Uint8Array[] = row.slice(at, at + 256)
      while (nodes.length > 1) nodes = nodes.flatMap((n, i) => (i % 2 === 0 ? [join(n, nodes[i + 1]!)] : []))
      up.push(new Uint8Array(nodes[0]!))
    }
    row = up
  }
  out.set('checkpoint', new TextEncoder().encode(signed(of.length, treeHash(of))))
  return out
}

const reading =
  (of: Map<string, Uint8Array>): ReadFile =>
  (file) => {
    const found = of.get(file)
    return found ? Promise.resolve(found) : Promise.reject(new Refused(404, 'no_log_file', file))
  }

const at = async (of: Uint8Array[]) => (await checkpoint(signed(of.length, treeHash(of)), name, key))!

describe('a checkpoint', () => {
  const raw = signed(7, leaf(1))
  it('is the log’s when its key signed it', async () => expect(await checkpoint(raw, name, key)).toEqual({ size: 7, root: hex(leaf(1)), raw }))
  it.each([
    ['another size', raw.replace('\n7\n', '\n8\n')],
    ['another key', signed(7, leaf(1), new Uint8Array(32).fill(4))],
    ['another name', signed(7, leaf(1), secret, 'tasknet/other')],
    ['no signature', raw.slice(0, raw.indexOf('—'))],
    ['a size that is none', signed(-1, leaf(1))],
    ['a short root', signed(7, leaf(1).slice(1))],
    ['nothing', ''],
  ])('with %s is not', async (_, bad) => expect(await checkpoint(bad, name, key)).toBeUndefined())
})

describe('a tree', () => {
  it.each([1, 2, 3, 255, 256, 257, 300, 511, 1000])('of %i leaves proves each, and nothing else', async (n) => {
    const all = leaves(n)
    const read = reading(files(all))
    const root = hex(treeHash(all))
    for (const i of new Set([0, Math.floor(n / 2), n - 1])) {
      expect(await new Tree(n, read).rootFrom(all[i]!, i)).toBe(root)
      expect(await new Tree(n, read).rootFrom(leaf(n + 1), i)).not.toBe(root)
    }
    expect(await new Tree(n, read).rootFrom(all[0]!, n)).toBeUndefined()
  })
  it.each([
    [1, 2],
    [3, 300],
    [255, 257],
    [256, 700],
    [300, 511],
    [511, 511],
    [700, 1000],
  ])('that grew from %i to %i is consistent', async (before, now) => {
    const read = reading(files(leaves(now)))
    expect(await consistent(await at(leaves(before)), await at(leaves(now)), read)).toBe(true)
    const other = leaves(before)
    other[before - 1] = leaf(9999)
    expect(await consistent(await at(other), await at(leaves(now)), read)).toBe(false)
    if (before < now) expect(await consistent(await at(leaves(now)), await at(leaves(before)), read)).toBe(false)
  })
  it('is read whole where a part of a tile is gone since', async () => {
    const grown = files(leaves(256))
    expect(await new Tree(200, reading(grown)).rootFrom(leaf(7), 7)).toBe(hex(treeHash(leaves(200))))
  })
})

describe('receipts', () => {
  beforeEach(async () => {
    await closeDatabase()
    indexedDB.deleteDatabase('tasknet')
  })
  const receipt = (assignment: string, record: Uint8Array, index: number): Receipted =>
    ({ assignment, instance, proven: true, accepted: { answer: `ans_${assignment}`, pays: '0', at: '', receipt: { id: '', record: hex(record), root: '', index: 2, size: 5, path: [], log: name, first: index - 2, at_ms: 1, by_ms: 1000, signature: '' } } }) as unknown as Receipted
  const logged = async () => Object.fromEntries([...(await receipts())].map(([id, r]) => [id, r.logged === 'yes' ? 'yes' : r.logged?.problem]))

  it('are kept promises, broken ones, or still promises', async () => {
    for (const r of [receipt('good', leaf(70), 70), receipt('other', leaf(71), 72), receipt('later', leaf(500), 500)]) await keepReceipt(r)
    expect(await checkLog(here, 999, { read: reading(files(leaves(300))) })).toBeUndefined()
    expect(await logged()).toEqual({ ans_good: 'yes', ans_other: 'other', ans_later: undefined })
    expect(await checkLog(here, 1001, { read: reading(files(leaves(400))) })).toBeUndefined()
    expect((await logged()).ans_later).toBe('missing')
    expect((await receipts()).get('ans_later')!.logged).toHaveProperty('checkpoint', signed(400, treeHash(leaves(400))))
    await checkLog(here, 1001, { read: reading(files(leaves(600))) }) // it came, though late
    expect((await logged()).ans_later).toBe('yes')
  })
  it('that are broken do not keep others from being looked for', async () => {
    for (let i = 0; i < 50; i++) await keepReceipt(receipt(`bad${i}`, leaf(1000 + i), 10 + i))
    const read = (n: number) => ({ read: reading(files(leaves(n))) })
    for (let look = 0; look < 3; look++) await checkLog(here, 1, read(300))
    expect(Object.values(await logged()).filter((l) => l === 'other')).toHaveLength(50)
    const late = receipt('late', leaf(70), 70)
    late.accepted.receipt.at_ms = 2
    await keepReceipt(late)
    await checkLog(here, 1, read(300))
    expect((await logged()).ans_late).toBe('yes')
    await keepReceipt(receipt('came', leaf(500), 500)) // the newest of the broken ones: those that were not looked for again are first
    await checkLog(here, 1001, read(400))
    for (let look = 0; look < 3; look++) await checkLog(here, 1001, read(600 + look))
    expect((await logged()).ans_came).toBe('yes')
  })
  it('cannot be had of a log that lacks tiles', async () => {
    await keepReceipt(receipt('good', leaf(70), 70))
    const some = files(leaves(300))
    some.delete('tile/0/000')
    await checkLog(here, 0, { read: reading(some) })
    expect(await logged()).toEqual({ ans_good: 'other' })
  })
  it('are not looked for in a log that was changed, which is kept', async () => {
    await keepReceipt(receipt('good', leaf(7), 7))
    const first = files(leaves(100))
    await checkLog(here, 0, { read: reading(first) })
    const forked = leaves(300)
    forked[5] = leaf(9999)
    const found = await checkLog(here, 0, { read: reading(files(forked)) })
    expect(found).toEqual({ instance, kind: 'forked', seen: signed(100, treeHash(leaves(100))), now: signed(300, treeHash(forked)) })
    expect(await kept<Broken>('log broken')).toEqual(found)
    expect((await kept<{ raw: string }>('log'))!.raw).toBe(found!.seen)
    first.set('checkpoint', new TextEncoder().encode(signed(100, treeHash(leaves(100)), new Uint8Array(32).fill(9))))
    expect(await checkLog(here, 0, { read: reading(first) })).toEqual(found) // another lie does not hide this one
    expect(await kept<Broken>('log broken')).toEqual(found)
  })
  it('are not looked for in a log whose key is another than it was', async () => {
    await checkLog(here, 0, { read: reading(files(leaves(100))) })
    const other = new Uint8Array(32).fill(9)
    const stolen = files(leaves(200))
    stolen.set('checkpoint', new TextEncoder().encode(signed(200, treeHash(leaves(200)), other)))
    const found = await checkLog({ instance, log: { name, key: hex(ed25519.getPublicKey(other)) } }, 0, { read: reading(stolen) })
    expect(found?.kind).toBe('unsigned')
  })
  it('are looked for in a log whose key is another by the word of the one before', async () => {
    await keepReceipt(receipt('good', leaf(7), 7))
    const next = new Uint8Array(32).fill(9)
    const stated = (word: Uint8Array) => {
      const c = { use: 'log' as const, number: 2, old: key, new: hex(ed25519.getPublicKey(next)), from: '2026-11-21T12:00:00.000Z', until: '2026-11-22T12:00:00.000Z' }
      const hash = keyChangeHash({ ...c, from_ms: Date.parse(c.from), until_ms: Date.parse(c.until), instance })
      return { instance, log: { name, key: c.new }, key_changes: [{ ...c, signature: hex(ed25519.sign(hash, word)), proof: hex(ed25519.sign(hash, next)) }] }
    }
    const [during, after] = [Date.parse('2026-11-21T13:00:00Z'), Date.parse('2026-11-23T00:00:00Z')]
    const by = (n: number, secret: Uint8Array<ArrayBuffer>) => {
      const all = files(leaves(n))
      all.set('checkpoint', new TextEncoder().encode(signed(n, treeHash(leaves(n)), secret)))
      return { read: reading(all) }
    }
    expect(await checkLog(here, during, by(100, secret))).toBeUndefined()
    expect(await checkLog(stated(secret), during, by(100, secret))).toBeUndefined() // while both sign
    expect((await kept<Seen>('log'))!.key).toBe(key)
    expect(await checkLog(stated(secret), after, by(200, next))).toBeUndefined()
    expect((await kept<Seen>('log'))!.key).toBe(hex(ed25519.getPublicKey(next)))
    expect((await kept<{ raw: string }>('log'))!.raw.split('\n')[1]).toBe('200')
    expect(await checkLog(here, during, by(300, next))).toBeUndefined() // what the server says of itself is from before
    expect((await checkLog(stated(secret), after, by(301, secret)))?.kind).toBe('unsigned') // whoever still has the first
  })
  it.each([['before', 9], ['of nobody', 4]])('are not looked for in a log whose key is another without the word of the one %s', async (_, word) => {
    await checkLog(here, 0, { read: reading(files(leaves(100))) })
    const next = new Uint8Array(32).fill(9)
    const c = { use: 'log' as const, number: 2, old: key, new: hex(ed25519.getPublicKey(next)), from: '2026-11-21T12:00:00.000Z', until: '2026-11-21T12:00:00.000Z' }
    const hash = keyChangeHash({ ...c, from_ms: Date.parse(c.from), until_ms: Date.parse(c.until), instance })
    const lie = { instance, log: { name, key: c.new }, key_changes: [{ ...c, signature: hex(ed25519.sign(hash, new Uint8Array(32).fill(word))), proof: hex(ed25519.sign(hash, next)) }] }
    const all = files(leaves(200))
    all.set('checkpoint', new TextEncoder().encode(signed(200, treeHash(leaves(200)), next)))
    expect((await checkLog(lie, Date.parse('2026-11-23T00:00:00Z'), { read: reading(all) }))?.kind).toBe('unsigned')
  })
  it('are not looked for in a log that is not the one on chain', async () => {
    await keepReceipt(receipt('good', leaf(7), 7))
    const [all, other] = [leaves(300), leaves(80)]
    other[79] = leaf(9999)
    const anchor = (of: Uint8Array[], agrees = true) => ({ epoch: 3, size: of.length, root: hex(treeHash(of)), by: 'server' as const, record: {} as Anchor['record'], agrees })
    const read = reading(files(all))
    const told = async (a: Anchor | undefined) => (await checkLog(here, 0, { read, anchored: async () => a }))?.kind
    expect(await told(anchor(other))).toBe('unanchored')
    expect((await kept<Broken>('log broken'))!.anchor).toEqual(anchor(other))
    expect(await told(anchor(leaves(301)))).toBe('unanchored') // the chain has more than the server shows
    expect(await told(anchor(leaves(80), false))).toBe('unanchored')
    expect(await kept('log')).toBeUndefined()
    expect(await logged()).toEqual({ ans_good: undefined })
    expect(await told(anchor(leaves(80)))).toBeUndefined()
    expect(await told(undefined)).toBeUndefined()
    expect(await logged()).toEqual({ ans_good: 'yes' })
  })
  it('wait while the server is away', async () => {
    await keepReceipt(receipt('good', leaf(7), 7))
    await expect(checkLog(here, 0, { read: () => Promise.reject(new Error('away')) })).rejects.toThrow('away')
    expect(await logged()).toEqual({ ans_good: undefined })
  })
})
