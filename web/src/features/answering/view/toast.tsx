import { useEffect, useState } from 'preact/hooks'
import { skippedWords } from '../shared/reasons'
import type { Given } from './answering'
import { answering as t } from '../../../language/en/answering'
import { rich } from '../../../language/rich'

interface Props {
  given: Given
  over: () => void
  undo: () => void
  /** Skips the question that is shown; where there is one. */
  skip?: () => void
}

/** Counts down the time to undo, in the place of the quiet row: nothing moves and nothing is covered. */
export function Toast({ given, over, undo, skip }: Props) {
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
  const { did } = given
  return (
    <div class="slot">
      <div class="toast timed" key={given.card.assignment.id} style={{ '--seconds': `${given.seconds}s`, '--left': left / given.seconds }}>
        <span>
          <span role="status" class="clip1" style={{ '--lines': 2 }}>
            {'answered' in did ? rich(t, 'youAnswered', { answer: did.answered }) : skippedWords(did.skipped)}
          </span>
          <small aria-hidden="true">{'answered' in did ? t('sentIn', { n: left }) : t('finalIn', { n: left })}</small>
        </span>
        {'skipped' in did && skip && (
          <button type="button" class="next" onClick={skip}>
            {t('skip')}
          </button>
        )}
        <button type="button" aria-keyshortcuts="u" onClick={undo}>
          {t('undo')}
        </button>
      </div>
    </div>
  )
}
