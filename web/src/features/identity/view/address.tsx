import { useState } from 'preact/hooks'
import { Refused } from '../../api/shared/http'
import type { AddressChange, ChangeAddress, PayoutPlace } from '../../api/shared/wire'
import { clock, day, span } from '../../frame/shared/words'
import { Hash, Trouble, useLoad } from '../../frame/view/parts'
import { asRespondent, instance, payoutAddress } from '../shared/session'
import type { Holder } from '../shared/identity'
import type { NotSigned, Provider } from '../worker/payoutaddress'
import { identity as t } from '../../../language/en/identity'
import { rich } from '../../../language/rich'

/** The browser's wallet, if it has one. */
const ownWallet = () => (globalThis as { ethereum?: Provider }).ethereum

/** Where the pay goes, and how it goes elsewhere. */
export function Address({ who, place, changed }: { who: Holder; place: PayoutPlace; changed: () => void }) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const [error, setError] = useState<unknown>()
  const [done, setDone] = useState<AddressChange>()
  const [undone, setUndone] = useState<AddressChange>()
  const tools = useLoad(payoutAddress, []).value
  const to = tools?.typedAddress(text)
  const own = ownWallet()
  const wrong = text.trim() !== '' && tools && !to
  const attempt = async (act: () => Promise<void>): Promise<boolean> => {
    setBusy(true)
    setProblem('')
    setError(undefined)
    let done = false
    try {
      await act()
      done = true
    } catch (e) {
      if (tools && e instanceof tools.NotSigned) setProblem((e as NotSigned).message)
      else setError(e)
    }
    changed()
    setBusy(false)
    return done
  }
  const send = (change: ChangeAddress) => asRespondent<AddressChange>('/v1/me/payout/address', { json: change }).then((made) => (setUndone(undefined), setDone(made)))
  const toAddress = (address: string) => attempt(async () => send(tools!.byWallet(who, await instance(), place, address)))
  const toOwn = (wallet: Provider) =>
    attempt(async () => {
      const account = await tools!.accountOf(wallet)
      if (account === place.address) throw new tools!.NotSigned(t('alreadyHere'))
      await send(await tools!.byBoth(who, await instance(), place, wallet, account))
    })
  const cancel = (change: AddressChange) =>
    attempt(async () => {
      try {
        await asRespondent<void>('/v1/me/payout/address', { method: 'DELETE' })
      } catch (e) {
        // It holds by now, or was cancelled from elsewhere: what is read next tells which.
        if (!(e instanceof Refused && e.code === 'no_address_change')) throw e
      }
      setDone(undefined)
      setUndone(change)
    })
  return (
    <section class="stack tight">
      <h2>{t('payGoes')}</h2>
      <p>
        {rich(t, place.address === place.wallet ? 'payToHere' : 'payTo', { address: <Hash of={place.address} name={t('payoutAddress')} /> })}
      </p>
      {place.before?.map((address) => (
        <p class="cap">
          {rich(t, 'earlier', { address: <Hash of={address} name={t('addressBefore')} /> })}
        </p>
      ))}
      {done && !place.waits && (
        <p class="good" role="status">
          {t('changedAddress')}
        </p>
      )}
      {undone && !place.waits && (place.address === undone.to ? (
        <p class="note wrong" role="alert">
          {t('tooLate')}
        </p>
      ) : (
        <p class="good" role="status">
          {t('changeCancelled')}
        </p>
      ))}
      {problem && (
        <p class="note wrong" role="alert">
          {problem}
        </p>
      )}
      {error !== undefined && <Trouble error={error} />}
      {place.waits ? (
        <Waits change={place.waits} busy={busy} cancel={() => void cancel(place.waits!)} />
      ) : (
        <>
          {own && (
            <div class="stack tight">
              <p class="sec">{t('bothSign')}</p>
              <button type="button" class="btn" disabled={busy || !tools} onClick={() => void toOwn(own)}>
                {t('ownWallet')}
              </button>
            </div>
          )}
          {place.address !== place.wallet && (
            <button type="button" class="btn" disabled={busy || !tools} onClick={() => void toAddress(place.wallet)}>
              {t('backToWallet')}
            </button>
          )}
          <form
            class="stack tight"
            onSubmit={(event) => {
              event.preventDefault()
              void toAddress(to!).then((done) => done && setText(''))
            }}
          >
            <label class="field">
              <span>{t('anotherAddress')}</span>
              <input class="input" dir="ltr" autocomplete="off" autocapitalize="off" spellcheck={false} value={text} onInput={(e) => setText(e.currentTarget.value)} aria-invalid={wrong} aria-describedby="address-hint" />
              <span class={`cap ${wrong ? 'bad' : ''}`} id="address-hint" role={wrong ? 'alert' : undefined}>
                {wrong ? t('wrongAddress') : t('addressHint', { time: span(place.delay_s) })}
              </span>
            </label>
            <button type="submit" class="btn" disabled={busy || !to || to === place.address}>
              {t('sendThere')}
            </button>
          </form>
        </>
      )}
    </section>
  )
}

/** That the pay will go elsewhere, which the person may not have wanted. */
function Waits({ change, busy, cancel }: { change: AddressChange; busy: boolean; cancel: () => void }) {
  const from = new Date(change.effective_at)
  return (
    <div class="note" role="status">
      <h3 class="b">{t('elsewhere')}</h3>
      <p>
        {rich(t, 'elsewhereMore', { day: day(from), clock: clock(from), address: <Hash of={change.to} name={t('newAddress')} /> })}
      </p>
      <button type="button" class="btn slim" disabled={busy} onClick={cancel}>
        {t('cancelChange')}
      </button>
    </div>
  )
}
