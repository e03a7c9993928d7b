import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Image } from '../../api/shared/wire'
import { Icon } from '../../frame/view/parts'
import type { Point, Size } from '../shared/values'
import { fit, pan, zoom, type View } from '../shared/zoom'
import { noFling } from './fling'
import { widgets as t } from '../../../language/en/widgets'

const notch = 1.5
/** How far a double tap goes in. */
const closer = 3
/** How far an arrow key moves the picture, in pixels of the screen. */
const step = 60

const ways: { [key: string]: [number, number] } = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }

/** The picture as large as the screen, and larger: by two fingers, a double tap, the wheel, buttons, or + and -. */
export function Zoom({ url, image, alt, close }: { url: string; image: Image; alt: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const element = useRef<HTMLDivElement>(null)
  const [{ room, view }, set] = useState<{ room: Size; view: View }>({ room: { width: image.width, height: image.height }, view: { scale: 1, x: 0, y: 0 } })
  const look = (change: (view: View, room: Size) => View) => set((now) => ({ room: now.room, view: change(now.view, now.room) }))
  const whole = fit(image, room)
  const turn = (by: number) => look((v, r) => zoom(v, image, r, notch ** by, { x: r.width / 2, y: r.height / 2 }))
  useLayoutEffect(() => {
    dialog.current!.showModal()
    const measure = () => {
      const now = { width: element.current!.clientWidth, height: element.current!.clientHeight }
      if (now.width > 0 && now.height > 0) set({ room: now, view: fit(image, now) })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element.current!)
    return () => observer.disconnect()
  }, [])

  const fingers = useRef(new Map<number, Point>())
  const place = (event: MouseEvent): Point => {
    const box = element.current!.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const down = (event: PointerEvent) => {
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    fingers.current.set(event.pointerId, place(event))
  }
  const move = (event: PointerEvent) => {
    const before = fingers.current.get(event.pointerId)
    if (!before) return
    const at = place(event)
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1]
    fingers.current.set(event.pointerId, at)
    if (!other) return look((v, r) => pan(v, image, r, at.x - before.x, at.y - before.y))
    const factor = Math.hypot(at.x - other.x, at.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y))
    look((v, r) => zoom(pan(v, image, r, (at.x - before.x) / 2, (at.y - before.y) / 2), image, r, factor, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }))
  }
  const up = (event: PointerEvent) => void fingers.current.delete(event.pointerId)

  // Not passive, which Preact's handlers would be: the wheel moves the picture and nothing else.
  useEffect(() => {
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      if (event.ctrlKey) look((v, r) => zoom(v, image, r, Math.exp(-event.deltaY / 100), place(event)))
      else look((v, r) => pan(v, image, r, -event.deltaX, -event.deltaY))
    }
    element.current!.addEventListener('wheel', wheel, { passive: false })
    noFling(element.current)
  }, [])

  return (
    <dialog
      ref={dialog}
      class="zoom"
      aria-label={t('enlarged')}
      onClose={close}
      onKeyDown={(event) => {
        const way = ways[event.key]
        if (event.key === '+' || event.key === '=') turn(1)
        else if (event.key === '-') turn(-1)
        else if (way) look((v, r) => pan(v, image, r, ...way))
        else return
        event.preventDefault()
      }}
    >
      <div
        ref={element}
        class="pan"
        dir="ltr"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onDblClick={(event) => look((v, r) => (v.scale > fit(image, r).scale * 1.001 ? fit(image, r) : zoom(v, image, r, closer, place(event))))}
      >
        <img src={url} alt={alt} width={image.width} height={image.height} draggable={false} style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }} />
      </div>
      <div class="tools">
        <button type="button" class="btn" aria-label={t('smaller')} aria-keyshortcuts="-" disabled={view.scale <= whole.scale * 1.001} onClick={() => turn(-1)}>
          <Icon of="minus" />
        </button>
        <button type="button" class="btn" aria-label={t('larger')} aria-keyshortcuts="+" disabled={zoom(view, image, room, notch, { x: 0, y: 0 }).scale <= view.scale} onClick={() => turn(1)}>
          <Icon of="plus" />
        </button>
        <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
          {t('close')}
        </button>
      </div>
    </dialog>
  )
}
