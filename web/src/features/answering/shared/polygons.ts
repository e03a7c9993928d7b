import { clamp, type Point, type Polygon, type Size } from './values'
import { widgets as t } from '../../../language/en/widgets'

// Outlines on a picture: corners in whole pixels, from 0 to its width and height.

/** The corners of an outline as points. */
export function points(polygon: Polygon): Point[] {
  return Array.from({ length: polygon.points.length / 2 }, (_, i) => ({ x: polygon.points[2 * i]!, y: polygon.points[2 * i + 1]! }))
}

export function outline(corners: Point[], cls: number): Polygon {
  return { class: cls, points: corners.flatMap((p) => [p.x, p.y]) }
}

/** The nearest whole pixel within the picture. */
export function whole(at: Point, picture: Size): Point {
  return { x: clamp(Math.round(at.x), 0, picture.width), y: clamp(Math.round(at.y), 0, picture.height) }
}

export function near(a: Point, b: Point, reach: number): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) <= reach
}

/** The corner within reach of a point, the nearest first; undefined for none. */
export function cornerAt(corners: Point[], at: Point, reach: number): number | undefined {
  const found = corners.map((p, i) => ({ i, d: Math.hypot(p.x - at.x, p.y - at.y) })).sort((a, b) => a.d - b.d)[0]
  return found && found.d <= reach ? found.i : undefined
}

/** After which corner a new one at this point belongs: the side within reach, undefined for none. */
export function sideAt(corners: Point[], at: Point, reach: number): number | undefined {
  const found = corners.map((a, i) => ({ i, d: toSide(at, a, corners[(i + 1) % corners.length]!) })).sort((a, b) => a.d - b.d)[0]
  return found && found.d <= reach ? found.i : undefined
}

function toSide(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const along = dx === 0 && dy === 0 ? 0 : clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy), 0, 1)
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy)
}

/** The last drawn outline that a point lies in, by counting the sides that a line to the right crosses. */
export function outlineAt(polygons: Polygon[], at: Point): number | undefined {
  const index = polygons.findLastIndex((polygon) => {
    const corners = points(polygon)
    let inside = false
    corners.forEach((a, i) => {
      const b = corners[(i + 1) % corners.length]!
      if (a.y > at.y !== b.y > at.y && at.x < ((b.x - a.x) * (at.y - a.y)) / (b.y - a.y) + a.x) inside = !inside
    })
    return inside
  })
  return index < 0 ? undefined : index
}

/** The outline moved, no corner of it beyond the picture. */
export function shift(polygon: Polygon, dx: number, dy: number, picture: Size): Polygon {
  const all = points(polygon)
  const xs = all.map((p) => p.x)
  const ys = all.map((p) => p.y)
  const x = clamp(Math.round(dx), -Math.min(...xs), picture.width - Math.max(...xs))
  const y = clamp(Math.round(dy), -Math.min(...ys), picture.height - Math.max(...ys))
  return outline(all.map((p) => ({ x: p.x + x, y: p.y + y })), polygon.class)
}

/** An outline in words. */
export function describe(polygon: Polygon, classes: string[]): string {
  const all = points(polygon)
  const left = Math.min(...all.map((p) => p.x))
  const top = Math.min(...all.map((p) => p.y))
  return t('outlineIs', { class: classes[polygon.class] ?? '', corners: all.length, left, top, right: Math.max(...all.map((p) => p.x)), bottom: Math.max(...all.map((p) => p.y)) })
}
