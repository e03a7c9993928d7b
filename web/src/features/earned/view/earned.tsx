import { useEffect, useState } from 'preact/hooks'
import type { AddressChange, Earnings, EarningsDay, Payout, Payouts } from '../../api/shared/wire'
import { reachable } from '../../api/shared/http'
import { asRespondent, identity, instance, signer } from '../../identity/shared/session'
import { micro, shown, sum } from '../../money/shared/amount'
import { lastKnown } from '../../frame/shared/known'
import { me, refreshMe } from '../../frame/shared/people'
import { day, utcDay } from '../../frame/shared/words'
import { DayPlot } from '../../frame/view/dayplot'
import { AsOf, Bundles, Hash, Icon, Missing, Money, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Gas } from '../../money/view/gas'
import { Worth } from '../../money/view/worth'
import { Bonuses } from './bonuses'

/** Where the person's money is. */
export default function Earned() {
  const heading = useTitle('Earned')
  const answered = useCell(me)?.answered
  const online = useCell(reachable)
  const earnings = useLoad(() => lastKnown('earnings', () => asRespondent<Earnings>('/v1/me/earnings')), [answered, online])
  const list = useLoad(() => lastKnown('payouts', () => asRespondent<Payouts>('/v1/me/payouts?limit=20')), [online])
  const value = earnings.value?.value
  const payouts = list.value?.value
  const [more, setMore] = useState<Payout[]>([])
  const [next, setNext] = useState<string>()
  const [backedUp, setBackedUp] = useState(true)
  useEffect(() => {
    void refreshMe()
    void identity().then((who) => setBackedUp(who?.backedUpAt !== undefined))
  }, [])
  useEffect(() => setNext(payouts?.next), [payouts])
  // Money that is on its way moves in seconds on a development chain and in hours elsewhere.
  const moving = value !== undefined && micro(value.held) + micro(value.yours) + micro(value.in_epoch) > 0n
  useInterval(() => {
    if (!moving) return
    earnings.again()
    list.again()
  }, 5000)
  const total = value && sum(value.held, value.yours, value.in_epoch, value.on_chain)
  const older = async () => {
    const page = await asRespondent<Payouts>(`/v1/me/payouts?limit=20&cursor=${encodeURIComponent(next!)}`)
    setMore([...more, ...page.payouts])
    setNext(page.next)
  }
  return (
    <Phone>
      <header class="top">
        <h1 class="b heading" ref={heading} tabIndex={-1}>
          Earned
        </h1>
        <a class="end btn bare slim" href="/key">
          Key and settings
        </a>
      </header>
      <main class="wide">
        <Missing of={earnings} what="What you have earned is shown" />
        {value && total !== undefined ? (
          <>
            <div class="stack snug">
              <div class="line base tight">
                <span class={`hero n ${shown(total).length > 6 ? 'long' : ''}`}>{shown(total)}</span>
                <span class="sec">{value.symbol}</span>
              </div>
              <Worth of={total} />
              <Way earnings={value} />
              <Waiting earnings={value} />
              <Forfeited earnings={value} />
              <Waits earnings={value} />
              <AsOf known={earnings.value} />
            </div>
            {value.moves && <Moves to={value.moves} />}
            {total > 0n && !backedUp && (
              <section class="note">
                <h2>Only this phone has your key.</h2>
                <p>Whoever has the key has the money, and nobody can give a lost one back. Save a copy now.</p>
                <a class="btn slim" href="/key">
                  Save the key
                </a>
              </section>
            )}
            <Days days={value.days} symbol={value.symbol} />
          </>
        ) : (
          earnings.error === undefined && <Bones />
        )}
        {value && <Bonuses symbol={value.symbol} />}
        <section>
          <div class="line">
            <h2 class="small">Payouts</h2>
            <a class="btn bare slim end" href="/earned/statement">
              Statement
            </a>
          </div>
          <Missing of={list} what="They are shown" />
          {payouts?.payouts.length === 0 && <p class="small sec pad">None yet. What is yours goes into the next epoch by itself, and from there to your wallet. <Gas /></p>}
          <ul class="rows small">
            {[...(payouts?.payouts ?? []), ...more.filter((p) => !payouts?.payouts.some((q) => q.epoch === p.epoch))].map((payout) => (
              <PayoutRow key={payout.epoch} payout={payout} symbol={value?.symbol ?? ''} />
            ))}
          </ul>
          {next && (
            <button class="btn slim" type="button" onClick={() => void older().catch(list.again)}>
              Older payouts
            </button>
          )}
        </section>
        {value && (
          <p class="cap mt">
            Goes to {value.address && value.address !== value.wallet ? 'your other address' : 'your wallet'} <Hash of={value.address ?? value.wallet} name="payout address" />. No fee for you. <Gas /> <a href="/key/payout">Payouts</a>
          </p>
        )}
        <p>
          <a class="btn bare slim" href="/exit.html">
            Save what you need to leave without us
          </a>
        </p>
      </main>
    </Phone>
  )
}

