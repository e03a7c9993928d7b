import { useEffect, useState } from 'preact/hooks'
import type { Given } from './answering'

/** Counts down the time to undo, in the place of the quiet row: nothing moves and nothing is covered. */
export function Toast({ given, over, undo }: { given: Given; over: () => void; undo: () => void }) {
  const [left, setLeft] = useState(() => Math.ceil((given.until - Date.now()) / 1000))
  useEffect(() => {
    const tick = () => {
      const ms = given.until - Date.now()
      if (ms <= 0) over()
      else setLeft(Math.ceil(ms / 1000))
    }
    tick()
    const timer = setInterval(tick, 200)
    return () => clearInterval(timer)
  }, [given])
  return (
    <div class="slot">
      <div class="toast timed" key={given.card.assignment.id} style={{ '--seconds': `${given.seconds}s`, '--left': left / given.seconds }}>
        <span>
          <span role="status">
            You answered <b>{given.label}</b>.
          </span>
          <small aria-hidden="true">Sent in {left} s, then it is final.</small>
        </span>
        <button type="button" aria-keyshortcuts="u" onClick={undo}>
          Undo
        </button>
      </div>
    </div>
  )
}
