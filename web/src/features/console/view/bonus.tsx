import { useRef, useState } from 'preact/hooks'
import type { Bonus, NewBonus } from '../../api/shared/money'
import { Money, Trouble } from '../../frame/view/parts'
import { plain, shown, typed } from '../../money/shared/amount'
import { hex, random } from '../../proof/shared/bytes'
import { asRequester } from '../shared/requester'
import { refreshBalance } from './desk'
import './bonus.css'

const most = 1_000_000_000n
const reasonMost = 280

/** Paying for an answer on top of its price. */
export function PayBonus({ question, answer, who, symbol }: { question: string; answer: string; who: string; symbol: string }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [paid, setPaid] = useState<Bonus>()
  const [error, setError] = useState<unknown>()
  // The same bonus goes out under the same key, so that a second press after a lost reply pays once.
  const sent = useRef({ json: '', key: '' })
  const value = typed(amount)
  const good = value !== undefined && value > 0n && value <= most && reason.trim() !== ''
  const pay = async () => {
    const json: NewBonus = { answer, amount: plain(value!), reason: reason.trim() }
    const text = JSON.stringify(json)
    if (sent.current.json !== text) sent.current = { json: text, key: hex(random(16)) }
    setBusy(true)
    setError(undefined)
    try {
      setPaid(await asRequester<Bonus>(`/v1/questions/${question}/bonuses`, { json, headers: { 'Idempotency-Key': sent.current.key } }))
      dialog.current?.close()
      void refreshBalance()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  if (paid) {
    return (
      <span class="sec" role="status">
        <Money of={paid.amount} symbol={symbol} /> on top
      </span>
    )
  }
  return (
    <>
      <button type="button" class="btn slim" aria-label={`Bonus for ${who}`} onClick={() => dialog.current?.showModal()}>
        Bonus
      </button>
      <dialog ref={dialog} class="sheet" aria-label={`A bonus for ${who}`}>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            void pay()
          }}
        >
          <h2 class="title">A bonus for {who}</h2>
          <p class="sec">It goes from your balance to who gave this answer, at once and without a fee. It cannot be taken back.</p>
          <label class="field">
            <span>Amount, {symbol}</span>
            <input class="input n" inputMode="decimal" autocomplete="off" value={amount} onInput={(e) => setAmount(e.currentTarget.value)} aria-invalid={amount !== '' && !(value !== undefined && value > 0n && value <= most)} />
          </label>
          <label class="field">
            <span>What it is for</span>
            <input class="input" maxLength={reasonMost} value={reason} onInput={(e) => setReason(e.currentTarget.value)} aria-describedby={`reason-${answer}`} />
            <span class="cap" id={`reason-${answer}`}>
              They read it.
            </span>
          </label>
          {error !== undefined && <Trouble error={error} />}
          <div class="line tight">
            <button type="button" class="btn" onClick={() => dialog.current?.close()}>
              Not now
            </button>
            <button type="submit" class="btn main" disabled={busy || !good}>
              {good ? `Pay ${shown(value)} ${symbol}` : 'Pay'}
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}
