import { go } from '../shared/route'
import { Icon } from './parts'
import { frame as t } from '../../../language/en/frame'

/** The top line of a page that one comes to from another. */
export function Back() {
  return (
    <header class="top">
      <button class="btn bare slim back" type="button" onClick={() => (history.length > 1 ? history.back() : go('/'))}>
        <Icon of="back" /> {t('back')}
      </button>
    </header>
  )
}
