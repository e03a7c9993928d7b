import { useEffect, useState } from 'preact/hooks'
import { asRespondent, instance } from '../shared/session'
import type { PayoutPlace } from '../../api/shared/wire'
import type { Holder } from '../shared/identity'
import { plain, shown, typed } from '../../money/shared/amount'
import { refreshMe } from '../../frame/shared/people'
import { Back } from '../../frame/view/back'
import { Missing, Money, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { decimal } from '../../../language/format'
import { Phone } from '../../frame/view/phone'
import { Address } from './address'
import { identity as t } from '../../../language/en/identity'
import { rich } from '../../../language/rich'

/** How and where a person wants to be paid. */
export function PayoutPage({ who }: { who: Holder }) {
  const heading = useTitle(t('payouts'))
  const place = useLoad(() => asRespondent<PayoutPlace>('/v1/me/payout'), [])
  const symbol = useLoad(() => instance(), []).value?.token.symbol
  useEffect(() => void refreshMe(), [])
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('payouts')}
        </h1>
        <Missing of={place} what={t('missingPlace')} />
        {place.value && symbol && (
          <>
            <Address who={who} place={place.value} changed={() => (place.again(), void refreshMe())} />
            <Least least={place.value.least} symbol={symbol} saved={place.again} />
          </>
        )}
      </main>
    </Phone>
  )
}

/** The most that somebody can wait for, in micro-units. */
const leastMax = 1_000_000_000n

/** How small a payout may be. */
function Least({ least, symbol, saved }: { least: string; symbol: string; saved: () => void }) {
  const [text, setText] = useState(least === '0' ? '' : shown(least))
  const [busy, setBusy] = useState(false)
  const [kept, setKept] = useState(false)
  const [error, setError] = useState<unknown>()
  const value = text.trim() === '' ? 0n : typed(text)
  const problem = value === undefined ? t('numberOf', { symbol, such: decimal('0.50') }) : value > leastMax ? t('mostOf', { most: shown(leastMax), symbol }) : ''
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await asRespondent('/v1/me/payout', { method: 'PUT', json: { least: plain(value!) } })
      setKept(true)
      saved()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return (
    <form
      class="stack tight"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <h2>{t('leastTitle')}</h2>
      <p class="sec">{t('leastMore')}</p>
      <label class="field">
        <span>{t('leastIn', { symbol })}</span>
        <input class="input" inputMode="decimal" autocomplete="off" value={text} onInput={(e) => (setText(e.currentTarget.value), setKept(false))} aria-invalid={problem !== ''} aria-describedby="least-hint" />
        <span class={`cap ${problem ? 'bad' : ''}`} id="least-hint" role={problem ? 'alert' : undefined}>
          {problem || t('leastEmpty')}
        </span>
      </label>
      {error !== undefined && <Trouble error={error} />}
      <div class="line">
        <button type="submit" class="btn main" disabled={busy || problem !== '' || plain(value ?? 0n) === least}>
          {t('save')}
        </button>
        <span class="small sec" role="status">
          {kept && (least === '0' ? t('savedEvery') : rich(t, 'savedLeast', { amount: <Money of={least} symbol={symbol} /> }))}
        </span>
      </div>
    </form>
  )
}
