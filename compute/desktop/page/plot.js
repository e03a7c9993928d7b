// The loss of a training, drawn.
import { h, s } from './dom.js'
import { number } from './words.js'

const height = 206
const [left, top, foot] = [36, 12, 182]

/** A plot of points {step, loss} on the way to a last step, as wide as its place: its words keep their size. */
export function plot(points, of, width) {
  const right = width
  const last = points.at(-1)
  const first = points[0]
  const most = nice(Math.max(...points.map((p) => p.loss), 1e-6))
  const x = (step) => left + ((right - left) * step) / Math.max(of, last.step, 1)
  const y = (loss) => foot - ((foot - top) * Math.min(Math.max(loss, 0), most)) / most
  const place = (p) => `${x(p.step).toFixed(1)} ${y(p.loss).toFixed(1)}`
  const ticks = [most / 2, most]
  const label = `${number(last.loss, 3)} at step ${number(last.step)}`
  const from = Math.min(x(last.step) + 2, right - 7 * label.length) // where it begins, by about how long it is
  const over = Math.min(...points.filter((p) => x(p.step) >= from).map((p) => y(p.loss)), y(last.loss)) // of the curve below it
  const drawing = s(
    'svg',
    { class: 'plot', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Loss went from ${number(first.loss, 3)} to ${number(last.loss, 3)} over ${number(last.step)} of ${number(of)} steps.` },
    s('path', { class: 'ax', d: `M${left} ${foot}H${right}` }),
    s('text', { x: left - 8, y: foot + 4, 'text-anchor': 'end' }, '0'),
    ticks.map((t) => [s('path', { class: 'g', d: `M${left} ${y(t).toFixed(1)}H${right}` }), s('text', { x: left - 8, y: (y(t) + 4).toFixed(1), 'text-anchor': 'end' }, number(t, 3))]).flat(),
    s('path', { class: 'f', d: `M${points.map(place).join('L')}` }),
    s('circle', { class: 'now', cx: x(last.step).toFixed(1), cy: y(last.loss).toFixed(1), r: 6 }),
    s('text', { class: 'lab', x: from.toFixed(1), y: Math.max(over - 14, 14).toFixed(1) }, label),
    s('text', { x: left, y: height - 4 }, '0'),
    s('text', { x: right, y: height - 4, 'text-anchor': 'end' }, `${number(of)} steps`),
  )
  return h('figure', {}, drawing, h('figcaption', { class: 'cap' }, 'Loss on its own training batches'))
}

/** The next number at or over n that reads well. */
function nice(n) {
  const unit = 10 ** Math.floor(Math.log10(n))
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((m) => m * unit).find((m) => m >= n)
}
