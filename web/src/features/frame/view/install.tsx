import { useState } from 'preact/hooks'
import { decline, declined, install, offer } from '../shared/install'
import { useCell } from './parts'
import { frame as t } from '../../../language/en/frame'

/** Offers to install the app, in a pause. "Not now" holds for two months. */
export function InstallNote() {
  const there = useCell(offer)
  const [no, setNo] = useState(() => declined(Date.now()))
  if (!there || no) return null
  return (
    <div class="note">
      <h2>{t('keepApp')}</h2>
      <p>{t('keepAppMore')}</p>
      <div class="line tight">
        <button type="button" class="btn" onClick={() => void install()}>
          {t('install')}
        </button>
        <button type="button" class="btn" onClick={() => (decline(Date.now()), setNo(true))}>
          {t('notNow')}
        </button>
      </div>
    </div>
  )
}
