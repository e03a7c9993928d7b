import { useEffect, useState } from 'preact/hooks'
import { call } from '../../api/shared/http'
import type { Instance, Record, Records, Verdict } from '../../api/shared/wire'
import { instance } from '../../identity/shared/session'
import { sum } from '../../money/shared/amount'
import { go } from '../../frame/shared/route'
import { inWorker } from '../../frame/shared/worker'
import { shortId, sure, when } from '../../frame/shared/words'
import { FileLink } from '../../frame/view/filelink'
import { CopyButton, Hash, Money, Tally, Trouble, useLoad, useTitle } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { verdictWords } from '../../answering/shared/said'
import { split } from '../../answering/shared/text'
import { cannotTell, isLabel } from '../../answering/shared/types'
import { Beside } from '../../answering/view/beside'
import { Shown } from '../../answering/view/shown'
import { checked, rule } from '../../console/shared/live'
import type { Check, CheckName, Job } from '../shared/checks'
import { CheckList } from './checklist'
import { Public } from './public'
import { record as t } from '../../../language/en/record'
import { saying } from '../../../language/en/saying'
import { date, decimal, number } from '../../../language/format'
import { rich } from '../../../language/rich'

/** The public record of a closed question, or a list of those that closed last. */
export default function RecordPage({ id }: { id: string | undefined }) {
  return (
    <Public form={<LookUp id={id ?? ''} />}>
      {id ? <One key={id} id={id} /> : <Latest />}
    </Public>
  )
}

/** The way to any record. */
function LookUp({ id }: { id: string }) {
  const [text, setText] = useState(id)
  useEffect(() => setText(id), [id])
  return (
    <form
      class="line nowrap tight bottom end"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim()) go(`/verify/${encodeURIComponent(text.trim())}`)
      }}
    >
      <label class="field">
        <span>{t('questionId')}</span>
        <input class="input fact" value={text} spellcheck={false} autocomplete="off" onInput={(e) => setText(e.currentTarget.value)} />
      </label>
      <button type="submit" class="btn">
        {t('lookUp')}
      </button>
    </form>
  )
}

