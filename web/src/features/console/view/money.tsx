import { useRef, useState } from 'preact/hooks'
import type { Balance, Deposit, Deposits } from '../../api/shared/wire'
import { instance } from '../../identity/shared/session'
import { micro, plain, shown, typed } from '../../money/shared/amount'
import { hex, random } from '../../proof/shared/bytes'
import { when } from '../../frame/shared/words'
import { Hash, Money, Trouble, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { asRequester } from '../shared/requester'
import { Worth } from '../../money/view/worth'
import { balance, Desk, refreshBalance } from './desk'
import { Invoices, Spent } from './spending'

export default function MoneyPage() {
  return (
    <Desk>
      <Page />
    </Desk>
  )
}

/** The most test tokens that the faucet gives at once, in whole tokens. */
const mostFaucet = 1000

function Page() {
  const heading = useTitle('Money')
  const here = useLoad(() => instance(), [])
  const { value, error, again } = useLoad(() => asRequester<Deposits>('/v1/deposits?limit=20'), [])
  const [older, setOlder] = useState<Deposit[]>([])
  const [next, setNext] = useState<string | null>(null)
  const [awaited, setAwaited] = useState<string>()
  const money = useCell(balance)
  // A deposit shows up after its confirmations; until then it is looked for.
  useInterval(() => {
    if (!awaited) return
    void refreshBalance().then(() => {
      if (balance.value && balance.value.deposited !== awaited) setAwaited(undefined)
      again()
    })
  }, 2000)
  const symbol = money?.symbol ?? here.value?.token.symbol ?? ''
  const cursor = next ?? value?.next
  const more = async () => {
    const page = await asRequester<Deposits>(`/v1/deposits?limit=20&cursor=${encodeURIComponent(cursor!)}`)
    setOlder([...older, ...page.deposits])
    setNext(page.next ?? '')
  }
  return (
    <>
      <h1 class="title" ref={heading} tabIndex={-1}>
        {money ? `${shown(money.available)} ${symbol} to spend` : 'Money'}
      </h1>
      {money && <Worth of={micro(money.available)} />}
      {money && <Sums money={money} />}
      <div class="cols main-side">
        <section class="card">
          <h2>Deposits</h2>
          {error !== undefined && <Trouble error={error} again={again} />}
          {value?.deposits.length === 0 && <p class="sec pad">None yet.</p>}
          {value && value.deposits.length > 0 && (
            <table class="table stacked">
              <thead>
                <tr>
                  <th>Transaction</th>
                  <th class="r">Block</th>
                  <th class="r">Amount</th>
                  <th class="r">Credited</th>
                </tr>
              </thead>
              <tbody>
                {[...value.deposits, ...older].map((d) => (
                  <tr key={d.tx}>
                    <td>
                      <Hash of={d.tx} name="deposit transaction" />
                    </td>
                    <td class="r n">{d.block}</td>
                    <td class="r">
                      <Money of={d.amount} symbol={symbol} />
                    </td>
                    <td class="r sec">{when(d.credited_at)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {cursor && (
            <p class="older">
              <button type="button" class="btn slim" onClick={() => void more().catch(again)}>
                Older deposits
              </button>
            </p>
          )}
        </section>
        <aside class="stack loose">
          {here.value?.dev_chain && <Faucet symbol={symbol} awaited={awaited !== undefined} drawn={() => setAwaited(money?.deposited ?? '0')} />}
          {value && (
            <section class="card stack tight">
              <h2>By the chain</h2>
              <p class="small sec">
                Approve the token for the vault, then call <code>deposit(owner, reference, amount)</code> on the vault, with your own address as the owner and your reference. It is credited after {value.confirmations} {value.confirmations === 1 ? 'block' : 'blocks'}.
              </p>
              <dl class="facts2 small">
                <dt>Vault</dt>
                <dd>
                  <Hash of={value.vault} name="vault address" />
                </dd>
                <dt>Token</dt>
                <dd>
                  <Hash of={value.token} name="token address" />
                </dd>
                <dt>Reference</dt>
                <dd>
                  <Hash of={value.reference} name="deposit reference" />
                </dd>
                {here.value && (
                  <>
                    <dt>Chain</dt>
                    <dd class="n">{here.value.chain_id}</dd>
                  </>
                )}
              </dl>
              <p class="small">
                <a class="btn bare slim" href="/exit.html">
                  Save what you need to leave without us
                </a>
              </p>
            </section>
          )}
        </aside>
      </div>
      <Spent />
      <Invoices />
    </>
  )
}

function Sums({ money }: { money: Balance }) {
  const used = micro(money.deposited) > 0n ? Number((micro(money.spent) * 1000n) / micro(money.deposited)) / 1000 : 0
  return (
    <section class="card stack tight" aria-label="Balance">
      <span class="track big" role="img" aria-label={`${Math.round(used * 100)} % of ${shown(money.deposited)} ${money.symbol} spent`}>
        <i style={{ '--v': used }} />
      </span>
      <p class="small sec line">
        <span>
          <b class="n">{shown(money.spent)}</b> spent<Worth of={micro(money.spent)} joined=", " />
        </span>
        <span>
          <b class="n">{shown(money.held)}</b> held
        </span>
        <span class="end">
          of <b class="n">{shown(money.deposited)}</b> {money.symbol} deposited
        </span>
      </p>
    </section>
  )
}

function Faucet({ symbol, awaited, drawn }: { symbol: string; awaited: boolean; drawn: () => void }) {
  const [text, setText] = useState('100')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const sent = useRef({ amount: '', key: '' })
  const amount = typed(text)
  const valid = amount !== undefined && amount > 0n && amount <= BigInt(mostFaucet) * 1_000_000n
  const draw = async () => {
    setError(undefined)
    setBusy(true)
    if (sent.current.amount !== text) sent.current = { amount: text, key: hex(random(16)) }
    try {
      await asRequester('/v1/deposits/faucet', { json: { amount: plain(amount!) }, headers: { 'Idempotency-Key': sent.current.key } })
      sent.current = { amount: '', key: '' }
      drawn()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return (
    <section class="card stack tight">
      <h2>Test tokens</h2>
      <p class="small sec">This server runs a development chain. Its tokens are free and worth nothing.</p>
      <form
        class="line nowrap tight bottom"
        onSubmit={(event) => {
          event.preventDefault()
          if (valid) void draw()
        }}
      >
        <label class="field grow">
          <span>Amount, {symbol}</span>
          <input class="input n" inputMode="decimal" value={text} onInput={(e) => setText(e.currentTarget.value)} aria-invalid={!valid} />
        </label>
        <button type="submit" class="btn main" disabled={!valid || busy}>
          Deposit
        </button>
      </form>
      {!valid && <p class="cap bad">Between 0 and {mostFaucet}.</p>}
      {awaited && (
        <p class="small sec" role="status">
          On its way: waiting for its blocks.
        </p>
      )}
      {error !== undefined && <Trouble error={error} />}
    </section>
  )
}
