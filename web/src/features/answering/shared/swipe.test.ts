import { expect, it } from 'vitest'
import { swept } from './swipe'

it.each<[string, [number, number], [number, number], number, boolean, string | undefined]>([
  ['to the left', [300, 400], [180, 410], 200, false, 'forward'],
  ['to the right', [100, 400], [260, 380], 200, false, 'back'],
  ['to the left where lines run to the left', [300, 400], [180, 400], 200, true, 'back'],
  ['to the right where lines run to the left', [100, 400], [260, 400], 200, true, 'forward'],
  ['a tap', [200, 400], [206, 402], 80, false, undefined],
  ['a short way', [200, 400], [140, 400], 80, false, undefined],
  ['slowly', [300, 400], [150, 400], 900, false, undefined],
  ['a scroll', [300, 400], [200, 500], 200, false, undefined],
  ['from the edge', [10, 400], [200, 400], 200, false, undefined],
  ['from the other edge', [380, 400], [200, 400], 200, false, undefined],
])('%s', (_, from, to, ms, rtl, want) => {
  expect(swept({ x: from[0], y: from[1], ms: 0 }, { x: to[0], y: to[1], ms }, 390, rtl)).toBe(want)
})
