import { useState } from 'preact/hooks'
import * as office from '../../../outbox/office'
import { refreshMe } from '../../frame/shared/people'
import { Mark, Trouble, useCell, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { comeBack } from '../shared/session'

/** Said when another device has ended this one. It comes back only when the person says so. */
export default function Ended() {
  const heading = useTitle('Signed off')
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
          This phone was signed off.
        </h1>
        <p class="sec">Another device with your key has ended this one, so what it signs is not taken any more. Your pay is your wallet’s, and stays.</p>
        {waiting > 0 && <p class="note">{waiting === 1 ? '1 answer waits on this phone. It goes' : `${waiting} answers wait on this phone. They go`} out if you use it again.</p>}
        {error !== undefined && <Trouble error={error} />}
        <button type="button" class="btn main" disabled={busy} onClick={() => void back()}>
          {busy ? 'One moment' : 'Use this phone again'}
        </button>
        <p class="small sec">
          Was it not you? Then somebody else has your key: <a href="/key">bring another one</a>, and take your pay out of the old wallet.
        </p>
      </main>
    </Phone>
  )
}
