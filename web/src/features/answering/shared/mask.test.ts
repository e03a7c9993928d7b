import { describe, expect, it } from 'vitest'
import { cover, cut, decode, encode, paint, paste, reached } from './mask'

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
