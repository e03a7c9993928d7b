import { install, offer } from '../../frame/shared/install'
import { askToStay, stays } from '../../../outbox/stay'
import { useCell, useLoad } from '../../frame/view/parts'
import { identity as t } from '../../../language/en/identity'
import { rich } from '../../../language/rich'

/** The way to the home screen, and whether the browser keeps what is here. */
export function Installing() {
  const there = useCell(offer)
  const kept = useLoad(() => stays(), [])
  const byHand = 'standalone' in navigator && !navigator.standalone // where the browser makes no offer, but its menu has it
  if (!there && !byHand && kept.value === undefined) return null
  return (
    <div class="stack tight">
      <h3 class="small b">{t('thisApp')}</h3>
      {there && (
        <button type="button" class="btn self" onClick={() => void install()}>
          {t('installHere')}
        </button>
      )}
      {byHand && <p class="cap">{t('installByHand')}</p>}
      {kept.value === true && <p class="cap">{t('keeps')}</p>}
      {kept.value === false && (
        <p class="cap">
          {rich(t, 'mayClear', {
            ask: (inner) => (
              <button type="button" class="btn bare slim" onClick={() => void askToStay().then(kept.again)}>
                {inner}
              </button>
            ),
          })}
        </p>
      )}
    </div>
  )
}
