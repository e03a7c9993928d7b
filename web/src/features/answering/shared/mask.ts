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
export function encode(map: Uint8Array, picture: Size): ClassMask[] {
  const { width, height } = picture
  const present = new Set(map)
  present.delete(0)
  return [...present]
    .sort((a, b) => a - b)
    .map((label) => {
      const counts: number[] = []
      let on = false
      let run = 0
      for (let x = 0; x < width; x++) {
        for (let at = x; at < width * height; at += width) {
          if ((map[at] === label) === on) {
            run++
          } else {
            counts.push(run)
            on = !on
            run = 1
          }
        }
      }
      return { class: label - 1, counts: [...counts, run] }
    })
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
