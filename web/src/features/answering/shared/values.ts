// The forms of values, key for key as they are signed. Types and not interfaces, so that they are canonical JSON to the compiler too.

export interface Size {
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

/** A rectangle in whole pixels of the picture, from the top left. */
export type Box = {
  class: number
  h: number
  w: number
  x: number
  y: number
}

/** An outline: x and y of one corner after the other, in whole pixels. */
export type Polygon = {
  class: number
  points: number[]
}

/** Which pixels are of a class: lengths of runs that are not and that are, in turn, column by column, as COCO writes them. */
export type ClassMask = {
  class: number
  counts: number[]
}

/** A piece of the passage in Unicode code points, its end exclusive. */
export type Span = {
  class: number
  end: number
  start: number
}

export function clamp(n: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, n))
}
