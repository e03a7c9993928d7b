import { describe, expect, it } from 'vitest'
import { between, corner, describe as told, grow, hit, move, stretch } from './boxes'

const picture = { width: 100, height: 70 }
const box = { class: 1, h: 20, w: 30, x: 10, y: 40 }

describe('a box', () => {
  it('lies between two points in any order, in whole pixels, within the picture', () => {
    expect(between({ x: 40.4, y: 59.6 }, { x: 9.7, y: 40.2 }, picture, 1)).toEqual(box)
    expect(between({ x: -20, y: -3 }, { x: 500, y: 71 }, picture, 0)).toEqual({ class: 0, h: 70, w: 100, x: 0, y: 0 })
  })
  it('is at least one pixel wide and high, at the edge too', () => {
    expect(between({ x: 5, y: 5 }, { x: 5.2, y: 5.2 }, picture, 0)).toEqual({ class: 0, h: 1, w: 1, x: 5, y: 5 })
    expect(between({ x: 100, y: 70 }, { x: 200, y: 90 }, picture, 0)).toEqual({ class: 0, h: 1, w: 1, x: 99, y: 69 })
  })
  it('is stretched by a corner, over the opposite one too', () => {
    expect(corner(box, 'se')).toEqual({ x: 40, y: 60 })
    expect(stretch(box, 'se', { x: 50, y: 65 }, picture)).toEqual({ ...box, w: 40, h: 25 })
    expect(stretch(box, 'se', { x: 4, y: 30 }, picture)).toEqual({ class: 1, x: 4, y: 30, w: 6, h: 10 })
    expect(stretch(box, 'nw', { x: -9, y: -9 }, picture)).toEqual({ class: 1, x: 0, y: 0, w: 40, h: 60 })
  })
  it('moves and grows as far as the picture goes', () => {
    expect(move(box, -50, 50, picture)).toEqual({ ...box, x: 0, y: 50 })
    expect(grow(box, 500, -500, picture)).toEqual({ ...box, w: 90, h: 1 })
  })
  it('is told in words', () => expect(told(box, ['car', 'bus'])).toBe('bus, 30 wide and 20 high, 10 from the left and 40 from the top'))
})

describe('a finger', () => {
  const small = { class: 0, h: 6, w: 6, x: 20, y: 44 }
  it('is on the smallest box under it', () => expect(hit([small, box], { x: 22, y: 46 }, undefined, 5)).toEqual({ on: 'box', index: 0 }))
  it('stays on the selected one', () => expect(hit([small, box], { x: 22, y: 46 }, 1, 5)).toEqual({ on: 'box', index: 1 }))
  it('reaches a corner of the selected box only', () => {
    expect(hit([box], { x: 42, y: 63 }, 0, 5)).toEqual({ on: 'corner', corner: 'se' })
    expect(hit([box], { x: 42, y: 63 }, undefined, 5)).toBeUndefined()
  })
  it('moves a box that is smaller than itself by the middle, and stretches it by a corner', () => {
    expect(hit([small], { x: 23, y: 47 }, 0, 22)).toEqual({ on: 'box', index: 0 })
    expect(hit([small], { x: 26, y: 50 }, 0, 22)).toEqual({ on: 'corner', corner: 'se' })
  })
})
