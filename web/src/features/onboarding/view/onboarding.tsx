import { useState } from 'preact/hooks'
import { registered } from '../../identity/shared/session'
import { refreshMe } from '../../frame/shared/people'
import { go } from '../../frame/shared/route'
import { Languages } from '../../frame/view/languages'
import { PlainHttp, Trouble, useTitle } from '../../frame/view/parts'
import { onboarding as t } from '../../../language/en/onboarding'

/** The first start. The keys are made when the button is pressed, without a word about keys. */
export default function Onboarding({ onDone }: { onDone: () => void }) {
  const heading = useTitle(t('welcome'))
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
      <header class="top">
        <Languages />
      </header>
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
          {t('headAnswer')}
          <br />
          {t('headTime')}
        </h1>
        <ul class="rows small sec facts">
          <li>
            <b class="n">{t('takes', { from: 5, to: 10 })}</b>
            <span>{t('takesWhat')}</span>
          </li>
          <li>
            <b class="n">{t('cents', { from: 1, to: 3 })}</b>
            <span>{t('centsWhat')}</span>
          </li>
          <li>
            <b class="n">{t('account')}</b>
            <span>{t('accountWhat')}</span>
          </li>
          <li>
            <b class="n">{t('public')}</b>
            <span>{t('publicWhat')}</span>
          </li>
        </ul>
        {error !== undefined && <Trouble error={error} />}
        <PlainHttp />
      </main>
      <div class="thumb">
        <button class="btn main big" type="button" onClick={() => void begin()} disabled={busy}>
          {t(busy ? 'busy' : 'begin')}
        </button>
        <div class="quiet apart">
          <button type="button" onClick={() => go('/key')}>
            {t('haveKey')}
          </button>
          <button type="button" onClick={() => go('/how')}>
            {t('how')}
          </button>
          <button type="button" onClick={() => go('/console')}>
            {t('ask')}
          </button>
        </div>
      </div>
    </div>
  )
}
