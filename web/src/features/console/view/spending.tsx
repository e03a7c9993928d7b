import { useState } from 'preact/hooks'
import type { Invoice, Line, Spending } from '../../api/shared/money'
import { open } from '../../api/shared/http'
import { lastMonths, monthName } from '../../frame/shared/months'
import { count, utcDay, when } from '../../frame/shared/words'
import { DayPlot } from '../../frame/view/dayplot'
import { save } from '../../frame/view/download'
import { Money, Trouble, useLoad } from '../../frame/view/parts'
import { shown } from '../../money/shared/amount'
import { apiKey, asRequester } from '../shared/requester'
import { perDay } from '../shared/spending'

/** What was spent on each of the last thirty days, and on what. */
export function Spent() {
  const days = useLoad(() => asRequester<Spending>('/v1/money/spending?by=day'), [])
  const projects = useLoad(() => asRequester<Spending>('/v1/money/spending?by=project'), [])
  return (
    <div class="cols main-side">
      <section class="card stack tight">
        <h2>By day</h2>
        {days.error !== undefined && <Trouble error={days.error} again={days.again} />}
        {days.value ? <Days of={days.value} /> : days.error === undefined && <div class="bone box" aria-busy="true" />}
      </section>
      <section class="card stack tight">
        <h2>By project</h2>
        {projects.error !== undefined && <Trouble error={projects.error} again={projects.again} />}
        {projects.value?.parts.length === 0 && <p class="sec pad">Nothing was spent yet. What is held for open questions is not spent.</p>}
        {projects.value && projects.value.parts.length > 0 && (
          <table class="table">
            <thead>
              <tr>
                <th>In the last year</th>
                <th class="r">Answers</th>
                <th class="r">Cost</th>
              </tr>
            </thead>
            <tbody>
              {projects.value.parts.map((p) => (
                <tr key={p.project ?? ''}>
                  <td class="breaking">{p.project ? <a href={`/console/projects/${p.project}`}>{p.name}</a> : 'Single questions'}</td>
                  <td class="r n">{p.answers.toLocaleString('en')}</td>
                  <td class="r">
                    <Money of={p.cost} symbol={projects.value!.symbol} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </div>
  )
}

function Days({ of }: { of: Spending }) {
  const days = perDay(of.from, of.to, of.parts)
  const last = days.length - 1
  const most = days.reduce((a, d) => (d.sum > a ? d.sum : a), 0n)
  const empty = of.parts.length === 0
  return (
    <>
      <p class="small sec">
        <b class="n">{shown(of.all.cost)}</b> {of.symbol} in {days.length} days, for {count(of.all.answers, 'answer')}
      </p>
      <DayPlot days={days} name={`Spent per day, ${utcDay(of.from)} to ${utcDay(of.to)}: ${empty ? 'nothing' : `from 0 to ${shown(most)}; today ${shown(days[last]!.sum)} ${of.symbol}`}.`} />
      {!empty && (
        <details class="small">
          <summary>The days as a table</summary>
          <table class="table">
            <thead>
              <tr>
                <th>Day (UTC)</th>
                <th class="r">Answers</th>
                <th class="r">Cost</th>
              </tr>
            </thead>
            <tbody>
              {of.parts.map((p) => (
                <tr key={p.day}>
                  <td>{p.day}</td>
                  <td class="r n">{p.answers.toLocaleString('en')}</td>
                  <td class="r n">{shown(p.cost)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  )
}

/** What a month cost, line by line, and as a file. */
export function Invoices() {
  const [month, setMonth] = useState(() => lastMonths(1, new Date())[0]!)
  const { value, error, again } = useLoad(() => asRequester<Invoice>(`/v1/invoices/${month}?limit=20`), [month])
  const [more, setMore] = useState<{ month: string; lines: Line[]; next: string | undefined }>()
  const [failed, setFailed] = useState<unknown>()
  const shownOf = value?.month === month ? value : undefined
  const further = more?.month === month ? more : undefined
  const next = further ? further.next : shownOf?.next
  const go = (work: Promise<void>) => {
    setFailed(undefined)
    void work.catch(setFailed)
  }
  const onward = async () => {
    const page = await asRequester<Invoice>(`/v1/invoices/${month}?limit=20&cursor=${encodeURIComponent(next!)}`)
    setMore({ month, lines: [...(further?.lines ?? []), ...page.lines], next: page.next })
  }
  const lines = [...(shownOf?.lines ?? []), ...(further?.lines ?? [])]
  const all = shownOf?.all
  return (
    <section class="card">
      <div class="line head">
        <h2>Invoice</h2>
        <label class="end line tight">
          <span class="sr">Month</span>
          <select class="input" value={month} onChange={(e) => setMonth(e.currentTarget.value)}>
            {lastMonths(12, new Date()).map((m) => (
              <option key={m} value={m}>
                {monthName(m)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="btn slim" onClick={() => go(saveInvoice(month))}>
          Download CSV
        </button>
      </div>
      {failed !== undefined && <Trouble error={failed} />}
      {error !== undefined && <Trouble error={error} again={again} />}
      {!shownOf && error === undefined && <div class="bone box" aria-busy="true" />}
      {shownOf?.lines.length === 0 && <p class="sec pad">Nothing closed in this month.</p>}
      {shownOf && all && lines.length > 0 && (
        <>
          <p class="small sec line">
            <span>
              <b class="n">{shown(all.cost)}</b> {shownOf.symbol} cost
            </span>
            <span>
              <b class="n">{shown(all.paid)}</b> to people
            </span>
            {all.bonuses > 0 && (
              <span>
                <b class="n">{shown(all.bonus)}</b> as bonuses
              </span>
            )}
            <span>
              <b class="n">{shown(all.fee)}</b> fees
            </span>
            <span>
              <b class="n">{shown(all.refunded)}</b> came back
            </span>
          </p>
          <table class="table stacked">
            <thead>
              <tr>
                <th>For</th>
                <th class="r">Answers</th>
                <th class="r">Cost</th>
                <th class="r">Came back</th>
                <th class="r">Closed</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((l) => (
                <tr key={l.tx}>
                  <td class="breaking">
                    <a href={`/console/q/${l.question}`}>{l.about || 'A question'}</a>
                  </td>
                  <td class="r">{l.kind === 'bonus' ? 'bonus' : count(l.answers, 'answer')}</td>
                  <td class="r">
                    <Money of={l.cost} symbol={shownOf.symbol} />
                  </td>
                  <td class="r n">{l.refunded === '0' ? '' : `${shown(l.refunded)} back`}</td>
                  <td class="r sec">{when(l.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {next && (
        <p class="older">
          <button type="button" class="btn slim" onClick={() => go(onward())}>
            More lines
          </button>
        </p>
      )}
    </section>
  )
}

/** Saves the month as a file. The key goes in a header, so a plain link cannot ask for it. */
async function saveInvoice(month: string): Promise<void> {
  const response = await open(`/v1/invoices/${month}/csv`, { ...(apiKey.value && { token: apiKey.value }), headers: { Accept: 'text/csv' } })
  await save(await response.blob(), `tasknet-${month}.csv`)
}
