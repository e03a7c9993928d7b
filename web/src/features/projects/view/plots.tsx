import type { ComponentChildren } from 'preact'
import { interval, scale, shares, ticks } from '../shared/plots'

/** A plot in its card: a heading, what it is of, the drawing, and the same as a table. */
export function Plot({ title, says, wide = false, children, table }: { title: string; says: ComponentChildren; wide?: boolean; children?: ComponentChildren; table?: { head: string[]; rows: (string | number)[][] } }) {
  return (
    <section class={`card ${wide ? 'wide' : ''}`}>
      <h2>{title}</h2>
      <p class="cap">{says}</p>
      {children}
      {table && table.rows.length > 0 && (
        <details class="small">
          <summary>As a table</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
            <table class="table">
              <thead>
                <tr>
                  {table.head.map((h, i) => (
                    <th key={h} class={i > 0 ? 'r' : undefined}>
                      {h}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.rows.map((row, i) => (
                  <tr key={i}>
                    {row.map((cell, j) => (
                      <td key={j} class={j > 0 ? 'r n' : undefined}>
                        {cell}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  )
}

// Drawn for the width of a phone, so that its words are not smaller there.
const [left, right, top, foot] = [40, 350, 26, 180]

/** Counts of neighbouring values as strokes. The tallest has its number on it, and a marigold line may cross them. Places are among the strokes: 1 is the middle of the second. */
export function Bars({ name, values, labels, mark }: { name: string; values: number[]; labels: [number, string][]; mark?: [number, string] }) {
  const lines = ticks(Math.max(...values))
  const y = scale([0, lines.at(-1)!], [foot, top])
  const step = (right - left - 12) / Math.max(1, values.length - 1)
  const x = (i: number) => left + 2 + i * step
  const peak = values.indexOf(Math.max(...values))
  const marked = mark && Math.min(right, Math.max(left - 6, x(mark[0]) + 4))
  return (
    <svg class="plot" viewBox="0 0 360 208" role="img" aria-label={name}>
      {lines.slice(1).map((v) => (
        <g key={v}>
          <path class="g" d={`M${left - 6} ${y(v)}H${right}`} />
          <text x={left - 12} y={y(v) + 4} text-anchor="end">
            {v.toLocaleString('en')}
          </text>
        </g>
      ))}
      <path class="ax" d={`M${left - 6} ${foot}H${right}`} />
      {marked !== undefined && (
        <>
          <path class="stop" d={`M${marked} ${foot}V14`} />
          <text class="lab" x={marked} y="8" text-anchor={marked > 290 ? 'end' : marked < 90 ? 'start' : 'middle'}>
            {mark![1]}
          </text>
        </>
      )}
      {values.map((v, i) => v > 0 && <rect key={i} class="pl" x={x(i)} y={y(v)} width="8" height={foot - y(v)} rx="1.5" />)}
      {labels.map(([at, text]) => (
        <text key={text} x={x(at) + 4} y="200" text-anchor="middle">
          {text}
        </text>
      ))}
      {values[peak]! > 0 && (
        <text class="lab" x={x(peak) + 4} y={y(values[peak]!) - 7} text-anchor="middle">
          {values[peak]!.toLocaleString('en')}
        </text>
      )}
    </svg>
  )
}

export interface Claimed {
  /** The confidence that verdicts stated, 0 to 1. */
  stated: number
  right: number
  of: number
}

const side = 245

/** Stated confidence against what was right, with 95 % intervals. On the marigold line the statements are true. */
export function Calibration({ name, points }: { name: string; points: Claimed[] }) {
  const least = Math.min(0.5, ...points.map((p) => Math.min(p.stated, p.right / Math.max(1, p.of))))
  const low = Math.floor(least * 4) / 4
  const x = scale([low, 1], [left, side])
  const y = scale([low, 1], [188, 18])
  const lines = Array.from({ length: 5 }, (_, i) => low + (i * (1 - low)) / 4)
  const last = points.at(-1)
  return (
    <svg class="plot" viewBox="0 0 360 226" role="img" aria-label={name}>
      {lines.map((v) => (
        <path key={v} class="g" d={`M${left} ${y(v)}H${side}M${x(v)} 188V18`} />
      ))}
      {[low, (low + 1) / 2, 1].map((v) => (
        <g key={v}>
          <text x={left - 8} y={y(v) + 4} text-anchor="end">
            {v}
          </text>
          <text x={x(v)} y="208" text-anchor="middle">
            {v}
          </text>
        </g>
      ))}
      <text x={side + 10} y="208">
        confidence
      </text>
      <path d={`M${x(low)} ${y(low)}L${x(1)} ${y(1)}`} stroke="var(--accent)" stroke-width="5" />
      {points.map((p) => {
        const { low: from, high } = interval(p.right, p.of)
        return (
          <g key={p.stated}>
            <path stroke="var(--ink)" stroke-width="1.5" d={`M${x(p.stated)} ${y(Math.max(low, from))}V${y(high)}`} />
            <circle cx={x(p.stated)} cy={y(p.right / p.of)} r={Math.min(6, 3 + Math.log10(p.of))} fill="var(--ink)" stroke="var(--surface)" stroke-width="1.5" />
          </g>
        )
      })}
      {last && (
        <>
          <text class="lab" x={side + 10} y={y(last.right / last.of) + 4}>
            {(last.right / last.of).toFixed(2)} right
          </text>
          <text x={side + 10} y={y(last.right / last.of) + 20}>
            of {last.of} at {last.stated.toFixed(2)}
          </text>
        </>
      )}
    </svg>
  )
}

/** What was answered where something else is true, as a table of shares: the deeper, the more often. */
export function Heat({ name, truths, answers, counts, of = 'Answers' }: { name: string; truths: string[]; answers: string[]; counts: number[][]; of?: string }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={name}>
      <table class="heat">
        <caption class="sr">{name}</caption>
        <thead>
          <tr>
            <th scope="col">Label</th>
            {answers.map((a) => (
              <th key={a} scope="col">
                {a}
              </th>
            ))}
            <th scope="col" class="r nowrap">
              {of}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map((row, i) => {
            const parts = shares(row)
            return (
              <tr key={i}>
                <th scope="row">{truths[i]}</th>
                {row.map((n, j) => (
                  <td key={j} class={`n ${parts[j]! > 0.45 ? 'deep' : ''} ${truths[i] === answers[j] ? 'true' : ''}`} style={{ '--h': parts[j]! }} title={`${n.toLocaleString('en')} of ${row.reduce((a, b) => a + b, 0).toLocaleString('en')}`}>
                    {n === 0 ? '' : parts[j]! < 0.005 ? '<0.01' : parts[j]!.toFixed(2)}
                  </td>
                ))}
                <th class="n">{row.reduce((a, b) => a + b, 0).toLocaleString('en')}</th>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
