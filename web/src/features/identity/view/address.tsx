import { useState } from 'preact/hooks'
import type { AddressChange, ChangeAddress, PayoutPlace } from '../../api/shared/wire'
import { clock, day, span } from '../../frame/shared/words'
import { Hash, Trouble, useLoad } from '../../frame/view/parts'
import { asRespondent, instance, payoutAddress } from '../shared/session'
import type { Holder } from '../shared/identity'
import type { NotSigned, Provider } from '../worker/payoutaddress'

/** The browser's wallet, if it has one. */
const ownWallet = () => (globalThis as { ethereum?: Provider }).ethereum

/** Where the pay goes, and how it goes elsewhere. */
export function Address({ who, place, changed }: { who: Holder; place: PayoutPlace; changed: () => void }) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const [error, setError] = useState<unknown>()
  const [done, setDone] = useState<AddressChange>()
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
  const send = (change: ChangeAddress) => asRespondent<AddressChange>('/v1/me/payout/address', { json: change }).then(setDone)
  const toAddress = (address: string) => attempt(async () => send(tools!.byWallet(who, await instance(), place, address)))
  const toOwn = (wallet: Provider) =>
    attempt(async () => {
      const account = await tools!.accountOf(wallet)
      if (account === place.address) throw new tools!.NotSigned('Your pay goes to this account already. Choose another one in your wallet.')
      await send(await tools!.byBoth(who, await instance(), place, wallet, account))
    })
  const cancel = () => attempt(() => asRespondent<void>('/v1/me/payout/address', { method: 'DELETE' }).then(() => setDone(undefined)))
  return (
    <section class="stack tight">
      <h2>Where your pay goes</h2>
      <p>
        To <Hash of={place.address} name="payout address" />
        {place.address === place.wallet ? ', the wallet on this phone.' : '.'}
      </p>
      {place.before?.map((address) => (
        <p class="cap">
          What earlier epochs gave to <Hash of={address} name="address before" /> stays there, and can be claimed there.
        </p>
      ))}
      {done && !place.waits && (
        <p class="good" role="status">
          Changed. Epochs from now on pay there.
        </p>
      )}
      {problem && (
        <p class="note wrong" role="alert">
          {problem}
        </p>
      )}
      {error !== undefined && <Trouble error={error} />}
      {place.waits ? (
        <Waits change={place.waits} busy={busy} cancel={() => void cancel()} />
      ) : (
        <>
          {own && (
            <div class="stack tight">
              <p class="sec">With a wallet in this browser both keys sign, and it holds from the next epoch on.</p>
              <button type="button" class="btn" disabled={busy || !tools} onClick={() => void toOwn(own)}>
                Use your own wallet
              </button>
            </div>
          )}
          {place.address !== place.wallet && (
            <button type="button" class="btn" disabled={busy || !tools} onClick={() => void toAddress(place.wallet)}>
              Back to the wallet on this phone
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
              <span>Another address</span>
              <input class="input" autocomplete="off" autocapitalize="off" spellcheck={false} value={text} onInput={(e) => setText(e.currentTarget.value)} aria-invalid={wrong} aria-describedby="address-hint" />
              <span class={`cap ${wrong ? 'bad' : ''}`} id="address-hint" role={wrong ? 'alert' : undefined}>
                {wrong ? 'An address is 0x and 40 digits. One of them is wrong or missing: copy it again.' : `Here only your wallet’s key signs, so the change waits ${span(place.delay_s)}, in which you can cancel it. Nobody can undo a payment to a wrong address.`}
              </span>
            </label>
            <button type="submit" class="btn" disabled={busy || !to || to === place.address}>
              Send my pay there
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
      <h3 class="b">It will go elsewhere.</h3>
      <p>
        From {day(from)}, {clock(from)} on it goes to <Hash of={change.to} name="new payout address" />. If you did not ask for this, cancel it: somebody else has your key.
      </p>
      <button type="button" class="btn slim" disabled={busy} onClick={cancel}>
        Cancel the change
      </button>
    </div>
  )
}
