import { useEffect, useRef } from 'preact/hooks'
import type { Canonical } from '../../proof/shared/canonical'
import type { Content, Said } from '../../api/shared/wire'
import { words } from '../shared/said'
import { describe as boxWords } from '../shared/boxes'
import { describe as outlineWords } from '../shared/polygons'
import { pieces } from '../shared/spans'
import { regions } from '../shared/types'
import type { Box, ClassMask, Polygon, Span } from '../shared/values'
import './shown.css'
import { saying } from '../../../language/en/saying'

/** What of a question an answer is shown with. */
export type Shape = Pick<Content, 'type' | 'choices'> & Partial<Pick<Content, 'image' | 'passage' | 'number'>>

/** An answer as it looks: marks on their picture or in their passage, an order as a list, all else in words. */
export function Shown({ of, said, small = false }: { of: Shape; said: Said; small?: boolean }) {
  if (said.value !== undefined && Array.isArray(said.value)) {
    const { value } = said
    if (regions(of.type) && of.image && value.length > 0) return <Sketch of={of} value={value} small={small} />
    if (of.type === 'spans' && of.passage && value.length > 0) return small ? <Quotes of={of} spans={value as Span[]} /> : <Marked of={of} spans={value as Span[]} />
    if (of.type === 'ranking') {
      return (
        <ol class={`shown-order ${small ? 'small' : ''}`}>
          {value.map((choice) => (
            <li key={String(choice)} dir="auto">{of.choices[choice as number]}</li>
          ))}
        </ol>
      )
    }
    if (of.type === 'multiple' && value.length > 0 && !small) {
      return (
        <ul class="shown-list">
          {value.map((choice) => (
            <li key={String(choice)} dir="auto">{of.choices[choice as number]}</li>
          ))}
        </ul>
      )
    }
  }
  if (of.type === 'text' && typeof said.value === 'string') return <q class="shown-text" dir="auto">{said.value}</q>
  return <b class={of.type === 'number' ? 'n' : undefined} dir="auto">{words(of, said)}</b>
}

function told(of: Shape, value: Canonical[]): string {
  if (of.type === 'boxes') return (value as Box[]).map((b) => boxWords(b, of.choices)).join('. ')
  if (of.type === 'polygons') return (value as Polygon[]).map((p) => outlineWords(p, of.choices)).join('. ')
  return (value as ClassMask[]).map((m) => of.choices[m.class]).join(saying('comma'))
}

/** The picture, small, with what was marked on it. */
function Sketch({ of, value, small }: { of: Shape; value: Canonical[]; small: boolean }) {
  const { width, height, url } = of.image!
  const classes = [...new Set((value as { class: number }[]).map((v) => v.class))]
  return (
    <figure class={`sketch ${small ? 'small' : ''}`}>
      <span class="sketch-picture" dir="ltr" role="img" aria-label={`${words(of, { value })}: ${told(of, value)}`} style={{ '--ratio': width / height }}>
        <img src={url} alt="" width={width} height={height} loading="lazy" />
        {of.type === 'mask' ? (
          <Painted masks={value as ClassMask[]} width={width} height={height} />
        ) : (
          <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
            {of.type === 'boxes'
              ? (value as Box[]).flatMap((b, i) => ['under', `line c${b.class % 5}`].map((c) => <rect key={`${i} ${c}`} class={c} x={b.x} y={b.y} width={b.w} height={b.h} />))
              : (value as Polygon[]).flatMap((p, i) => ['under', `line c${p.class % 5}`].map((c) => <polygon key={`${i} ${c}`} class={c} points={p.points.join(' ')} />))}
          </svg>
        )}
      </span>
      {of.choices.length > 1 && !small && (
        <figcaption class="shown-classes">
          {classes.map((c) => (
            <span key={c} class={`c${c % 5}`}>
              {of.choices[c]}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  )
}

/** The most pixels that painted areas are drawn with at one side. */
const drawn = 480

/** Painted areas, straight from their runs: each is a line of a column, scaled down. */
function Painted({ masks, width, height }: { masks: ClassMask[]; width: number; height: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const scale = Math.min(1, drawn / Math.max(width, height))
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!
    context.clearRect(0, 0, canvas.current!.width, canvas.current!.height)
    const style = getComputedStyle(canvas.current!)
    for (const mask of masks) {
      context.fillStyle = style.getPropertyValue(`--s${(mask.class % 5) + 1}`)
      let at = 0
      mask.counts.forEach((run, i) => {
        for (let from = at; i % 2 === 1 && from < at + run; ) {
          const column = Math.floor(from / height)
          const to = Math.min(at + run, (column + 1) * height)
          context.fillRect(Math.floor(column * scale), (from - column * height) * scale, 1, (to - from) * scale)
          from = to
        }
        at += run
      })
    }
  }, [masks])
  return <canvas ref={canvas} width={Math.ceil(width * scale)} height={Math.ceil(height * scale)} aria-hidden="true" />
}

/** The passage with what was marked in it. */
function Marked({ of, spans }: { of: Shape; spans: Span[] }) {
  const text = [...of.passage!]
  return (
    <p class="shown-passage" dir="auto">
      {pieces(text.length, spans).map((piece) => {
        const over = spans.filter((s) => s.start < piece.end && s.end > piece.start)
        const said = text.slice(piece.start, piece.end).join('')
        if (over.length === 0) return said
        return (
          <mark key={piece.start} class={`c${over[0]!.class % 5}`}>
            {said}
            {over.filter((s) => s.end === piece.end).map((s) => of.choices.length > 1 && <small key={s.class}>{of.choices[s.class]}</small>)}
          </mark>
        )
      })}
    </p>
  )
}

function Quotes({ of, spans }: { of: Shape; spans: Span[] }) {
  const text = [...of.passage!]
  return (
    <ul class="shown-quotes">
      {spans.map((s) => (
        <li key={`${s.class} ${s.start}`} class={`c${s.class % 5}`}>
          {of.choices.length > 1 && <b>{of.choices[s.class]}: </b>}
          {text.slice(s.start, s.end).join('')}
        </li>
      ))}
    </ul>
  )
}
