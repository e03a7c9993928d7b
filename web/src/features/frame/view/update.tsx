import { accept, later, update } from '../../../sw/register'
import { onHand } from '../shared/people'
import { place } from '../shared/route'
import { useCell } from './parts'
import { frame as t } from '../../../language/en/frame'
import { rich } from '../../../language/rich'

/** Says that a newer version is there, above the page: at the start, or between questions, so that nothing moves under a thumb. */
export function UpdateNote() {
  const newer = useCell(update)
  const asked = useCell(onHand) > 0
  const answering = useCell(place).split('?')[0] === '/'
  if (!newer || (answering && asked && !newer.atStart)) return null
  return (
    <div class="banner" role="status">
      <span class="grow">
        {rich(t, 'update')}
      </span>
      <button type="button" class="btn bare slim" onClick={later}>
        {t('later')}
      </button>
      <button type="button" class="btn main slim" onClick={accept}>
        {t('updateNow')}
      </button>
    </div>
  )
}
