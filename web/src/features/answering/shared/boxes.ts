import { clamp, type Box, type Point, type Size } from './values'
import { widgets as t } from '../../../language/en/widgets'

// Boxes on a picture, in whole pixels, always within it and at least one pixel wide and high.

export const corners = ['nw', 'ne', 'sw', 'se'] as const
export type Corner = (typeof corners)[number]

/** The box between two points, wherever they are. */
export function between(a: Point, b: Point, picture: Size, cls: number): Box {
  const [x, w] = extent(a.x, b.x, picture.width)
  const [y, h] = extent(a.y, b.y, picture.height)
  return { class: cls, h, w, x, y }
}

function extent(a: number, b: number, length: number): [number, number] {
  const from = clamp(Math.round(Math.min(a, b)), 0, length - 1)
  const to = clamp(Math.round(Math.max(a, b)), from + 1, length)
  return [from, to - from]
}

export function corner(box: Box, which: Corner): Point {
  return { x: which.includes('w') ? box.x : box.x + box.w, y: which.includes('n') ? box.y : box.y + box.h }
}

/** The box with one corner moved to a point; the opposite one stays. */
export function stretch(box: Box, which: Corner, to: Point, picture: Size): Box {
  const opposite = { nw: 'se', ne: 'sw', sw: 'ne', se: 'nw' } as const
  return between(corner(box, opposite[which]), to, picture, box.class)
}

export function move(box: Box, dx: number, dy: number, picture: Size): Box {
  return { ...box, x: clamp(box.x + Math.round(dx), 0, picture.width - box.w), y: clamp(box.y + Math.round(dy), 0, picture.height - box.h) }
}

/** The box with its right and lower edges moved. */
export function grow(box: Box, dw: number, dh: number, picture: Size): Box {
  return { ...box, w: clamp(box.w + dw, 1, picture.width - box.x), h: clamp(box.h + dh, 1, picture.height - box.y) }
}

export type Hit = { on: 'corner'; corner: Corner } | { on: 'box'; index: number }

/**
 * What a finger at a point is on: a corner of the selected box within reach, or the inside of a box, the selected one
 * before others and the smallest of those. In a box smaller than a finger the middle moves it and the corners stretch it.
 */
export function hit(boxes: Box[], at: Point, selected: number | undefined, reach: number): Hit | undefined {
  const chosen = selected === undefined ? undefined : boxes[selected]
  if (chosen) {
    const inside = contains(chosen, at)
    const toMiddle = distance(at, { x: chosen.x + chosen.w / 2, y: chosen.y + chosen.h / 2 })
    const near = corners.map((c) => ({ c, d: distance(at, corner(chosen, c)) })).sort((a, b) => a.d - b.d)[0]!
    if (near.d <= reach && !(inside && toMiddle < near.d)) return { on: 'corner', corner: near.c }
    if (inside) return { on: 'box', index: selected! }
  }
  const under = boxes.map((box, index) => ({ box, index })).filter(({ box }) => contains(box, at))
  const smallest = under.sort((a, b) => a.box.w * a.box.h - b.box.w * b.box.h)[0]
  return smallest && { on: 'box', index: smallest.index }
}

function contains(box: Box, at: Point): boolean {
  return at.x >= box.x && at.x <= box.x + box.w && at.y >= box.y && at.y <= box.y + box.h
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** A box in words. */
export function describe(box: Box, classes: string[]): string {
  return t('boxIs', { class: classes[box.class] ?? '', width: box.w, height: box.h, x: box.x, y: box.y })
}
