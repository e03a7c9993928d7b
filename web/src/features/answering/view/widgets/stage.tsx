import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Image } from '../../../api/shared/wire'
import type { Medium } from '../../shared/deck'
import type { Point, Size } from '../../shared/values'
import { fit, pan, toPicture, zoom, type View } from '../../shared/zoom'
import { noFling } from '../fling'
import { Lost } from '../picture'
import './widgets.css'
import { previewOf } from '../../shared/preview'
import { answering as t } from '../../../../language/en/answering'
import { widgets } from '../../../../language/en/widgets'

/** A finger's reach and the length under which a stroke is a tap, in pixels of the screen. */
const reachPx = 22
const tapPx = 6
const notch = 1.6

/** What a widget does with one finger, in pixels of the picture. */
export interface Tool {
  /** A finger or a pen came down. Reach is how far from something it may be to be on it. */
  down: (at: Point, reach: number) => void
  move: (at: Point) => void
  /** It went up; tapped tells that it had not moved. */
  up: (at: Point, tapped: boolean) => void
  /** A second finger came: it was the start of a pinch, and nothing is to be done. */
  cancel: () => void
  /** A mouse is over the picture, or has left it. */
  hover?: (at: Point | undefined) => void
}

/** Where a picture lies on the screen, and the ways to move it. */
export interface Stage {
  image: Image
  element: { current: HTMLElement | null }
  room: Size
  view: View
  hand: boolean
  zoomed: boolean
  setHand: (on: boolean) => void
  /** Zooms in (over 0) or out around the middle of the room. */
  turn: (by: number) => void
  look: (change: (view: View, room: Size) => View) => void
  /** One pixel of the screen, in whole pixels of the picture. */
  pixel: number
}

export function useStage(image: Image): Stage {
  const element = useRef<HTMLElement>(null)
  const [{ room, view }, set] = useState({ room: { width: image.width, height: image.height } as Size, view: { scale: 1, x: 0, y: 0 } })
  const [hand, setHand] = useState(false)
  const latest = useRef({ room, view })
  const update = (then: { room: Size; view: View }) => {
    latest.current = then // two events may come before the next drawing
    set(then)
  }
  useLayoutEffect(() => {
    const measure = () => {
      const box = element.current!.getBoundingClientRect()
      if (box.width === 0 || box.height === 0) return
      const now = { width: box.width, height: box.height }
      const { view: before, room: old } = latest.current
      const whole = before.scale <= fit(image, old).scale * 1.001
      update({ room: now, view: whole ? fit(image, now) : pan(zoom(before, image, now, 1, { x: 0, y: 0 }), image, now, 0, 0) })
    }
    const observer = new ResizeObserver(measure) // it tells the first size before anything is painted
    observer.observe(element.current!)
    return () => observer.disconnect()
  }, [image.hash])
  const look = (change: (view: View, room: Size) => View) => update({ room: latest.current.room, view: change(latest.current.view, latest.current.room) })
  const turn = (by: number) => look((v, r) => zoom(v, image, r, notch ** by, { x: r.width / 2, y: r.height / 2 }))
  const zoomed = view.scale > fit(image, room).scale * 1.001
  return { image, element, room, view, hand: hand && zoomed, zoomed, setHand, turn, look, pixel: Math.max(1, Math.round(1 / view.scale)) }
}

/** What keys do while the picture has the focus; true for those that were used. Letters come small, and way is where an arrow points. */
export type StageKeys = (key: string, shift: boolean, way: readonly [number, number] | undefined) => boolean

const ways: { [key: string]: readonly [number, number] } = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

interface Props {
  of: Stage
  medium: Medium
  again: () => void
  tool: Tool
  keys: StageKeys
  label: string
  help: string
  /** Shown over the picture while nothing is drawn. */
  tip?: string
  disabled: boolean
  /** What is drawn under the lines: painted areas. */
  under?: ComponentChildren
  children: ComponentChildren
}

