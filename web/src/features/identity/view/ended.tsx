import { useState } from 'preact/hooks'
import * as office from '../../../outbox/office'
import { refreshMe } from '../../frame/shared/people'
import { Mark, Trouble, useCell, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { comeBack } from '../shared/session'
import { identity as t } from '../../../language/en/identity'
import { rich } from '../../../language/rich'

/** Said when another device has ended this one. It comes back only when the person says so. */
export default function Ended() {
  const heading = useTitle(t('endedTitle'))
  const waiting = useCell(office.unsent).length
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const back = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await comeBack()
      void refreshMe()
      void office.hurry()
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <Phone bar={false}>
      <header class="top">
        <Mark />
        <b>TaskNet</b>
      </header>
      <main class="empty">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('ended')}
        </h1>
        <p class="sec">{t('endedMore')}</p>
        {waiting > 0 && <p class="note">{t('endedWaits', { n: waiting })}</p>}
        {error !== undefined && <Trouble error={error} />}
        <button type="button" class="btn main" disabled={busy} onClick={() => void back()}>
          {busy ? t('busy') : t('useAgain')}
        </button>
        <p class="small sec">
          {rich(t, 'notYou', { key: (inner) => <a href="/key">{inner}</a> })}
        </p>
      </main>
    </Phone>
  )
}
