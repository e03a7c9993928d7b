import { describe, expect, it } from 'vitest'
import { canonical } from '../../proof/shared/canonical'
import { cover, cut, decode, encode, paint, paste, reached, simplified, thinned, weight } from './mask'
import { valueBytesMax } from './types'

/** A map drawn with digits, a row a line. */
const drawn = (...rows: string[]) => ({ map: Uint8Array.from(rows.join('')), picture: { width: rows[0]!.length, height: rows.length } })

describe('run lengths', () => {
  it('go column by column and start with zeros, as COCO writes them', () => {
    const { map, picture } = drawn('0110', '0100', '1000')
    expect(encode(map, picture)).toEqual([{ class: 0, counts: [2, 3, 1, 1, 5] }])
  })
  it('start with an empty run where the first pixel is painted', () => {
    const { map, picture } = drawn('11', '10')
    expect(encode(map, picture)).toEqual([{ class: 0, counts: [0, 3, 1] }])
    expect(encode(new Uint8Array(4).fill(3), picture)).toEqual([{ class: 2, counts: [0, 4] }])
  })
  it('are of every class once, ascending, and add up to all pixels', () => {
    const { map, picture } = drawn('0203', '1220', '0100')
    const masks = encode(map, picture)
    expect(masks.map((m) => m.class)).toEqual([0, 1, 2])
    for (const m of masks) expect(m.counts.reduce((a, b) => a + b)).toBe(12)
    expect(decode(masks, picture)).toEqual(map)
    expect(encode(new Uint8Array(12), picture)).toEqual([])
  })
  it('survive any painting', () => {
    const picture = { width: 31, height: 17 }
    let seed = 7
    const map = Uint8Array.from({ length: 31 * 17 }, () => (seed = (seed * 1103515245 + 12345) % 2147483648) % 4)
    expect(decode(encode(map, picture), picture)).toEqual(map)
  })
})

describe('too fine a painting', () => {
  const column = (labels: string) => ({ map: Uint8Array.from(labels), picture: { width: 1, height: labels.length } })
  const thin = (labels: string, least: number) => {
    const { map, picture } = column(labels)
    return thinned(map, picture, least).join('')
  }
  it('loses its short runs to what is above them, at the top to what is below', () => {
    expect(thin('0001100022', 3)).toBe('0000000000')
    expect(thin('0111000', 2)).toBe('1111000')
    expect(thin('11102220', 2)).toBe('11112222')
    expect(thin('111222', 3)).toBe('111222')
  })
  it('becomes what most of it is, where all of it is fine', () => {
    expect(thin('0002020200', 3)).toBe('0000000000')
    expect(thin('0001211211000', 3)).toBe('0001111111000')
    expect(thin('01101', 9)).toBe('11111')
  })
  it('is left with no run that is shorter', () => {
    const picture = { width: 19, height: 64 }
    let seed = 11
    const map = Uint8Array.from({ length: 19 * 64 }, () => (seed = (seed * 1103515245 + 12345) % 2147483648) % 7 % 3)
    for (const least of [2, 3, 5, 8, 64]) {
      const out = thinned(map, picture, least)
      for (let x = 0; x < 19; x++) {
        const runs = Array.from({ length: 64 }, (_, y) => out[y * 19 + x]).join('').match(/(.)\1*/g)!
        expect(Math.min(...runs.map((r) => r.length))).toBeGreaterThanOrEqual(least)
      }
    }
    expect(thinned(map, picture, 1)).toEqual(map)
  })
  it('weighs what is sent', () => {
    const { map, picture } = drawn('0110', '0100', '1000')
    expect(weight(encode(map, picture))).toBe(canonical(encode(map, picture)).length / valueBytesMax)
  })
  it('is made to fit, by as little as does', () => {
    // Lines of 3 pixels and a block over all of a wide picture: the lines are what weighs.
    const picture = { width: 2048, height: 300 }
    const map = new Uint8Array(2048 * 300)
    for (let y = 0; y < 300; y++) map.fill(y >= 200 ? 2 : y % 10 < 3 ? 1 : 0, y * 2048, y * 2048 + 2048)
    expect(weight(encode(map, picture))).toBeGreaterThan(1)
    const out = simplified(map, picture, 0.9)
    expect(weight(encode(out, picture))).toBeLessThanOrEqual(0.9)
    expect(cover(out, 2)[1]).toBeCloseTo(1 / 3, 2)
    expect(simplified(out, picture, 0.9)).toBe(out)
  })
  it('fits even when every pixel is another, in the largest picture', () => {
    const picture = { width: 2048, height: 512 }
    const map = Uint8Array.from({ length: 2048 * 512 }, (_, i) => (i + Math.floor(i / 2048)) % 21)
    expect(weight(encode(simplified(map, picture, 0.9), picture))).toBeLessThanOrEqual(0.9)
  })
})

describe('a brush', () => {
  const picture = { width: 5, height: 5 }
  const rows = (map: Uint8Array) => Array.from({ length: 5 }, (_, y) => map.slice(5 * y, 5 * y + 5).join(''))
  it('paints the pixels whose middle is within its radius', () => {
    const map = new Uint8Array(25)
    expect(paint(map, picture, { x: 2.5, y: 2.5 }, { x: 2.5, y: 2.5 }, 1, 1)).toEqual({ x: 1, y: 1, width: 3, height: 3 })
    expect(rows(map)).toEqual(['00000', '00100', '01110', '00100', '00000'])
  })
  it('paints along a line without gaps', () => {
    const map = new Uint8Array(25)
    paint(map, picture, { x: 0.5, y: 0.5 }, { x: 4.5, y: 4.5 }, 0.6, 2)
    expect(rows(map)).toEqual(['20000', '02000', '00200', '00020', '00002'])
  })
  it('stops at the edges, and beside the picture paints nothing', () => {
    const map = new Uint8Array(25)
    paint(map, picture, { x: -1, y: 2.5 }, { x: 0.5, y: 2.5 }, 1, 1)
    expect(rows(map)).toEqual(['00000', '10000', '11000', '10000', '00000'])
    expect(paint(map, picture, { x: 9, y: 9 }, { x: 9, y: 9 }, 2, 1)).toBeUndefined()
    expect(reached(picture, { x: 4.5, y: 4.5 }, { x: 4.5, y: 4.5 }, 3)).toEqual({ x: 1, y: 1, width: 4, height: 4 })
  })
  it('is undone by putting back what was there', () => {
    const { map, picture: size } = drawn('0120', '3010', '2222')
    const rect = { x: 1, y: 0, width: 2, height: 2 }
    const before = map.slice()
    const pixels = cut(map, size, rect)
    paint(map, size, { x: 2, y: 1 }, { x: 2, y: 1 }, 1.5, 0)
    expect(map).not.toEqual(before)
    paste(map, size, rect, pixels)
    expect([map[1], map[2], map[5], map[6]]).toEqual([1, 2, 0, 1])
  })
  it('covers a part of the picture', () => expect(cover(drawn('0122', '0000').map, 3)).toEqual([0.125, 0.25, 0]))
})
