import { describe, expect, it } from 'vitest'
import { cornerAt, describe as told, outline, outlineAt, points, shift, sideAt, whole } from './polygons'

const picture = { width: 100, height: 70 }
const l = outline([[10, 10], [50, 10], [50, 20], [20, 20], [20, 60], [10, 60]].map(([x, y]) => ({ x: x!, y: y! })), 2)

describe('an outline', () => {
  it('is written corner by corner', () => {
    expect(l).toEqual({ class: 2, points: [10, 10, 50, 10, 50, 20, 20, 20, 20, 60, 10, 60] })
    expect(outline(points(l), 2)).toEqual(l)
  })
  it('has corners up to the far edges of the picture', () => expect([whole({ x: 99.6, y: -3 }, picture), whole({ x: 400, y: 400 }, picture)]).toEqual([{ x: 100, y: 0 }, { x: 100, y: 70 }]))
  it('holds what lies in it, and not what lies in its hollow', () => {
    expect(outlineAt([l], { x: 15, y: 50 })).toBe(0)
    expect(outlineAt([l], { x: 40, y: 50 })).toBeUndefined()
    expect(outlineAt([l, outline([{ x: 0, y: 0 }, { x: 60, y: 0 }, { x: 0, y: 60 }], 0)], { x: 12, y: 12 })).toBe(1)
  })
  it('has a nearest corner and a nearest side, if they are within reach', () => {
    expect(cornerAt(points(l), { x: 48, y: 12 }, 5)).toBe(1)
    expect(cornerAt(points(l), { x: 30, y: 40 }, 5)).toBeUndefined()
    expect(sideAt(points(l), { x: 30, y: 12 }, 5)).toBe(0)
    expect(sideAt(points(l), { x: 9, y: 30 }, 5)).toBe(5)
    expect(sideAt(points(l), { x: 35, y: 40 }, 5)).toBeUndefined()
  })
  it('moves as a whole, no corner beyond the picture', () => {
    expect(shift(l, 7.4, -300, picture).points).toEqual([17, 0, 57, 0, 57, 10, 27, 10, 27, 50, 17, 50])
    expect(shift(l, 300, 300, picture).points.slice(2, 4)).toEqual([100, 20])
  })
  it('is told in words', () => expect(told(l, ['a', 'b', 'roof'])).toBe('roof, 6 corners, from 10 across and 10 down to 50 and 60'))
})
