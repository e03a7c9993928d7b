import { useEffect, useRef } from 'preact/hooks'

const holdMs = 400
const everyMs = 70

/**
 * Handlers for a button that acts at a press, and again and again while it is held. By keyboard and by a screen reader,
 * which send no pointer, it acts at a click.
 */
export function useRepeat<T>(act: (what: T, held: boolean) => void): (what: T) => { onPointerDown: (event: PointerEvent) => void; onPointerUp: () => void; onPointerLeave: () => void; onPointerCancel: () => void; onClick: (event: MouseEvent) => void } {
  const latest = useRef(act)
  latest.current = act
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stop = () => clearTimeout(timer.current)
  useEffect(() => stop, [])
  return (what) => ({
    onPointerDown: (event) => {
      if (event.button !== 0) return
      stop()
      latest.current(what, false)
      const again = () => {
        latest.current(what, true)
        timer.current = setTimeout(again, everyMs)
      }
      timer.current = setTimeout(again, holdMs)
    },
    onPointerUp: stop,
    onPointerLeave: stop,
    onPointerCancel: stop,
    onClick: (event) => {
      if (event.detail === 0) latest.current(what, false)
    },
  })
}