/** A picture that is drawn on: one finger draws, two pinch and move it. */
export function StageBox({ of, medium, again, tool, keys, label, help, tip, disabled, under, children }: Props) {
  const { image, element, room, view, look, turn } = of
  const preview = previewOf(image)
  const fingers = useRef(new Map<number, Point>())
  const gesture = useRef<{ kind: 'tool' | 'pan' | 'pinch' | 'over'; from: Point; tapped: boolean }>({ kind: 'over', from: { x: 0, y: 0 }, tapped: false })
  const current = useRef({ tool, view, look })
  current.current = { tool, view, look }

  const place = (event: { clientX: number; clientY: number }): Point => {
    const box = element.current!.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const down = (event: PointerEvent) => {
    if (disabled || medium.state !== 'ready' || (event.pointerType === 'mouse' && event.button > 1)) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    const at = place(event)
    fingers.current.set(event.pointerId, at)
    if (fingers.current.size === 1) {
      const kind = of.hand || event.button === 1 ? 'pan' : 'tool'
      gesture.current = { kind, from: at, tapped: true }
      if (kind === 'tool') tool.down(toPicture(view, at), reachPx / view.scale)
    } else if (fingers.current.size === 2) {
      if (gesture.current.kind === 'tool') tool.cancel()
      gesture.current.kind = 'pinch'
    }
  }
  const move = (event: PointerEvent) => {
    const at = place(event)
    const before = fingers.current.get(event.pointerId)
    if (!before) {
      if (event.pointerType === 'mouse') tool.hover?.(toPicture(view, at))
      return
    }
    const { kind, from } = gesture.current
    if (Math.hypot(at.x - from.x, at.y - from.y) > tapPx) gesture.current.tapped = false
    if (kind === 'pinch') {
      const [a, b] = [...fingers.current.values()] as [Point, Point]
      fingers.current.set(event.pointerId, at)
      const [c, d] = [...fingers.current.values()] as [Point, Point]
      const factor = Math.hypot(c.x - d.x, c.y - d.y) / Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))
      look((v, r) => zoom(pan(v, image, r, (c.x + d.x - a.x - b.x) / 2, (c.y + d.y - a.y - b.y) / 2), image, r, factor, { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 }))
      return
    }
    fingers.current.set(event.pointerId, at)
    if (kind === 'pan') look((v, r) => pan(v, image, r, at.x - before.x, at.y - before.y))
    if (kind === 'tool' && !gesture.current.tapped) {
      // A fast stroke comes as few events that hold many places.
      const places = event.getCoalescedEvents?.() ?? []
      for (const e of places.length > 0 ? places : [event]) tool.move(toPicture(view, place(e)))
    }
    if (event.pointerType === 'mouse') tool.hover?.(toPicture(view, at))
  }
  const up = (event: PointerEvent) => {
    if (!fingers.current.delete(event.pointerId)) return
    const { kind, tapped } = gesture.current
    gesture.current.kind = 'over'
    if (kind !== 'tool') return
    if (event.type === 'pointercancel') tool.cancel()
    else tool.up(toPicture(view, place(event)), tapped)
  }

  // Not passive, which Preact's handlers would be: a wheel over a zoomed picture moves the picture and not the page.
  useEffect(() => {
    const wheel = (event: WheelEvent) => {
      const { view: now, look: change } = current.current
      if (event.ctrlKey) change((v, r) => zoom(v, image, r, Math.exp(-event.deltaY / 100), place(event)))
      else if (now.scale > fit(image, of.room).scale * 1.001) change((v, r) => pan(v, image, r, -event.deltaX, -event.deltaY))
      else return
      event.preventDefault()
    }
    const node = element.current!
    node.addEventListener('wheel', wheel, { passive: false })
    noFling(node)
    return () => node.removeEventListener('wheel', wheel)
  }, [image.hash, room])

  const alt = image.alt || t('notDescribed')
  const transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`
  return (
    <figure class="media stage" style={{ '--ratio': image.width / image.height }}>
      <div
        ref={element as { current: HTMLDivElement | null }}
        dir="ltr"
        class={`surface ${of.hand ? 'hand' : ''}`}
        role="application"
        tabIndex={disabled ? -1 : 0}
        aria-label={widgets('stage', { alt, label })}
        aria-describedby="stage-help"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onPointerLeave={() => fingers.current.size === 0 && tool.hover?.(undefined)}
        onKeyDown={(event) => {
          if (disabled || event.ctrlKey || event.metaKey || event.altKey) {
            if (disabled || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || !keys(t('undo'), false, undefined)) return
          } else if (event.key === '+' || event.key === '=') turn(1)
          else if (event.key === '-') turn(-1)
          else if (!keys(event.key.length === 1 ? event.key.toLowerCase() : event.key, event.shiftKey, ways[event.key])) return
          event.preventDefault()
        }}
      >
        {medium.state === 'loading' && preview && <img src={preview} alt="" width={image.width} height={image.height} draggable={false} style={{ transform }} />}
        {medium.state === 'ready' && <img src={medium.url} alt="" width={image.width} height={image.height} draggable={false} style={{ transform }} class={view.scale > 3 ? 'pixels' : ''} />}
        {under}
        <svg class="overlay" width={room.width} height={room.height} aria-hidden="true">
          {medium.state === 'ready' && children}
        </svg>
      </div>
      <p class="sr" id="stage-help">
        {widgets('zoomHelp', { help })}
      </p>
      {tip && medium.state === 'ready' && <figcaption class="tip">{tip}</figcaption>}
      <Lost medium={medium} again={again} />
    </figure>
  )
}
