import type { JobLease } from '../../api/shared/jobs'

// How the loss of a training fell, put together from what its nodes have told. Nothing here draws.

export interface Point {
  /** In epochs where it is known how many there are at most, in steps otherwise. */
  at: number
  loss: number
}

export interface Curve {
  unit: 'epoch' | 'step'
  training: Point[]
  /** After each epoch, on the tasks held out. */
  validation: (Point & { accuracy?: number | undefined })[]
  /** The lowest of those. */
  best?: Point | undefined
  /** Where another node went on. */
  handed: number[]
  /** Where training ends at the latest. */
  end: number
}

type Told = Pick<JobLease, 'part' | 'began_at' | 'why' | 'curve' | 'progress'>

/**
 * The curve of a training that one node after another has worked at. What came after the checkpoint that the next one went on
 * from does not count, nor what a node did again.
 */
export function curveOf(leases: Told[], epochs: number | undefined): Curve | undefined {
  const told = leases.filter((l) => (l.curve?.length ?? 0) > 0 || l.progress.loss !== undefined).sort((a, b) => a.began_at.localeCompare(b.began_at))
  const points: JobLease['progress'][] = []
  const handed: number[] = []
  for (const [i, lease] of told.entries()) {
    const from = lease.why.from_step ?? 0
    const before = points.length
    while (i > 0 && points.length > 0 && points.at(-1)!.step > from) points.pop()
    if (i > 0 && before > 0) handed.push(from)
    for (const p of [...(lease.curve ?? []), lease.progress]) {
      if (p.of === 0 || (p.loss === undefined && p.validation === undefined)) continue
      while (points.length > 0 && points.at(-1)!.step >= p.step) points.pop()
      points.push(p)
    }
  }
  const of = points.at(-1)?.of
  if (!of) return undefined
  const whole = epochs ? of / epochs : 1
  const curve: Curve = { unit: epochs ? 'epoch' : 'step', training: [], validation: [], handed: handed.map((step) => step / whole), end: of / whole }
  let seen = 0
  for (const p of points) {
    if (p.loss !== undefined) curve.training.push({ at: p.step / whole, loss: p.loss })
    // Until the next epoch ends the loss on what is held out is that of the last one, told again.
    if (p.validation !== undefined && (p.epoch ?? 0) !== seen) {
      seen = p.epoch ?? 0
      const found = { at: epochs ? seen : p.step, loss: p.validation, accuracy: p.accuracy }
      curve.validation.push(found)
      if (!curve.best || found.loss < curve.best.loss) curve.best = found
    }
  }
  return curve
}

/** Round values from 0 up to or past the largest, at most `most` of them above 0. They may be fractions. */
export function levels(largest: number, most = 4): number[] {
  if (!(largest > 0) || !Number.isFinite(largest)) return [0, 1]
  const rough = largest / most
  const scale = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((n) => n * scale).find((n) => n >= rough * (1 - 1e-9))!
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  return Array.from({ length: Math.ceil(largest / step - 1e-9) + 1 }, (_, i) => Number((i * step).toFixed(digits)))
}

/** The largest loss that has room: a first one that is much larger than the rest is cut off, and said to be. */
export function roof(curve: Curve): { top: number; cut: boolean } {
  const all = [...curve.training, ...curve.validation].map((p) => p.loss).sort((a, b) => a - b)
  const most = all.at(-1) ?? 1
  const usual = all[Math.floor(all.length * 0.9)] ?? most
  return most > 5 * usual && usual > 0 ? { top: 2 * usual, cut: true } : { top: most, cut: false }
}

/** A loss as people read it. */
export function loss(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(3)
}

/** The curve in a sentence, with its range and its last values. */
export function sentence(curve: Curve): string {
  const last = curve.training.at(-1)
  const held = curve.validation.at(-1)
  const where = (at: number) => (curve.unit === 'epoch' ? `after ${at === 1 ? '1 epoch' : `${Number(at.toFixed(1))} epochs`}` : `at step ${at.toLocaleString('en')}`)
  const parts: string[] = []
  if (last) parts.push(`Loss in training: from ${loss(curve.training[0]!.loss)} to ${loss(last.loss)} ${where(last.at)}.`)
  if (held) parts.push(`On tasks held out: from ${loss(curve.validation[0]!.loss)} to ${loss(held.loss)}, the lowest ${loss(curve.best!.loss)} ${where(curve.best!.at)}.`)
  return parts.join(' ')
}

/** The rows of the table behind the plot: an epoch each, or the points where there are none yet. */
export function rows(curve: Curve): { head: string[]; rows: (string | number)[][] } {
  if (curve.validation.length === 0) return { head: [curve.unit === 'epoch' ? 'Epochs' : 'Step', 'Loss in training'], rows: curve.training.map((p) => [Number(p.at.toFixed(2)), loss(p.loss)]) }
  return {
    head: [curve.unit === 'epoch' ? 'Epoch' : 'Step', 'Loss in training', 'Held out', 'Right'],
    rows: curve.validation.map((p) => {
      const trained = curve.training.filter((t) => t.at <= p.at + 1e-9).at(-1)
      return [p.at, trained ? loss(trained.loss) : '', loss(p.loss), p.accuracy === undefined ? '' : `${(100 * p.accuracy).toFixed(1)} %`]
    }),
  }
}
