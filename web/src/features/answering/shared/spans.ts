import type { Span } from './values'

// Marks on a passage. All places are counted in Unicode code points, as they are signed: an emoji is one place here and
// two in a JavaScript string.

/** A piece of text from start up to but without end. */
export interface Piece {
  start: number
  end: number
}

/** The words of a text; where the language writes none apart, as its readers would part them. */
export function wordsOf(text: string): Piece[] {
  const found: Piece[] = []
  let at = 0
  if (typeof Intl.Segmenter === 'function') {
    for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
      const length = [...segment].length
      if (isWordLike) found.push({ start: at, end: at + length })
      at += length
    }
    return found
  }
  for (const part of text.split(/(\s+)/)) {
    const length = [...part].length
    if (part.trim()) found.push({ start: at, end: at + length })
    at += length
  }
  return found
}

/** The spans with one more: it swallows those of its class that it overlaps. In the order in which they are signed. */
export function mark(spans: Span[], added: Span): Span[] {
  const merged = { ...added }
  const rest = spans.filter((s) => {
    if (s.class !== merged.class || s.end <= merged.start || s.start >= merged.end) return true
    merged.start = Math.min(merged.start, s.start)
    merged.end = Math.max(merged.end, s.end)
    return false
  })
  // What it grew by may touch others of its class; they did not overlap before, so they do not now.
  return [...rest, merged].sort((a, b) => a.start - b.start || a.end - b.end || a.class - b.class)
}

/** A piece without the white space at its ends; undefined when nothing is left. */
export function trimmed(text: string[], piece: Piece): Piece | undefined {
  let { start, end } = piece
  while (start < end && !text[start]!.trim()) start++
  while (end > start && !text[end - 1]!.trim()) end--
  return start < end ? { start, end } : undefined
}

/** The text cut at every place where something begins or ends, so that each piece is drawn in one way. */
export function pieces(length: number, cuts: Piece[]): Piece[] {
  const places = [...new Set([0, length, ...cuts.flatMap((c) => [c.start, c.end])])].filter((p) => p >= 0 && p <= length).sort((a, b) => a - b)
  return places.slice(1).map((end, i) => ({ start: places[i]!, end }))
}

/** How many code points lie before a place in a JavaScript string. A place within a pair counts as after it. */
export function codePoints(text: string, units: number): number {
  return [...text.slice(0, units)].length
}

/** The words from one to another, whichever comes first. */
export function across(words: Piece[], first: number, last: number): Piece {
  const [a, b] = first <= last ? [first, last] : [last, first]
  return { start: words[a]!.start, end: words[b]!.end }
}
