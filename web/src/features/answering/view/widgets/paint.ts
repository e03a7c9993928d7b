import type { Rect } from '../../shared/mask'
import type { Size } from '../../shared/values'

/** Of 255: the picture stays to be seen under the paint. */
const opacity = 150
/** Classes past the series' five colours have stripes of this many pixels. */
const stripe = 6

/** The colour of each class, from the page's tokens. */
export function paintColours(element: Element, classes: number): Uint8ClampedArray[] {
  const style = getComputedStyle(element)
  return Array.from({ length: classes }, (_, i) => {
    const hex = style.getPropertyValue(`--s${(i % 5) + 1}`).trim().slice(1)
    return Uint8ClampedArray.of(...[0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)))
  })
}

/** Writes the pixels of a rectangle of a map as colours into data, which holds that rectangle alone. */
export function tint(data: Uint8ClampedArray, map: Uint8Array, picture: Size, rect: Rect, colours: Uint8ClampedArray[]): void {
  let at = 0
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++, at += 4) {
      const label = map[y * picture.width + x]!
      if (label === 0) continue
      const [r, g, b] = colours[label - 1]!
      const striped = label > 5 && Math.floor((x + y) / stripe) % 2 === 0
      data[at] = r!
      data[at + 1] = g!
      data[at + 2] = b!
      data[at + 3] = striped ? opacity / 2 : opacity
    }
  }
}
