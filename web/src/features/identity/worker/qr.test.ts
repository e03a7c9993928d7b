import { expect, it } from 'vitest'
import { qr } from './qr'

const key = '0123456789abcdef'.repeat(4)

/** Whether each square of a drawn code is dark. */
function squares({ size, path }: { size: number; path: string }): boolean[][] {
  const dark = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  for (const [, x, y, n] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) dark[Number(y)]!.fill(true, Number(x), Number(x) + Number(n))
  return dark
}

it('has the three corners by which cameras find it, and a quiet border of four', () => {
  const code = qr(`https://answers.example/move#mov_06h095a55d9wqrf76kqae4r4zc.${key}`)
  const dark = squares(code)
  const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
  const at = (x: number, y: number) => finder.map((row, j) => [...row].map((_, i) => (dark[y + j]![x + i] ? '#' : '.')).join(''))
  for (const [x, y] of [[4, 4], [code.size - 11, 4], [4, code.size - 11]] as const) expect(at(x, y)).toEqual(finder)
  for (let i = 0; i < code.size; i++) for (const edge of [0, 1, 2, 3, code.size - 4, code.size - 1]) expect([dark[i]![edge], dark[edge]![i]]).toEqual([false, false])
})

it('is small enough for the screen of a small phone', () => expect(qr(`https://${'a'.repeat(40)}.example/move#mov_06h095a55d9wqrf76kqae4r4zc.${key}`).size).toBeLessThanOrEqual(65))
