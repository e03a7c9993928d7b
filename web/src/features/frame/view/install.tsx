import { useState } from 'preact/hooks'
import { decline, declined, install, offer } from '../shared/install'
import { useCell } from './parts'

/** Offers to install the app, in a pause. "Not now" holds for two months. */
export function InstallNote() {
  const there = useCell(offer)
  const [no, setNo] = useState(() => declined(Date.now()))
  if (!there || no) return null
  return (
    <div class="note">
      <h2>Keep TaskNet on this phone?</h2>
      <p>It gets an icon, opens without a network, and sends what you answered by itself.</p>
      <div class="line tight">
        <button type="button" class="btn" onClick={() => void install()}>
          Install
        </button>
        <button type="button" class="btn" onClick={() => (decline(Date.now()), setNo(true))}>
          Not now
        </button>
      </div>
    </div>
  )
}
