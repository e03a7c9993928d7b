import { expect, it } from 'vitest'
import { given, sitting, undone } from './sitting'

it('counts what is answered in a row, without what was undone, and begins anew after a pause', () => {
  const start = 10_000_000
  given('0.018', start)
  given('0.02', start + 5000)
  expect(sitting.value).toMatchObject({ answers: 2, pays: 38_000n })
  undone('0.02')
  expect(sitting.value).toMatchObject({ answers: 1, pays: 18_000n })
  given('0.01', start + 20 * 60_000)
  expect(sitting.value).toMatchObject({ answers: 2, pays: 28_000n })
  given('0.01', start + 51 * 60_000)
  expect(sitting.value).toMatchObject({ answers: 1, pays: 10_000n })
  undone('0.01')
  undone('0.01')
  expect(sitting.value).toMatchObject({ answers: 0, pays: 0n })
})
