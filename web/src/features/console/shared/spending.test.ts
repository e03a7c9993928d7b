import { expect, test } from 'vitest'
import type { SpendingPart } from '../../api/shared/money'
import { perDay } from './spending'

const part = (day: string, cost: string) => ({ day, cost }) as SpendingPart

test('days without anything are there, across the end of a month', () => {
  expect(perDay('2026-10-30', '2026-11-02', [part('2026-10-31', '0.5'), part('2026-11-02', '1.25')])).toEqual([
    { day: '2026-10-30', sum: 0n },
    { day: '2026-10-31', sum: 500_000n },
    { day: '2026-11-01', sum: 0n },
    { day: '2026-11-02', sum: 1_250_000n },
  ])
})
