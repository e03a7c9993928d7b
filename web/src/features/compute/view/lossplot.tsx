import { useEffect, useRef, useState } from 'preact/hooks'
import { scale } from '../../projects/shared/plots'
import { levels, loss, roof, sentence, type Curve, type Point } from '../shared/curve'

const [left, head, foot, height] = [40, 26, 212, 244]
const label = 92 // what the words at the ends of the lines take

/** The loss in training and on what is held out, as wide as there is room: its words are as large on a phone as on a desk. */
export function LossPlot({ curve, live }: { curve: Curve; live: boolean }) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(360)
  useEffect(() => {
    const seen = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.round(entry!.contentRect.width))))
    seen.observe(box.current!)
    return () => seen.disconnect()
  }, [])
  const { top, cut } = roof(curve)
  const lines = levels(top)
  const last = Math.max(curve.training.at(-1)?.at ?? 0, curve.validation.at(-1)?.at ?? 0)
  const end = live ? curve.end : last
  const right = width - (live ? 8 : label)
  const x = scale([0, end], [left, right])
  const y = scale([0, lines.at(-1)!], [foot, head])
  const line = (points: Point[]) => points.map((p, i) => `${i > 0 ? 'L' : 'M'}${x(p.at)} ${Math.max(head - 8, y(p.loss))}`).join('')
  const ends = [
    { points: curve.training, word: 'training', main: curve.validation.length === 0 },
    { points: curve.validation, word: 'held out', main: true },
  ].flatMap(({ points, word, main }) => (points.length > 0 ? [{ ...points.at(-1)!, word, main, y: Math.max(head, y(points.at(-1)!.loss)) }] : []))
  // Words that would lie on each other are moved apart, the upper up.
  if (ends.length === 2 && Math.abs(ends[0]!.y - ends[1]!.y) < 30) {
    const [upper, lower] = ends[0]!.y < ends[1]!.y ? [ends[0]!, ends[1]!] : [ends[1]!, ends[0]!]
    const middle = Math.min(Math.max((upper.y + lower.y) / 2, head + 15), foot - 19)
    Object.assign(upper, { y: middle - 15 })
    Object.assign(lower, { y: middle + 15 })
  }
  const beside = (at: number) => x(at) + label > width
  return (
    <div ref={box} class="pad">
      <svg class="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={sentence(curve)}>
        {lines.map((v) => (
          <g key={v}>
            {v > 0 && <path class="g" d={`M${left} ${y(v)}H${right}`} />}
            <text x={left - 8} y={y(v) + 4} text-anchor="end">
              {v}
            </text>
          </g>
        ))}
        <path class="ax" d={`M${left} ${foot}H${right}`} />
        <text x={left} y="12">
          {cut ? 'loss, its first values cut off' : 'loss'}
        </text>
        <text x={left} y={foot + 18} text-anchor="middle">
          0
        </text>
        <text x={right} y={foot + 18} text-anchor="end">
          {`${Number(end.toFixed(1)).toLocaleString('en')} ${curve.unit}s${live ? ' at most' : ''}`}
        </text>
        {curve.handed.map((at) => (
          <g key={at}>
            <path class="ax" d={`M${x(at)} ${foot}V${head}`} stroke-dasharray="2 4" />
            <text x={x(at) + 4} y={head + 6}>
              another node
            </text>
          </g>
        ))}
        <path class="f" d={line(curve.training)} stroke="var(--s5)" stroke-dasharray="8 4" style={{ strokeWidth: 1.5 }} />
        <path class="f" d={line(curve.validation)} stroke="var(--ink)" />
        {curve.validation.length === 1 && <circle cx={x(curve.validation[0]!.at)} cy={y(curve.validation[0]!.loss)} r="3" fill="var(--ink)" />}
        {curve.best && <circle cx={x(curve.best.at)} cy={Math.max(head, y(curve.best.loss))} r="5" fill="var(--accent)" stroke="var(--ink)" stroke-width="1.5" />}
        {ends.map((e) => (
          <text key={e.word} class={e.main ? 'lab' : undefined} x={beside(e.at) ? width : x(e.at) + 9} y={e.y + (beside(e.at) ? -8 : 4)} text-anchor={beside(e.at) ? 'end' : 'start'}>
            {`${e.word} ${loss(e.loss)}`}
          </text>
        ))}
      </svg>
    </div>
  )
}