function Latest() {
  const heading = useTitle(t('title'))
  const { all: records, next, error, load } = usePages(async (cursor, signal) => {
    const { value } = await call<Records>(`/v1/records/questions?${new URLSearchParams({ limit: '20', ...(cursor && { cursor }) })}`, { signal })
    return { items: value.records, next: value.next }
  }, [])
  return (
    <main class="stack loose">
      <h1 class="title" ref={heading} tabIndex={-1}>
        {t('any')}
      </h1>
      <p class="sec measure">{rich(t, 'anyMore', { payouts: (inner) => <a href="/payouts">{inner}</a>, command: `tasknet verify --server ${location.origin}` })}</p>
      {error !== undefined && <Trouble error={error} again={() => void load()} />}
      {records?.length === 0 && <p class="card sec">{t('none')}</p>}
      {!records && error === undefined && <div class="bone box" role="status" aria-label={t('loading')} />}
      {records && records.length > 0 && (
        <section class="card list">
          <h2>{t('list')}</h2>
          <table class="table stacked">
            <thead>
              <tr>
                <th>{t('question')}</th>
                <th>{t('answers')}</th>
                <th>{t('verdict')}</th>
                <th class="r">{t('closed')}</th>
              </tr>
            </thead>
            <tbody>
              {records.map(({ question: q, verdict: v, closed_at }) => {
                const full = v.choice === null ? (isLabel(q.type) ? 0 : v.answers) : (v.counts[v.choice] ?? 0)
                return (
                  <tr key={q.id}>
                    <td class="q">
                      <a href={`/verify/${q.id}`} dir="auto">{split(q.text).ask || q.image?.alt || t('picture')}</a>
                      <Beside of={q} />
                    </td>
                    <td>
                      {v.answers > 0 ? <Tally full={full} half={v.answers - full} crossed={v.outcome === 'decided'} label={t('tally', { leading: full, rest: v.answers - full })} /> : <span class="cap">{t('noAnswers')}</span>}
                    </td>
                    <td>{v.outcome === 'none' ? <span class="sec">{t('without')}</span> : v.outcome === 'leaning' ? <span class="sec">{t('inclined', { verdict: verdictWords(q, v) })}</span> : <b dir="auto">{verdictWords(q, v)}</b>}</td>
                    <td class="r sec">{when(closed_at)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
          {next && (
            <p class="older">
              <button type="button" class="btn slim" onClick={() => void load(next)}>
                {t('more')}
              </button>
            </p>
          )}
        </section>
      )}
    </main>
  )
}

function One({ id }: { id: string }) {
  const { value, error, again } = useLoad(async (signal) => {
    const [record, here] = await Promise.all([call<Record>(`/v1/records/questions/${encodeURIComponent(id)}`, { signal }), instance(true)])
    return { record: record.value, here }
  }, [id])
  if (error !== undefined && !value) {
    return (
      <main class="stack">
        <h1 class="title">{t('missing')}</h1>
        <Trouble error={error} again={again} />
        <p class="sec">{t('missingMore')}</p>
      </main>
    )
  }
  if (!value) {
    return (
      <main class="stack" aria-busy="true" aria-label={t('loading')}>
        <div class="bone line" />
        <div class="bone box" />
      </main>
    )
  }
  return <Checked record={value.record} here={value.here} />
}

const words = (erased: boolean): { [name in CheckName]: [string, string] } => ({
  question: [t('checkQuestion'), t('checkQuestionMore')],
  signatures: [t('checkSigned'), t(erased ? 'checkSignedErased' : 'checkSignedMore')],
  delegations: [t('checkNamed'), t('checkNamedMore')],
  sums: [t('checkSums'), t('checkSumsMore')],
})

/** What is said when so many of the four checks hold, but not all. */
const some = ['hold0', 'hold1', 'hold2', 'hold3'] as const

/** The verdict in a line, with how sure it is. */
function Said({ of, words: said, figure, label }: { of: Verdict; words: string; figure: string | undefined; label: boolean }) {
  if (of.outcome === 'none') return t('noVerdict')
  const leans = of.outcome === 'leaning'
  if (!figure) return leans ? t('leaning', { verdict: said }) : <bdi>{said}</bdi>
  const known = { verdict: <bdi>{said}</bdi>, sure: <b class="n">{decimal(sure(figure))}</b> }
  if (label) return rich(t, leans ? 'leaningSure' : 'saidSure', known)
  return rich(t, leans ? 'leaningAgreed' : 'saidAgreed', known)
}

function Checked({ record, here }: { record: Record; here: Instance }) {
  const { value: checks, error: failed } = useLoad(
    (signal) => inWorker<Check[]>(new Worker(new URL('../worker/record.worker.ts', import.meta.url), { type: 'module' }), { record, instance: here } satisfies Job, signal),
    [record],
  )
  const { question, verdict } = record
  const { ask } = split(question.text)
  const hold = checks?.filter((c) => c.fault === undefined).length ?? 0
  const broken = checks !== undefined && hold < checks.length
  const about = ask || question.image?.alt || t('picture')
  const heading = useTitle(t('recordOf', { text: about }))
  const json = JSON.stringify(record, null, 2)
  const label = isLabel(question.type)
  const figure = label ? verdict.confidence : verdict.answers > 1 ? verdict.agreement : undefined
  const lead = verdict.choice === null ? (label ? 0 : verdict.answers) : (verdict.counts[verdict.choice] ?? 0)
  return (
    <main class="stack loose">
      <div class="verdicthead">
        <div class="stack tight">
          <p class="cap">
            {t('asked', { name: question.asked_by, time: date(new Date(record.closed_at), { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }) })}
          </p>
          <h1 class="said" ref={heading} tabIndex={-1}>
            {saying('quoted', { text: about })}
            <br />
            <Said of={verdict} words={verdictWords(question, verdict)} figure={figure} label={label} />
          </h1>
          <p class={broken ? 'bad b' : 'sec'} role="status">
            {t(failed !== undefined ? 'notRun' : checks === undefined ? 'running' : broken ? some[hold]! : 'allHold')}
          </p>
        </div>
        <svg class="tally bigtally" viewBox="-4 0 220 186" role="img" aria-label={checks === undefined ? t('checking') : broken ? t('holding', { n: hold }) : t('crossed')}>
          {[
            [22, 8, 172],
            [70, 2, 176],
            [118, 10, 172],
            [166, 4, 176],
          ].map(([x, y, h], i) => (
            <rect x={x} y={y} width="20" height={h} rx="4" class={checks && checks[i]?.fault === undefined ? 'solid' : 'hollow'} />
          ))}
          {checks && !broken && <path class="cross" d="M0 148 210 46" />}
        </svg>
      </div>
      <div class="recordgrid">
        <section class="card">
          <CheckList words={words(record.answers.some((a) => a.erased))} checks={checks} />
        </section>
        <aside class="stack">
          <section class="stack tight">
            <h2>{t('withoutUs')}</h2>
            <pre class="code" dir="ltr" tabIndex={0} aria-label={t('command')}>
              <i>$</i> <b>{`tasknet verify --server ${location.origin}`}</b>
            </pre>
            <div class="line tight">
              <FileLink name={`${question.id}.json`} href={`/v1/records/questions/${question.id}`}>
                {t('download', { size: Math.max(1, Math.round(json.length / 1024)) })}
              </FileLink>
              <CopyButton text={location.href}>{t('copyLink')}</CopyButton>
            </div>
          </section>
          <p class="note">
            {rich(t, 'notShown')}
          </p>
        </aside>
      </div>
      {verdict.value !== undefined && (
        <section class="card stack tight" aria-label={t('verdict')}>
          <h2>{t('theVerdict')}</h2>
          <Shown of={question} said={{ value: verdict.value }} />
        </section>
      )}
      <section class="card list">
        <div class="line head">
          <h2>{verdict.answers === 0 ? t('nobody') : t('inOrder', { n: verdict.answers })}</h2>
          <span class="end">
            <Tally full={lead} half={verdict.answers - lead} crossed={verdict.outcome === 'decided'} label={t('tally', { leading: lead, rest: verdict.answers - lead })} />
          </span>
        </div>
        {record.answers.length > 0 && (
          <table class="table stacked answerstable">
            <thead>
              <tr>
                <th>{t('respondent')}</th>
                <th>{t('answer')}</th>
                <th class="r">{t('accepted')}</th>
                <th class="r">{t('wallet')}</th>
                <th class="r">{t('signedAnswer')}</th>
              </tr>
            </thead>
            <tbody>
              {record.answers.slice(0, 200).map((a) => (
                <tr key={a.id}>
                  <td class="fact" title={a.respondent}>
                    {shortId(a.respondent)}
                  </td>
                  <td>
                    {a.erased ? <span class="sec">{t('erased')}</span> : a.choice === undefined ? <Shown of={question} said={a} small /> : a.choice === verdict.choice ? <b dir="auto">{question.choices[a.choice]}</b> : a.choice === cannotTell ? <span class="sec">{saying('cannotTell')}</span> : <bdi>{question.choices[a.choice]}</bdi>}
                    {a.struck && <span class="cap block">{t('notCounted')}</span>}
                  </td>
                  <td class="r n sec">{date(new Date(a.at_ms), { timeStyle: 'medium', hourCycle: 'h23' })}</td>
                  <td class="r">
                    <Hash of={a.delegation.wallet} name={t('walletName')} />
                  </td>
                  <td class="r">
                    <Hash of={a.hash} name={t('answerRecord')} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {record.answers.some((a) => a.struck) && <p class="cap pad">{t('struck')}</p>}
        {record.answers.some((a) => a.erased) && <p class="cap pad">{t('erasedMore')}</p>}
        {record.answers.length > 200 && <p class="cap pad">{t('first', { shown: 200, all: record.answers.length })}</p>}
      </section>
      <section class="card">
        <dl class="facts2 small">
          <dt>{t('question')}</dt>
          <dd class="fact breaking">{question.id}</dd>
          <dt>{t('hash')}</dt>
          <dd>
            <Hash of={question.hash} name={t('questionHash')} />
          </dd>
          <dt>{t('type')}</dt>
          <dd class="fact">{question.type}</dd>
          {question.choices.length > 0 && (
            <>
              <dt>{t('choices')}</dt>
              <dd>{question.choices.map((c, i) => (label ? `${c} ${number(verdict.counts[i] ?? 0)}` : c)).join(saying('comma'))}</dd>
            </>
          )}
          {question.passage && (
            <>
              <dt>{t('passage')}</dt>
              <dd class="breaking passage" dir="auto">{question.passage}</dd>
            </>
          )}
          <dt>{t('rule')}</dt>
          <dd>{rule(question.quorum)}</dd>
          <dt>{t('method')}</dt>
          <dd class="fact">{verdict.method}</dd>
          {checked(verdict) && (
            <>
              <dt>{t('confidence')}</dt>
              <dd>{checked(verdict)}</dd>
              <dt>{t('snapshot')}</dt>
              <dd>
                <Hash of={verdict.snapshot} name={t('skillSnapshot')} />
              </dd>
            </>
          )}
          <dt>{t('cost')}</dt>
          <dd>
            <Money of={sum(verdict.paid, verdict.fee)} symbol={here.token.symbol} />
          </dd>
          <dt>{t('settlement')}</dt>
          <dd class="fact breaking">{record.settlement}</dd>
        </dl>
      </section>
    </main>
  )
}
