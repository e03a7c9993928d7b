import { describe, expect, it } from 'vitest'
import type { Content } from '../../api/shared/wire'
import { back, begin, next } from './history'
import { length, plainText } from './plain'
import { moved, placeFor } from './ranking'
import { words } from './said'
import { fault, toggle } from './selection'
import { cannotTell, fallback, hint } from './types'
import { fit, middle, pan, toPicture, toRoom, zoom } from './zoom'

const content = (part: Partial<Content>): Content => ({ type: 'choice', text: '', choices: ['Apple', 'Pear', 'Plum'], ...part })

describe('an answer in words', () => {
  it.each<[string, Parameters<typeof words>]>([
    ['Pear', [content({}), { choice: 1 }]],
    ['Can’t tell', [content({ type: 'boxes' }), { choice: cannotTell }]],
    ['Apple, Plum', [content({ type: 'multiple' }), { value: [0, 2] }]],
    ['None of them', [content({ type: 'multiple' }), { value: [] }]],
    ['Plum, Apple, Pear', [content({ type: 'ranking' }), { value: [2, 0, 1] }]],
    ['12.5 kg', [content({ type: 'number', number: { min: '0', max: '99', decimals: 1, unit: 'kg' } }), { value: '12.5' }]],
    ['7', [content({ type: 'number', number: { min: '0', max: '99', decimals: 1 } }), { value: '7' }]],
    [`${'x'.repeat(59)}…`, [content({ type: 'text' }), { value: 'x'.repeat(61) }]],
    ['1 box', [content({ type: 'boxes' }), { value: [{ class: 0, h: 1, w: 1, x: 0, y: 0 }] }]],
    ['2 boxes', [content({ type: 'boxes' }), { value: [{}, {}] }]],
    ['Nothing to mark', [content({ type: 'boxes' }), { value: [] }]],
    ['“🏠 in”', [content({ type: 'spans', passage: 'A 🏠 in Ulm' }), { value: [{ class: 0, end: 6, start: 2 }] }]],
    ['an answer of an unknown form', [content({ type: 'boxes' }), { value: { odd: 1 } }]],
  ])('%s', (want, args) => expect(words(...args)).toBe(want))
})

describe('what a question lacks in words', () => {
  it('is said for it', () => expect([fallback({ type: 'choice' }), fallback({ type: 'choice', audio: {} as Content['audio'] }), fallback({ type: 'pair' })]).toEqual(['What do you see?', 'What do you hear?', 'Which is better?']))
  it.each([
    ['Choose all that fit.', {}],
    ['Choose up to 2.', { most: 2 }],
    ['Choose 1 or more.', { least: 1, most: 3 }],
    ['Choose 1 to 2.', { least: 1, most: 2 }],
    ['Choose 2.', { least: 2, most: 2 }],
  ])('multiple: %s', (want, bounds) => expect(hint(content({ type: 'multiple', ...bounds }))).toBe(want))
})

describe('a selection', () => {
  it('is kept ascending', () => expect([toggle([0, 2], 1), toggle([0, 2], 2), toggle([], 1)]).toEqual([[0, 1, 2], [0], [1]]))
  it('says what it lacks', () => expect([fault(0, 2, 3), fault(1, 2, 3), fault(2, 2, 3), fault(4, 2, 3)]).toEqual(['2 more.', 'One more.', undefined, 'At most 3.']))
})

describe('a ranking', () => {
  it('moves one and keeps the others in order', () => expect([moved([0, 1, 2, 3], 3, 0), moved([0, 1, 2, 3], 0, 2), moved([0, 1], 1, 1)]).toEqual([[3, 0, 1, 2], [1, 2, 0, 3], [0, 1]]))
  it('finds the place under the finger', () => {
    const middles = [50, 100, 150]
    expect([placeFor(middles, 0, 40), placeFor(middles, 0, 120), placeFor(middles, 0, 999), placeFor(middles, 2, 60), placeFor(middles, 2, 10)]).toEqual([0, 1, 2, 1, 0])
  })
})

describe('a text', () => {
  it('is signed without what hides or surrounds it', () => expect(plainText('  a\r\nb\tc\u0007\u202e\u2028d \u00a0')).toBe('a\nb c\nd'))
  it('has one form for a letter and its accent', () => expect(plainText('e\u0301')).toBe('é'))
  it('has as many characters as people count', () => expect(length('🏠a')).toBe(2))
  it('has no halves of a character', () => expect(plainText('a\ud83cb')).toBe('ab'))
})

describe('a history', () => {
  it('goes back step by step, and not past the start', () => {
    const h = next(next(begin('a'), 'b'), 'c')
    expect([back(h).now, back(back(h)).now, back(back(back(h))).now]).toEqual(['b', 'a', 'a'])
    expect(next(h, 'c')).toBe(h)
  })
})

describe('a view of a picture', () => {
  const picture = { width: 200, height: 100 }
  const room = { width: 100, height: 100 }
  const whole = fit(picture, room)
  it('shows all of it, in the middle', () => expect(whole).toEqual({ scale: 0.5, x: 0, y: 25 }))
  it('keeps what lies under the finger when it is zoomed', () => {
    const at = { x: 60, y: 50 }
    const near = zoom(whole, picture, room, 4, at)
    expect(near.scale).toBe(2)
    expect(toPicture(near, at)).toEqual(toPicture(whole, at))
  })
  it('never leaves a gap, nor goes out of bounds', () => {
    expect(zoom(whole, picture, room, 0.1, { x: 0, y: 0 })).toEqual(whole)
    expect(zoom(whole, picture, room, 1000, { x: 0, y: 0 }).scale).toBe(6)
    const near = zoom(whole, picture, room, 4, { x: 0, y: 50 })
    expect(pan(near, picture, room, 999, 0).x).toBe(0)
    expect(pan(near, picture, room, -999, 0).x).toBe(-300)
  })
  it('maps there and back', () => {
    const near = zoom(whole, picture, room, 3, { x: 20, y: 60 })
    expect(toRoom(near, toPicture(near, { x: 33, y: 44 }))).toEqual({ x: 33, y: 44 })
    expect(middle(whole, room)).toEqual({ x: 100, y: 50 })
  })
})
