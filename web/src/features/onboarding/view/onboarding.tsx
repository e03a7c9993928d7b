import { useState } from 'preact/hooks'
import { registered } from '../../identity/shared/session'
import { refreshMe } from '../../frame/shared/people'
import { go } from '../../frame/shared/route'
import { PlainHttp, Trouble, useTitle } from '../../frame/view/parts'

/** The first start. The keys are made when the button is pressed, without a word about keys. */
export default function Onboarding({ onDone }: { onDone: () => void }) {
  const heading = useTitle('Welcome')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const begin = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await registered()
      void refreshMe()
      onDone()
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <div class="phone">
      <div class="splash" aria-hidden="true">
        <svg viewBox="0 0 390 400" preserveAspectRatio="xMidYMax slice">
          <g fill="currentColor">
            <rect x="40" y="54" width="40" height="312" rx="5" />
            <rect x="130" y="40" width="40" height="320" rx="5" />
            <rect x="220" y="58" width="40" height="306" rx="5" />
            <rect x="310" y="46" width="40" height="318" rx="5" />
          </g>
          <path class="swash" d="M-24 300 414 104" />
        </svg>
      </div>
      <main class="welcome">
        <h1 class="ask" ref={heading} tabIndex={-1}>
          Your answer counts.
          <br />
          So does your time.
        </h1>
        <ul class="rows small sec facts">
          <li>
            <b class="n">5 to 10 s</b>
            <span>for a question, with one thumb.</span>
          </li>
          <li>
            <b class="n">1 to 3 cents</b>
            <span>for an answer. Pocket money, not a wage.</span>
          </li>
          <li>
            <b class="n">No account</b>
            <span>A key is made on this phone. No name, no e-mail.</span>
          </li>
          <li>
            <b class="n">In public</b>
            <span>Anyone can see which answers came from the same key.</span>
          </li>
        </ul>
        {error !== undefined && <Trouble error={error} />}
        <PlainHttp />
      </main>
      <div class="thumb">
        <button class="btn main big" type="button" onClick={() => void begin()} disabled={busy}>
          {busy ? 'One moment' : 'Answer a first question'}
        </button>
        <div class="quiet apart">
          <button type="button" onClick={() => go('/key')}>
            I have a key
          </button>
          <button type="button" onClick={() => go('/how')}>
            How it works
          </button>
          <button type="button" onClick={() => go('/console')}>
            I want to ask
          </button>
        </div>
      </div>
    </div>
  )
}
