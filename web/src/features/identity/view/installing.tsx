import { install, offer } from '../../frame/shared/install'
import { askToStay, stays } from '../../../outbox/stay'
import { useCell, useLoad } from '../../frame/view/parts'

/** The way to the home screen, and whether the browser keeps what is here. */
export function Installing() {
  const there = useCell(offer)
  const kept = useLoad(() => stays(), [])
  const byHand = 'standalone' in navigator && !navigator.standalone // where the browser makes no offer, but its menu has it
  if (!there && !byHand && kept.value === undefined) return null
  return (
    <div class="stack tight">
      <h3 class="small b">This app</h3>
      {there && (
        <button type="button" class="btn self" onClick={() => void install()}>
          Install it on this phone
        </button>
      )}
      {byHand && <p class="cap">To install it: Share, then Add to Home Screen.</p>}
      {kept.value === true && <p class="cap">The browser has promised to keep what is on this phone.</p>}
      {kept.value === false && (
        <p class="cap">
          When the phone runs out of room, the browser may clear what is kept here, your key with it.{' '}
          <button type="button" class="btn bare slim" onClick={() => void askToStay().then(kept.again)}>
            Ask it not to
          </button>
        </p>
      )}
    </div>
  )
}
