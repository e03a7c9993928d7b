/** The order with the item of one place put at another. */
export function moved(order: number[], from: number, to: number): number[] {
  const rest = order.filter((_, i) => i !== from)
  return [...rest.slice(0, to), order[from]!, ...rest.slice(to)]
}

/** The place for an item whose middle is at y, among rows with these middles from top to bottom, its own included at from. */
export function placeFor(middles: number[], from: number, y: number): number {
  return middles.filter((middle, i) => i !== from && middle < y).length
}
