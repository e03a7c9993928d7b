import type { ComponentChildren } from 'preact'
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
import { number } from '../../../language/format'
import { Phone } from '../../frame/view/phone'
import { Gas } from '../../money/view/gas'
import { Worth } from '../../money/view/worth'
import { Bonuses } from './bonuses'
import { earned as t } from '../../../language/en/earned'
import { rich } from '../../../language/rich'

const toPayout = (inner: ComponentChildren) => <a href="/key/payout">{inner}</a>
const sec = (inner: ComponentChildren) => <span class="sec">{inner}</span>

/** Where the person's money is. */
export default function Earned() {
  const heading = useTitle(t('title'))
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
          {t('title')}
        </h1>
        <a class="end btn bare slim" href="/key">
          {t('key')}
        </a>
      </header>
      <main class="wide">
        <Missing of={earnings} what={t('missing')} />
        {value && total !== undefined ? (
          <>
            <div class="stack snug">
              <div class="line base tight">
                <span dir="ltr" class={`hero n ${shown(total).length > 6 ? 'long' : ''}`}>{shown(total)}</span>
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
                <h2>{t('onlyHere')}</h2>
                <p>{t('onlyHereMore')}</p>
                <a class="btn slim" href="/key">
                  {t('saveKey')}
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
            <h2 class="small">{t('payouts')}</h2>
            <a class="btn bare slim end" href="/earned/statement">
              {t('statement')}
            </a>
          </div>
          <Missing of={list} what={t('missingList')} />
          {payouts?.payouts.length === 0 && <p class="small sec pad">{rich(t, 'noPayouts', { gas: <Gas /> })}</p>}
          <ul class="rows small">
            {[...(payouts?.payouts ?? []), ...more.filter((p) => !payouts?.payouts.some((q) => q.epoch === p.epoch))].map((payout) => (
              <PayoutRow key={payout.epoch} payout={payout} symbol={value?.symbol ?? ''} />
            ))}
          </ul>
          {next && (
            <button class="btn slim" type="button" onClick={() => void older().catch(list.again)}>
              {t('olderPayouts')}
            </button>
          )}
        </section>
        {value && (
          <p class="cap mt">
            {rich(t, value.address && value.address !== value.wallet ? 'goesOther' : 'goesWallet', { address: <Hash of={value.address ?? value.wallet} name={t('payoutAddress')} />, gas: <Gas />, payout: toPayout })}
          </p>
        )}
        <p>
          <a class="btn bare slim" href="/exit.html">
            {t('leave')}
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
      <h2>{t('moves')}</h2>
      <p>
        {rich(t, 'movesMore', { day: day(new Date(to.effective_at)), address: <Hash of={to.to} name={t('newAddress')} /> })}
      </p>
      <a class="btn slim" href="/key/payout">
        {t('lookAtChange')}
      </a>
    </section>
  )
}

/** The four places where money is, in the order in which it moves. */
function Way({ earnings }: { earnings: Earnings }) {
  const places: [string, string, string][] = [
    [t('held'), earnings.held, micro(earnings.pending ?? '0') > 0n ? t('heldPending') : t('heldUntil')],
    [t('yours'), earnings.yours, waitsForMore(earnings) ? t('yoursWaits') : t('yoursNext')],
    [t('inEpoch'), earnings.in_epoch, t('inEpochMore')],
    [t('onChain'), earnings.on_chain, t('onChainMore')],
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
      {rich(t, 'waits', { amount: <Money of={pending} symbol={symbol} />, day: day(new Date(pending_until)), how: (inner) => <a href="/how">{inner}</a> })}
    </p>
  )
}

/** That some pay is lost, and why. */
function Forfeited({ earnings: { forfeited = '0', symbol } }: { earnings: Earnings }) {
  if (micro(forfeited) === 0n) return null
  return (
    <p class="small sec">
      {rich(t, 'forfeited', { amount: <Money of={forfeited} symbol={symbol} />, answered: (inner) => <a href="/answered">{inner}</a> })}
    </p>
  )
}

/** That what is theirs waits, because they wanted larger payouts. */
function Waits({ earnings }: { earnings: Earnings }) {
  const { least = '0', symbol } = earnings
  if (!waitsForMore(earnings)) return null
  return (
    <p class="small sec">
      {rich(t, 'waitsForMore', { amount: <Money of={least} symbol={symbol} />, payout: toPayout })}
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
    <section class="stack snug" aria-label={t('days')}>
      <div class="line">
        {today.answers > 0 && <Bundles n={today.answers} />}
        <span class="small">
          {rich(t, 'closedToday', { n: today.answers })}
        </span>
      </div>
      <DayPlot days={sums} name={most === 0n ? t('plotNone') : t('plot', { most: shown(most), today: shown(today.amount), symbol })} />
      <details class="small">
        <summary>{t('table')}</summary>
        <table class="table">
          <thead>
            <tr>
              <th>{t('dayUtc')}</th>
              <th class="r">{t('answers')}</th>
              <th class="r">{t('title')}</th>
            </tr>
          </thead>
          <tbody>
            {[...days].reverse().map((d) => (
              <tr>
                <td>{utcDay(d.date)}</td>
                <td class="r n">{number(d.answers)}</td>
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
  planned: 'rootWritten',
  built: 'rootWritten',
  posted: 'rootSent',
  confirmed: 'claimSoon',
  active: 'claimSent',
  settled: 'claimable',
  blocked: 'rootChecked',
  voided: 'rootVoid',
} as const

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
          {payout.claimed ? rich(t, 'epochClaimed', { epoch: payout.epoch, day: day(new Date(payout.at)), sec }) : rich(t, 'epochState', { epoch: payout.epoch, state: t(stateWords[payout.state]), sec })}
        </span>
        <span class="end">
          <Money of={payout.amount} symbol={symbol} />
        </span>
      </button>
      {open && (
        <div class="card inset">
          <dl class="facts2 small">
            <dt>{t('root')}</dt>
            <dd>
              <Hash of={payout.root} name={t('payoutRoot')} />
            </dd>
            <dt>{t('claimableHead')}</dt>
            <dd>
              {rich(t, 'inAll', { amount: <Money of={payout.cumulative} symbol={symbol} />, cap: (inner) => <span class="cap">{inner}</span> })}
            </dd>
            <dt>{t('claim')}</dt>
            <dd>{payout.tx ? <Hash of={payout.tx} name={t('claimTx')} /> : <span class="sec">{t('notYet')}</span>}</dd>
            <dt>{t('proof')}</dt>
            <dd>
              {payout.proof.length === 0 ? (
                <span class="sec">{t('noProof')}</span>
              ) : (
                payout.proof.map((h) => (
                  <>
                    <Hash of={h} name={t('proofHash')} />{' '}
                  </>
                ))
              )}
            </dd>
          </dl>
          {check === undefined ? (
            <button type="button" class="btn slim" onClick={() => void run()}>
              {t('checkHere')}
            </button>
          ) : check ? (
            <p class="small good line tight nowrap" role="status">
              <Icon of="tick" size={16} /> <span>{t('checkGood')}</span>
            </p>
          ) : (
            <p class="small bad" role="status">
              {t('checkBad')}
            </p>
          )}
        </div>
      )}
    </li>
  )
}

function Bones() {
  return (
    <div class="stack" role="status" aria-label={t('loading')}>
      <div class="bone hero" />
      <div class="bone line" />
      <div class="bone box" />
    </div>
  )
}
