import { useEffect, useState } from 'preact/hooks'
import { asRespondent, instance } from '../shared/session'
import type { PayoutPlace } from '../../api/shared/wire'
import type { Holder } from '../shared/identity'
import { plain, shown, typed } from '../../money/shared/amount'
import { refreshMe } from '../../frame/shared/people'
import { Back } from '../../frame/view/back'
import { Missing, Money, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Address } from './address'

/** How and where a person wants to be paid. */
export function PayoutPage({ who }: { who: Holder }) {
  const heading = useTitle('Payouts')
  const place = useLoad(() => asRespondent<PayoutPlace>('/v1/me/payout'), [])
  const symbol = useLoad(() => instance(), []).value?.token.symbol
  useEffect(() => void refreshMe(), [])
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          Payouts
        </h1>
        <Missing of={place} what="How you are paid is shown" />
        {place.value && symbol && (
          <>
            <Address who={who} place={place.value} changed={place.again} />
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
  const problem = value === undefined ? `A number of ${symbol}, such as 0.50, with at most six decimals.` : value > leastMax ? `At most ${shown(leastMax)} ${symbol}.` : ''
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
      <h2>The least payout</h2>
      <p class="sec">What is yours waits until it is so much, and goes into the next epoch then. A wallet that gets fewer and larger payouts is easier to look through. Nothing is lost by it.</p>
      <label class="field">
        <span>At least, in {symbol}</span>
        <input class="input" inputMode="decimal" autocomplete="off" value={text} onInput={(e) => (setText(e.currentTarget.value), setKept(false))} aria-invalid={problem !== ''} aria-describedby="least-hint" />
        <span class={`cap ${problem ? 'bad' : ''}`} id="least-hint" role={problem ? 'alert' : undefined}>
          {problem || 'Empty: every epoch pays what is yours.'}
        </span>
      </label>
      {error !== undefined && <Trouble error={error} />}
      <div class="line">
        <button type="submit" class="btn main" disabled={busy || problem !== '' || plain(value ?? 0n) === least}>
          Save
        </button>
        <span class="small sec" role="status">
          {kept && (least === '0' ? 'Saved: every epoch pays you.' : <>Saved: at least <Money of={least} symbol={symbol} />.</>)}
        </span>
      </div>
    </form>
  )
}
