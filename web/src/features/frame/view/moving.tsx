import { answering as t } from '../../../language/en/answering'
import { me } from '../shared/people'
import { useCell } from './parts'

/** That the pay is to go to another address, to who may not have wanted that. */
export function Moving() {
  if (!useCell(me)?.moves) return null
  return (
    <a class="note" href="/key/payout">
      {t('moves')}
    </a>
  )
}
