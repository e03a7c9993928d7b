import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { moved, placeFor } from '../../shared/ranking'
import { number } from '../../../../language/format'
import { Lost } from '../picture'
import { ToolIcon } from './icons'
import { Frame, Send, type WidgetProps } from './widget'
import './widgets.css'
import { widgets as t } from '../../../../language/en/widgets'

/** How near to the edge of the window a dragged row scrolls it, and by how much, in pixels. */
const edge = 72
const scroll = 12

/** A row under a finger: where it was and would be put, and how far it was moved, in pixels of the page. */
interface Drag {
  from: number
  to: number
  y: number
  by: number
  height: number
  middles: number[]
}

/** All choices in an order: rows that are dragged by a handle, moved by buttons, or lifted and moved by keys. */
export function Ranking({ card, words, foot, closed, give, start, keep, again }: WidgetProps) {
  const { choices, choice_images: images } = card.assignment.question
  const [order, setOrder] = useState<number[]>(() => (Array.isArray(start) ? (start as number[]) : choices.map((_, i) => i)))
  const [lifted, setLifted] = useState<{ choice: number; before: number[] }>()
  const [drag, setDrag] = useState<Drag>()
  const [told, setTold] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const focus = useRef<{ choice: number; on: string }>(undefined)
  const touched = order.some((choice, at) => choice !== at)

  // A row that moves takes the focus of its button along.
  useLayoutEffect(() => {
    const wanted = focus.current
    focus.current = undefined
    if (!wanted) return
    const row = list.current!.querySelector(`[data-choice="${wanted.choice}"]`)
    const button = row?.querySelector<HTMLButtonElement>(`[data-on="${wanted.on}"]:enabled`) ?? row?.querySelector<HTMLButtonElement>('[data-on="handle"]')
    button?.focus()
  }, [order])

  const place = (choice: number, to: number, on: string) => {
    const from = order.indexOf(choice)
    if (to < 0 || to >= order.length || to === from || closed) return
    const then = moved(order, from, to)
    focus.current = { choice, on }
    setOrder(then)
    keep(then)
    setTold(t('place', { what: choices[choice]!, place: to + 1, all: order.length }))
  }

  const onKey = (event: KeyboardEvent, choice: number) => {
    if (event.key === ' ' || event.key === 'Enter') {
      setLifted(lifted?.choice === choice ? undefined : { choice, before: order })
      setTold(lifted?.choice === choice ? t('putDown', { what: choices[choice]!, place: order.indexOf(choice) + 1 }) : t('lifted', { what: choices[choice]! }))
    } else if (event.key === 'Escape' && lifted) {
      focus.current = { choice, on: 'handle' }
      setOrder(lifted.before)
      keep(lifted.before)
      setLifted(undefined)
      setTold(t('putBack', { what: choices[choice]! }))
    } else if (lifted?.choice === choice && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      place(choice, order.indexOf(choice) + (event.key === 'ArrowUp' ? -1 : 1), 'handle')
    } else return
    event.preventDefault()
  }

  const begin = (event: PointerEvent, from: number) => {
    if (event.button !== 0 || closed) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    const boxes = [...list.current!.children].map((row) => row.getBoundingClientRect())
    const gap = boxes.length > 1 ? boxes[1]!.top - boxes[0]!.bottom : 0
    setDrag({ from, to: from, y: event.clientY + scrollY, by: 0, height: boxes[from]!.height + gap, middles: boxes.map((r) => (r.top + r.bottom) / 2 + scrollY) })
  }
  const follow = (event: PointerEvent) => {
    if (!drag) return
    if (event.clientY < edge) scrollBy(0, -scroll)
    else if (event.clientY > innerHeight - edge) scrollBy(0, scroll)
    const by = event.clientY + scrollY - drag.y
    setDrag({ ...drag, by, to: placeFor(drag.middles, drag.from, drag.middles[drag.from]! + by) })
  }
  const drop = () => {
    if (drag && drag.to !== drag.from) place(order[drag.from]!, drag.to, 'handle')
    setDrag(undefined)
  }
  /** How far a row is drawn from its place while one is dragged past it. */
  const aside = (at: number) => {
    if (!drag) return 0
    if (at === drag.from) return drag.by
    if (at > drag.from && at <= drag.to) return -drag.height
    return at < drag.from && at >= drag.to ? drag.height : 0
  }

  const rows = (
    <ol class="ranks" ref={list}>
      {order.map((choice, at) => {
        const medium = images?.[choice] && card.media[images[choice].hash]
        return (
          <li key={choice} data-choice={choice} class={drag?.from === at || lifted?.choice === choice ? 'lifted' : drag ? 'aside' : ''} style={{ transform: drag ? `translateY(${aside(at)}px)` : '' }}>
            <span class="n rank">{number(at + 1)}</span>
            {medium && <span class="thumb-picture">{medium.state === 'ready' ? <img src={medium.url} alt={images![choice]!.alt ?? ''} /> : <Lost medium={medium} again={again} />}</span>}
            <span class="grow breaking" dir="auto">{choices[choice]}</span>
            <button type="button" class="toolbtn" data-on="up" aria-label={t('up', { what: choices[choice]! })} disabled={closed || at === 0} onClick={() => place(choice, at - 1, 'up')}>
              <ToolIcon of="up" />
            </button>
            <button type="button" class="toolbtn" data-on="down" aria-label={t('down', { what: choices[choice]! })} disabled={closed || at === order.length - 1} onClick={() => place(choice, at + 1, 'down')}>
              <ToolIcon of="down" />
            </button>
            <button
              type="button"
              class="toolbtn handle"
              data-on="handle"
              aria-label={t('move', { what: choices[choice]!, place: at + 1, all: order.length })}
              aria-pressed={lifted?.choice === choice}
              disabled={closed}
              onKeyDown={(event) => onKey(event, choice)}
              onBlur={() => focus.current || setLifted(undefined)}
              onPointerDown={(event) => begin(event, at)}
              onPointerMove={follow}
              onPointerUp={drop}
              onPointerCancel={() => setDrag(undefined)}
            >
              <ToolIcon of="lift" />
            </button>
          </li>
        )
      })}
    </ol>
  )
  return (
    <Frame words={words()} main={rows} foot={foot}>
      <p class="sr" role="status">
        {told}
      </p>
      <Send ready={!closed} touched={touched} send={() => give({ value: order })}>
        {touched ? t('sendOrder') : t('sendAsIs')}
      </Send>
    </Frame>
  )
}
