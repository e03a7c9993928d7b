import { clamp, type Point, type Size } from './values'

/** Where a picture lies in its room: a pixel p of it is drawn at p * scale + (x, y). */
export interface View {
  scale: number
  x: number
  y: number
}

/** How much larger than the whole picture one may look at it. */
const closest = 12

/** The whole picture, in the middle. */
export function fit(picture: Size, room: Size): View {
  const scale = Math.min(room.width / picture.width, room.height / picture.height)
  return settle({ scale, x: 0, y: 0 }, picture, room)
}

/** The view with the picture in place: no gap at an edge where there is more of it, the middle where there is not. */
function settle(view: View, picture: Size, room: Size): View {
  const along = (at: number, length: number, space: number) => (length <= space ? (space - length) / 2 : clamp(at, space - length, 0))
  return { scale: view.scale, x: along(view.x, picture.width * view.scale, room.width), y: along(view.y, picture.height * view.scale, room.height) }
}

/** Zooms by a factor; what lies under the point of the room stays under it where the edges let it. */
export function zoom(view: View, picture: Size, room: Size, factor: number, at: Point): View {
  const whole = fit(picture, room).scale
  const scale = clamp(view.scale * factor, whole, whole * closest)
  const by = scale / view.scale
  return settle({ scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, picture, room)
}

export function pan(view: View, picture: Size, room: Size, dx: number, dy: number): View {
  return settle({ scale: view.scale, x: view.x + dx, y: view.y + dy }, picture, room)
}

/** The point of the picture that is drawn at a point of the room. */
export function toPicture(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale }
}

/** Where a point of the picture is drawn. */
export function toRoom(view: View, at: Point): Point {
  return { x: at.x * view.scale + view.x, y: at.y * view.scale + view.y }
}

/** The middle of what is seen, in pixels of the picture. */
export function middle(view: View, room: Size): Point {
  return toPicture(view, { x: room.width / 2, y: room.height / 2 })
}
