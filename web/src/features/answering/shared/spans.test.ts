import { describe, expect, it } from 'vitest'
import { across, codePoints, mark, pieces, trimmed, wordsOf } from './spans'

const text = 'Das Haus 🏠 steht in Ulm.'
const said = (piece: { start: number; end: number }) => [...text].slice(piece.start, piece.end).join('')

describe('the words of a passage', () => {
  it('are placed by code points: an emoji is one', () => {
    expect(wordsOf(text).map(said)).toEqual(['Das', 'Haus', 'steht', 'in', 'Ulm'])
    expect(wordsOf(text)[2]).toEqual({ start: 11, end: 16 })
  })
  it('go from one to another in either order', () => {
    const words = wordsOf(text)
    expect(across(words, 1, 2)).toEqual({ start: 4, end: 16 })
    expect(across(words, 2, 1)).toEqual({ start: 4, end: 16 })
  })
  it('are told from places in a JavaScript string', () => {
    expect([codePoints(text, 9), codePoints(text, 11), codePoints(text, 12)]).toEqual([9, 10, 11])
    expect(trimmed([...text], { start: 3, end: 10 })).toEqual({ start: 4, end: 10 })
    expect(trimmed([...text], { start: 3, end: 4 })).toBeUndefined()
  })
})

describe('a mark', () => {
  const spans = [{ class: 0, end: 3, start: 0 }, { class: 1, end: 8, start: 4 }]
  it('is put in its place', () => expect(mark(spans, { class: 0, end: 6, start: 5 })).toEqual([spans[0], spans[1], { class: 0, end: 6, start: 5 }]))
  it('swallows those of its class that it overlaps, and no others', () => {
    expect(mark(spans, { class: 0, end: 5, start: 2 })).toEqual([{ class: 0, end: 5, start: 0 }, spans[1]])
    expect(mark(spans, { class: 1, end: 12, start: 6 })).toEqual([spans[0], { class: 1, end: 12, start: 4 }])
  })
  it('that only touches stays apart', () => expect(mark(spans, { class: 0, end: 5, start: 3 })).toEqual([spans[0], { class: 0, end: 5, start: 3 }, spans[1]]))
  it('is not put twice', () => expect(mark(spans, spans[0]!)).toEqual(spans))
  it('cuts the text where anything begins or ends', () => {
    expect(pieces(10, [{ start: 2, end: 5 }, { start: 4, end: 10 }])).toEqual([{ start: 0, end: 2 }, { start: 2, end: 4 }, { start: 4, end: 5 }, { start: 5, end: 10 }])
    expect(pieces(3, [])).toEqual([{ start: 0, end: 3 }])
  })
})
