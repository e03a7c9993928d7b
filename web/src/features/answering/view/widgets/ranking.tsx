import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { moved, placeFor } from '../../shared/ranking'
import { clamp } from '../../shared/values'
import { number } from '../../../../language/format'
import { noFling } from '../fling'
import { Lost } from '../picture'
import { ToolIcon } from './icons'
import { Frame, Send, type WidgetProps } from './widget'
import './widgets.css'
import { widgets as t } from '../../../../language/en/widgets'

/** How near to the edge of what is seen of the rows a dragged one scrolls the page, in pixels, and how many a millisecond. */
const edge = 56
const speed = 0.6
/** How far a finger has moved that means the edge, and did not only begin there. */
const meant = 8

/** A row under a finger: where it was and would be put, and how far it was moved, in pixels of the page. */
interface Drag {
  from: number
  to: number
  y: number
  by: number
  /** Where the finger came down, and where it is, in pixels of the window. */
  start: number
  at: number
  height: number
  middles: number[]
}

/** All choices in an order: rows that are dragged by a handle, moved by buttons, or lifted and moved by keys. */
export function Ranking({ card, words, foot, closed, give, start, keep, again }: WidgetProps) {
  const { choices, choice_images: images } = card.assignment.question
  const [order, setOrder] = useState<number[]>(() => (Array.isArray(start) ? (start as number[]) : choices.map((_, i) => i)))
  const [lifted, setLifted] = useState<{ choice: number; before: number[] }>()
  const [drag, setDrag] = useState<Drag>()
  const held = useRef<Drag>(undefined) // drag, for the event after the next
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

  const dragging = drag !== undefined
  const begin = (event: PointerEvent, from: number) => {
    if (event.button !== 0 || closed) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    const boxes = [...list.current!.children].map((row) => row.getBoundingClientRect())
    const gap = boxes.length > 1 ? boxes[1]!.top - boxes[0]!.bottom : 0
    hold({ from, to: from, y: event.clientY + scrollY, by: 0, start: event.clientY, at: event.clientY, height: boxes[from]!.height + gap, middles: boxes.map((r) => (r.top + r.bottom) / 2 + scrollY) })
  }
  const hold = (now: Drag | undefined) => {
    held.current = now
    setDrag(now)
  }
  const follow = (at: number) => {
    const now = held.current
    if (!now) return
    // Within the list: a row that is drawn below it would make the page longer, and that without end.
    const own = now.middles[now.from]!
    const by = clamp(at + scrollY - now.y, now.middles[0]! - own - now.height / 2, now.middles.at(-1)! - own + now.height / 2)
    hold({ ...now, at, by, to: placeFor(now.middles, now.from, own + by) })
  }
  const drop = () => {
    const now = held.current
    hold(undefined)
    if (now && now.to !== now.from) place(order[now.from]!, now.to, 'handle')
  }
  // A finger that rests at an edge sends nothing, and the page goes on all the same.
  useEffect(() => {
    if (!dragging) return
    let last = performance.now()
    const go = (now: number) => {
      if (!held.current) return
      const { at, start } = held.current
      const below = Math.min(innerHeight, list.current!.closest('main')!.nextElementSibling!.getBoundingClientRect().top)
      const way = at < edge && start - at > meant ? -1 : at > below - edge && at - start > meant ? 1 : 0
      if (way !== 0) {
        scrollBy(0, way * speed * Math.max(0, now - last))
        follow(at)
      }
      last = now
      frame = requestAnimationFrame(go)
    }
    let frame = requestAnimationFrame(go)
    return () => cancelAnimationFrame(frame)
  }, [dragging])
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
              ref={noFling}
              class="toolbtn handle"
              data-on="handle"
              aria-label={t('move', { what: choices[choice]!, place: at + 1, all: order.length })}
              aria-pressed={lifted?.choice === choice}
              disabled={closed}
              onKeyDown={(event) => onKey(event, choice)}
              onBlur={() => focus.current || setLifted(undefined)}
              onPointerDown={(event) => begin(event, at)}
              onPointerMove={(event) => follow(event.clientY)}
              onPointerUp={drop}
              onPointerCancel={() => hold(undefined)}
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