/** That pay will go elsewhere, which the person may not have wanted. */
function Moves({ to }: { to: AddressChange }) {
  return (
    <section class="note">
      <h2>Your pay will go elsewhere.</h2>
      <p>
        From {day(new Date(to.effective_at))} on it goes to <Hash of={to.to} name="new payout address" />. If you did not ask for this, cancel it.
      </p>
      <a class="btn slim" href="/key/payout">
        Look at the change
      </a>
    </section>
  )
}

/** The four places where money is, in the order in which it moves. */
function Way({ earnings }: { earnings: Earnings }) {
  const places: [string, string, string][] = [
    ['Held', earnings.held, micro(earnings.pending ?? '0') > 0n ? 'not final yet' : 'until its questions close'],
    ['Yours', earnings.yours, waitsForMore(earnings) ? 'waits until it is more' : 'goes into the next epoch'],
    ['In epoch', earnings.in_epoch, 'on its way to the chain'],
    ['On chain', earnings.on_chain, 'in your wallet'],
  ]
  return (
    <dl class="way">
      {places.map(([name, amount, where]) => (
        <div class={micro(amount) === 0n ? 'none' : ''}>
          <dt>{name}</dt>
          <dd class="n" title={`${shown(amount)} ${earnings.symbol}`}>
            {shown(amount)}
          </dd>
          <dd class="cap">{where}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Why some pay waits, and until when at the latest. */
function Waiting({ earnings: { pending = '0', pending_until, symbol } }: { earnings: Earnings }) {
  if (micro(pending) === 0n || !pending_until) return null
  return (
    <p class="small sec">
      Of what is held, <Money of={pending} symbol={symbol} /> waits because you are new. It becomes yours once a few of your answers have been compared with known ones, on {day(new Date(pending_until))} at the latest, unless they turn out to be guesses. <a href="/how">How this works</a>
    </p>
  )
}

/** That some pay is lost, and why. */
function Forfeited({ earnings: { forfeited = '0', symbol } }: { earnings: Earnings }) {
  if (micro(forfeited) === 0n) return null
  return (
    <p class="small sec">
      <Money of={forfeited} symbol={symbol} /> that waited will not be paid. Some questions had a known answer, and what you answered to them was no better than guesses, or copied from others. <a href="/answered">Your answers</a> show which ones count.
    </p>
  )
}

/** That what is theirs waits, because they wanted larger payouts. */
function Waits({ earnings }: { earnings: Earnings }) {
  const { least = '0', symbol } = earnings
  if (!waitsForMore(earnings)) return null
  return (
    <p class="small sec">
      What is yours waits until it is <Money of={least} symbol={symbol} />, as you said. <a href="/key/payout">Payouts</a>
    </p>
  )
}

function waitsForMore({ least = '0', yours }: Earnings): boolean {
  return micro(yours) > 0n && micro(yours) < micro(least)
}

/** What became final on each of the last days, as strokes. */
function Days({ days, symbol }: { days: EarningsDay[]; symbol: string }) {
  const today = days[days.length - 1]
  if (!today) return null
  const sums = days.map((d) => ({ day: d.date, sum: micro(d.amount) }))
  const most = sums.reduce((a, d) => (d.sum > a ? d.sum : a), 0n)
  return (
    <section class="stack snug" aria-label="Days">
      <div class="line">
        {today.answers > 0 && <Bundles n={today.answers} />}
        <span class="small">
          <b>
            {today.answers} {today.answers === 1 ? 'answer' : 'answers'}
          </b>{' '}
          closed today
        </span>
      </div>
      <DayPlot days={sums} name={most === 0n ? 'Earned per day, last 14 days: nothing yet.' : `Earned per day, last 14 days: from 0 to ${shown(most)}; today ${shown(today.amount)} ${symbol}.`} />
      <details class="small">
        <summary>The days as a table</summary>
        <table class="table">
          <thead>
            <tr>
              <th>Day (UTC)</th>
              <th class="r">Answers</th>
              <th class="r">Earned</th>
            </tr>
          </thead>
          <tbody>
            {[...days].reverse().map((d) => (
              <tr>
                <td>{utcDay(d.date)}</td>
                <td class="r n">{d.answers}</td>
                <td class="r n">
                  <Money of={d.amount} symbol={symbol} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}

const stateWords = {
  planned: 'its root is being written',
  built: 'its root is being written',
  posted: 'its root is on its way to the chain',
  confirmed: 'on chain, can be claimed soon',
  active: 'on chain, claim on its way',
  settled: 'on chain, can be claimed; small sums are sent when they have grown',
  blocked: 'its root is being checked again',
  voided: 'its root is void, and is looked at by the operator',
}

function PayoutRow({ payout, symbol }: { payout: Payout; symbol: string }) {
  const [check, setCheck] = useState<boolean>()
  const [open, setOpen] = useState(false)
  const run = async () => {
    const { isPayoutUnderRoot } = await signer()
    setCheck(isPayoutUnderRoot(payout, (await instance()).token.decimals))
  }
  return (
    <li class="fold">
      <button type="button" class="line base nowrap" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>
          <b>Epoch {payout.epoch}</b> <span class="sec">{payout.claimed ? `on chain, claimed ${day(new Date(payout.at))}` : stateWords[payout.state]}</span>
        </span>
        <span class="end">
          <Money of={payout.amount} symbol={symbol} />
        </span>
      </button>
      {open && (
        <div class="card inset">
          <dl class="facts2 small">
            <dt>Root</dt>
            <dd>
              <Hash of={payout.root} name="payout root" />
            </dd>
            <dt>Claimable</dt>
            <dd>
              <Money of={payout.cumulative} symbol={symbol} /> <span class="cap">in all, up to this epoch</span>
            </dd>
            <dt>Claim</dt>
            <dd>{payout.tx ? <Hash of={payout.tx} name="claim transaction" /> : <span class="sec">not yet</span>}</dd>
            <dt>Proof</dt>
            <dd>
              {payout.proof.length === 0 ? (
                <span class="sec">none needed: the only payee</span>
              ) : (
                payout.proof.map((h) => (
                  <>
                    <Hash of={h} name="proof hash" />{' '}
                  </>
                ))
              )}
            </dd>
          </dl>
          {check === undefined ? (
            <button type="button" class="btn slim" onClick={() => void run()}>
              Check on this phone
            </button>
          ) : check ? (
            <p class="small good line tight nowrap" role="status">
              <Icon of="tick" size={16} /> <span>Your address and amount are under this root.</span>
            </p>
          ) : (
            <p class="small bad" role="status">
              The proof does not lead to this root. Keep this page and tell the operator.
            </p>
          )}
        </div>
      )}
    </li>
  )
}

function Bones() {
  return (
    <div class="stack" role="status" aria-label="Loading">
      <div class="bone hero" />
      <div class="bone line" />
      <div class="bone box" />
    </div>
  )
}
