import { describe, expect, test } from 'vitest'
import type { JobProgress } from '../../api/shared/jobs'
import { curveOf, levels, roof, rows, sentence } from './curve'

const report = (step: number, epoch: number, loss: number, validation?: number): JobProgress => ({ step, of: 100, epoch, loss, ...(validation !== undefined && { validation, accuracy: 0.5 }) })
const lease = (began: number, curve: JobProgress[], from_step = 0) => ({ part: 0, began_at: `2026-11-2${began}T00:00:00Z`, curve, progress: curve.at(-1) ?? { step: 0, of: 0 }, why: { turn: 0, waiting: 1, local_bytes: 0, rows: 1, operations: 1, from_step } })

describe('the curve of a training', () => {
  test('has the loss held out once for each epoch, where the epoch ended', () => {
    const curve = curveOf([lease(1, [report(5, 0, 2), report(10, 1, 1.8, 1.9), report(15, 1, 1.5, 1.9), report(22, 2, 1.2, 1.3)])], 10)!
    expect(curve.unit).toBe('epoch')
    expect(curve.training.map((p) => p.at)).toEqual([0.5, 1, 1.5, 2.2])
    expect(curve.validation.map((p) => [p.at, p.loss])).toEqual([[1, 1.9], [2, 1.3]])
    expect(curve.best?.loss).toBe(1.3)
    expect(curve.end).toBe(10)
    expect(sentence(curve)).toBe('Loss in training: from 2.00 to 1.20 after 2.2 epochs. On tasks held out: from 1.90 to 1.30, the lowest 1.30 after 2 epochs.')
    expect(rows(curve).rows).toEqual([[1, '1.80', '1.90', '50.0 %'], [2, '1.50', '1.30', '50.0 %']])
  })

  test('goes on where another node went on, whatever the first did after its checkpoint', () => {
    const curve = curveOf([lease(2, [report(30, 3, 0.9, 0.8)], 20), lease(1, [report(10, 1, 2, 2), report(20, 2, 1, 1), report(25, 2, 0.1, 1)])], 10)!
    expect(curve.training.map((p) => p.loss)).toEqual([2, 1, 0.9])
    expect(curve.handed).toEqual([2])
  })

  test('drops what a node that was started again does again', () => {
    expect(curveOf([lease(1, [report(10, 1, 2), report(20, 2, 1), report(10, 1, 1.9), report(20, 2, 0.9)])], 10)!.training.map((p) => p.loss)).toEqual([1.9, 0.9])
  })

  test('is none while nothing was told, and goes by steps where nobody knows the epochs', () => {
    expect(curveOf([lease(1, [])], 10)).toBeUndefined()
    expect(curveOf([], undefined)).toBeUndefined()
    const curve = curveOf([lease(1, [report(10, 1, 2, 2)])], undefined)!
    expect([curve.unit, curve.training[0]!.at, curve.end]).toEqual(['step', 10, 100])
  })
})

test('levels are round, few, and reach the largest', () => {
  expect(levels(2.3)).toEqual([0, 1, 2, 3])
  expect(levels(0.37)).toEqual([0, 0.1, 0.2, 0.3, 0.4])
  expect(levels(0.3)).toEqual([0, 0.1, 0.2, 0.3])
  expect(levels(0.0042)).toEqual([0, 0.002, 0.004, 0.006])
  expect(levels(140)).toEqual([0, 50, 100, 150])
  for (const none of [0, NaN, Infinity]) expect(levels(none)).toEqual([0, 1])
})

test('a first loss that dwarfs the rest is cut off', () => {
  const of = (...losses: number[]) => ({ unit: 'step' as const, training: losses.map((loss, at) => ({ at, loss })), validation: [], handed: [], end: 10 })
  expect(roof(of(2, 1, 0.5))).toEqual({ top: 2, cut: false })
  const fell = of(400, ...Array<number>(20).fill(1))
  expect(roof(fell)).toEqual({ top: 2, cut: true })
})
