import { accept, update } from '../../../sw/register'
import { useCell } from './parts'

/** Says that a newer version is there. Nothing is replaced while somebody reads. */
export function UpdateNote() {
  if (!useCell(update)) return null
  return (
    <div class="updated toast" role="status">
      <span>
        A new version of TaskNet is here.<small>It is used when you say so.</small>
      </span>
      <button type="button" onClick={accept}>
        Use it
      </button>
    </div>
  )
}
