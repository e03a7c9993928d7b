import { useEffect, useRef } from 'preact/hooks'
import { settings } from '../../frame/shared/settings'
import { swept, type Touched } from '../shared/swipe'

/** Where a finger draws, marks, drags or sets something itself. */
const own = 'dialog, input, textarea, select, nav, .stage, .ranks, .classes, .passage-marks, .player'

/** Calls on when one finger sweeps over the page. Each thing that it does has a button, too. */
export function useSwipe(on: (way: 'forward' | 'back') => void): void {
  const latest = useRef(on)
  latest.current = on
  useEffect(() => {
    let from: Touched | undefined
    const at = ({ clientX: x, clientY: y }: Touch): Touched => ({ x, y, ms: performance.now() })
    const begin = (event: TouchEvent) => {
      from = event.touches.length === 1 && settings.value.swipe && !(event.target as Element).closest?.(own) ? at(event.touches[0]!) : undefined
    }
    const end = (event: TouchEvent) => {
      const way = from && swept(from, at(event.changedTouches[0]!), innerWidth, getComputedStyle(document.documentElement).direction === 'rtl')
      from = undefined
      // A picture that the browser has zoomed is moved by one finger.
      if (way && (visualViewport?.scale ?? 1) < 1.05) latest.current(way)
    }
    const cancel = () => (from = undefined)
    const passive = { passive: true }
    addEventListener('touchstart', begin, passive)
    addEventListener('touchend', end, passive)
    addEventListener('touchcancel', cancel, passive)
    return () => {
      removeEventListener('touchstart', begin)
      removeEventListener('touchend', end)
      removeEventListener('touchcancel', cancel)
    }
  }, [])
}
