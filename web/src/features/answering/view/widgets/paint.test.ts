import { expect, it } from 'vitest'
import { tint } from './paint'

const colours = [1, 2, 3, 4, 5, 6].map((n) => Uint8ClampedArray.of(n, 10 * n, 20 * n))

it('paint has the colour of its class, and what is not painted stays clear', () => {
  const map = Uint8Array.of(0, 1, 2, 0, 3, 0)
  const data = new Uint8ClampedArray(4 * 4)
  tint(data, map, { width: 3, height: 2 }, { x: 1, y: 0, width: 2, height: 2 }, colours)
  expect([...data]).toEqual([1, 10, 20, 150, 2, 20, 40, 150, 3, 30, 60, 150, 0, 0, 0, 0])
})

it('a class that shares a colour has stripes', () => {
  const data = new Uint8ClampedArray(8 * 4)
  tint(data, new Uint8Array(8).fill(6), { width: 8, height: 1 }, { x: 0, y: 0, width: 8, height: 1 }, colours)
  expect([0, 5, 6, 7].map((x) => data[4 * x + 3])).toEqual([75, 75, 150, 150])
})
