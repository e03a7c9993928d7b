import { canonical } from '../../proof/shared/canonical'
import { valueBytesMax } from './types'
import { clamp, type ClassMask, type Point, type Size } from './values'

// Painted areas: one byte a pixel, row by row, 0 for nothing and class + 1 otherwise. A pixel is of one class.

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

/** Paints all pixels whose middle is within radius of the line from one point to the other, and tells where it painted. */
export function paint(map: Uint8Array, picture: Size, from: Point, to: Point, radius: number, label: number): Rect | undefined {
  const rect = reached(picture, from, to, radius)
  if (!rect) return undefined
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y]
      const along = length === 0 ? 0 : clamp((px * dx + py * dy) / length, 0, 1)
      const [ox, oy] = [px - along * dx, py - along * dy]
      if (ox * ox + oy * oy <= radius * radius) map[y * picture.width + x] = label
    }
  }
  return rect
}

/** The pixels that a stroke may reach; undefined when it lies beside the picture. */
export function reached(picture: Size, from: Point, to: Point, radius: number): Rect | undefined {
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - radius))
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius))
  const right = Math.min(picture.width, Math.ceil(Math.max(from.x, to.x) + radius))
  const bottom = Math.min(picture.height, Math.ceil(Math.max(from.y, to.y) + radius))
  return right <= left || bottom <= top ? undefined : { x: left, y: top, width: right - left, height: bottom - top }
}

/** A copy of the pixels in a rectangle, row by row. */
export function cut(map: Uint8Array, picture: Size, rect: Rect): Uint8Array {
  const out = new Uint8Array(rect.width * rect.height)
  for (let y = 0; y < rect.height; y++) out.set(map.subarray((rect.y + y) * picture.width + rect.x, (rect.y + y) * picture.width + rect.x + rect.width), y * rect.width)
  return out
}

/** Puts back what cut took. */
export function paste(map: Uint8Array, picture: Size, rect: Rect, pixels: Uint8Array): void {
  for (let y = 0; y < rect.height; y++) map.set(pixels.subarray(y * rect.width, (y + 1) * rect.width), (rect.y + y) * picture.width + rect.x)
}

/** The run lengths of every class that is there, in COCO's order: column by column, starting with pixels that are not of the class. */
export function encode(map: Uint8Array, { width, height }: Size): ClassMask[] {
  const masks = new Map<number, { counts: number[]; end: number }>() // where its last full run ended
  const turn = (label: number, at: number) => {
    if (label === 0) return
    const mask = masks.get(label) ?? { counts: [], end: 0 }
    masks.set(label, mask)
    mask.counts.push(at - mask.end)
    mask.end = at
  }
  let [label, at] = [0, 0]
  for (let x = 0; x < width; x++) {
    for (let place = x; place < width * height; place += width, at++) {
      if (map[place] === label) continue
      turn(label, at)
      label = map[place]!
      turn(label, at)
    }
  }
  return [...masks].sort(([a], [b]) => a - b).map(([l, { counts, end }]) => ({ class: l - 1, counts: [...counts, at - end] }))
}

/** How much of what can be sent masks need, 1 being all of it. */
export function weight(masks: ClassMask[]): number {
  return canonical(masks).length / valueBytesMax
}

/**
 * A map without runs of a column that are shorter than least: a short one goes to the run above it, at the top to the one
 * below; many short ones in a row that are long enough together become what most of their pixels are.
 */
export function thinned(map: Uint8Array, { width, height }: Size, least: number): Uint8Array {
  const out = map.slice()
  for (let x = 0; x < width; x++) {
    const at = (y: number) => map[y * width + x]!
    const give = (from: number, to: number, above: number | undefined, below: number | undefined) => {
      const label = to - from >= least ? undefined : (above ?? below)
      const most = label ?? mostOf(at, from, to)
      for (let y = from; y < to; y++) out[y * width + x] = most
    }
    let above: number | undefined
    let short = 0 // where the short runs begin that nobody has yet
    for (let y = 0, end = 0; y < height; y = end) {
      const label = at(y)
      for (end = y + 1; end < height && at(end) === label; end++);
      if (end - y < least) continue
      give(short, y, above, label)
      above = label
      short = end
    }
    give(short, height, above, undefined)
  }
  return out
}

/** The label of most pixels from one place of a column to another. */
function mostOf(at: (y: number) => number, from: number, to: number): number {
  const counts = new Uint32Array(256)
  let most = 0
  for (let y = from; y < to; y++) if (++counts[at(y)]! > counts[most]! || y === from) most = at(y)
  return most
}

/**
 * A map that is at most this heavy. Each run that goes saves two numbers however long it was, so the shortest go first:
 * nothing else changes as few pixels.
 */
export function simplified(map: Uint8Array, picture: Size, most: number): Uint8Array {
  const fits = (tried: Uint8Array) => weight(encode(tried, picture)) <= most
  if (fits(map)) return map
  let [low, high] = [1, 2] // runs of low are too many
  let best = thinned(map, picture, high)
  while (high <= picture.height && !fits(best)) {
    ;[low, high] = [high, 2 * high]
    best = thinned(map, picture, high)
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const tried = thinned(map, picture, middle)
    if (fits(tried)) [high, best] = [middle, tried]
    else low = middle
  }
  return best
}

/** The map that run lengths describe. Of overlapping classes the last is kept. */
export function decode(masks: ClassMask[], picture: Size): Uint8Array {
  const { width, height } = picture
  const map = new Uint8Array(width * height)
  for (const mask of masks) {
    let at = 0
    mask.counts.forEach((run, i) => {
      if (i % 2 === 1) for (let k = at; k < Math.min(at + run, map.length); k++) map[(k % height) * width + Math.floor(k / height)] = mask.class + 1
      at += run
    })
  }
  return map
}

/** How much of the picture each class covers, in parts of 1. */
export function cover(map: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes + 1).fill(0)
  for (const label of map) counts[label]!++
  return counts.slice(1).map((n) => n / map.length)
}
