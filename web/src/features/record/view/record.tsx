import { useEffect, useState } from 'preact/hooks'
import { call } from '../../api/shared/http'
import type { Instance, Record, Records } from '../../api/shared/wire'
import { instance } from '../../identity/shared/session'
import { sum } from '../../money/shared/amount'
import { go } from '../../frame/shared/route'
import { inWorker } from '../../frame/shared/worker'
import { count, shortId, sure, when } from '../../frame/shared/words'
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
        <span>A question’s id</span>
        <input class="input fact" value={text} spellcheck={false} autocomplete="off" onInput={(e) => setText(e.currentTarget.value)} />
      </label>
      <button type="submit" class="btn">
        Look up
      </button>
    </form>
  )
}

function Latest() {
  const heading = useTitle('Public records')
  const { all: records, next, error, load } = usePages(async (cursor, signal) => {
    const { value } = await call<Records>(`/v1/records/questions?${new URLSearchParams({ limit: '20', ...(cursor && { cursor }) })}`, { signal })
    return { items: value.records, next: value.next }
  }, [])
  return (
    <main class="stack loose">
      <h1 class="title" ref={heading} tabIndex={-1}>
        Any verdict can be checked, by anyone.
      </h1>
      <p class="sec measure">Look up a question by its id, or choose one below. Its answers, their signatures and its pay are checked in this browser. <a href="/payouts">Payouts</a> can be checked here too. The whole of the records is checked by the command <code>tasknet verify --server {location.origin}</code>.</p>
      {error !== undefined && <Trouble error={error} again={() => void load()} />}
      {records?.length === 0 && <p class="card sec">No question has closed yet.</p>}
      {!records && error === undefined && <div class="bone box" role="status" aria-label="Loading" />}
      {records && records.length > 0 && (
        <section class="card list">
          <h2>Closed questions, in the order in which they closed</h2>
          <table class="table stacked">
            <thead>
              <tr>
                <th>Question</th>
                <th>Answers</th>
                <th>Verdict</th>
                <th class="r">Closed</th>
              </tr>
            </thead>
            <tbody>
              {records.map(({ question: q, verdict: v, closed_at }) => {
                const full = v.choice === null ? (isLabel(q.type) ? 0 : v.answers) : (v.counts[v.choice] ?? 0)
                return (
                  <tr key={q.id}>
                    <td class="q">
                      <a href={`/verify/${q.id}`}>{split(q.text).ask || q.image?.alt || 'A picture'}</a>
                      <Beside of={q} />
                    </td>
                    <td>
                      {v.answers > 0 ? <Tally full={full} half={v.answers - full} crossed={v.outcome === 'decided'} label={`${full} answers for, ${v.answers - full} for others`} /> : <span class="cap">none</span>}
                    </td>
                    <td>{v.outcome === 'none' ? <span class="sec">no verdict</span> : v.outcome === 'leaning' ? <span class="sec">leaning {verdictWords(q, v)}</span> : <b>{verdictWords(q, v)}</b>}</td>
                    <td class="r sec">{when(closed_at)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
          {next && (
            <p class="older">
              <button type="button" class="btn slim" onClick={() => void load(next)}>
                More
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
        <h1 class="title">There is no record to show.</h1>
        <Trouble error={error} again={again} />
        <p class="sec">A record becomes public when its question closes.</p>
      </main>
    )
  }
  if (!value) {
    return (
      <main class="stack" aria-busy="true" aria-label="Loading">
        <div class="bone line" />
        <div class="bone box" />
      </main>
    )
  }
  return <Checked record={value.record} here={value.here} />
}

const words: { [name in CheckName]: [string, string] } = {
  question: ['The question is the one that was signed', 'Its words, choices, pictures or clip, rule and price give the hash that the answers name.'],
  signatures: ['The answers are signed', 'Each by the device that gave it, over this question and what it says.'],
  delegations: ['The signers are named by their wallets', 'Each device by its own wallet, for that time; no wallet answered twice.'],
  sums: ['Answers and money add up', 'The counts are those of the answers; pay, fee and what came back are what was held.'],
}

const numbers = ['No', 'One', 'Two', 'Three', 'Four']

function Checked({ record, here }: { record: Record; here: Instance }) {
  const { value: checks, error: failed } = useLoad(
    (signal) => inWorker<Check[]>(new Worker(new URL('../worker/record.worker.ts', import.meta.url), { type: 'module' }), { record, instance: here } satisfies Job, signal),
    [record],
  )
  const { question, verdict } = record
  const { ask } = split(question.text)
  const hold = checks?.filter((c) => c.fault === undefined).length ?? 0
  const faults = checks?.flatMap((c, i) => (c.fault === undefined ? [] : [`Check ${i + 1} fails: ${c.fault}`])) ?? []
  const heading = useTitle(`Record of “${ask || 'a picture'}”`)
  const json = JSON.stringify(record, null, 2)
  const label = isLabel(question.type)
  const said = verdict.outcome === 'none' ? 'No verdict' : `${verdict.outcome === 'leaning' ? 'Leaning ' : ''}${verdictWords(question, verdict)}${label ? ', confidence' : verdict.answers > 1 ? ', agreement' : ''}`
  const figure = label ? verdict.confidence : verdict.answers > 1 ? verdict.agreement : undefined
  const lead = verdict.choice === null ? (label ? 0 : verdict.answers) : (verdict.counts[verdict.choice] ?? 0)
  return (
    <main class="stack loose">
      <div class="verdicthead">
        <div class="stack tight">
          <p class="cap">
            Asked by {question.asked_by}, closed {new Date(record.closed_at).toUTCString().replace('GMT', 'UTC')}
          </p>
          <h1 class="said" ref={heading} tabIndex={-1}>
            “{ask || question.image?.alt || 'A picture'}”
            <br />
            {said} {verdict.outcome !== 'none' && figure && <b class="n">{sure(figure)}</b>}
          </h1>
          <p class={faults.length > 0 ? 'bad b' : 'sec'} role="status">
            {failed !== undefined
              ? 'The checks could not run in this browser.'
              : checks === undefined
                ? 'The checks are running in your browser.'
                : faults.length === 0
                  ? 'Four checks hold. They ran in your browser, on the public record.'
                  : `${numbers[hold]} of four checks ${hold === 1 ? 'holds' : 'hold'}. Keep this record and tell the operator.`}
          </p>
        </div>
        <svg class="tally bigtally" viewBox="-4 0 220 186" role="img" aria-label={checks === undefined ? 'Checking' : faults.length === 0 ? 'Four checks, crossed: they hold' : `${hold} of four checks hold`}>
          {[
            [22, 8, 172],
            [70, 2, 176],
            [118, 10, 172],
            [166, 4, 176],
          ].map(([x, y, h], i) => (
            <rect x={x} y={y} width="20" height={h} rx="4" class={checks && checks[i]?.fault === undefined ? 'solid' : 'hollow'} />
          ))}
          {checks && faults.length === 0 && <path class="cross" d="M0 148 210 46" />}
        </svg>
      </div>
      <div class="recordgrid">
        <section class="card">
          <CheckList words={words} checks={checks} />
        </section>
        <aside class="stack">
          <section class="stack tight">
            <h2>Do it without us</h2>
            <pre class="code" tabIndex={0} aria-label="Command">
              <i>$</i> <b>tasknet verify --server {location.origin}</b>
            </pre>
            <div class="line tight">
              <FileLink name={`${question.id}.json`} href={`/v1/records/questions/${question.id}`}>
                Download the record, {Math.max(1, Math.round(json.length / 1024))} kB
              </FileLink>
              <CopyButton text={location.href}>Copy link</CopyButton>
            </div>
          </section>
          <p class="note">
            <b>What this does not show:</b> that the people were right, that they are different people and not one person with several wallets, or that no answer was refused. The confidence itself, which is weighted by the skill snapshot, and the payouts on chain are recomputed by the command above, not by this page.
          </p>
        </aside>
      </div>
      {verdict.value !== undefined && (
        <section class="card stack tight" aria-label="Verdict">
          <h2>The verdict</h2>
          <Shown of={question} said={{ value: verdict.value }} />
        </section>
      )}
      <section class="card list">
        <div class="line head">
          <h2>{verdict.answers === 0 ? 'Nobody answered' : `${count(verdict.answers, 'answer')}, in the order in which they came`}</h2>
          <span class="end">
            <Tally full={lead} half={verdict.answers - lead} crossed={verdict.outcome === 'decided'} label={`${lead} answers for, ${verdict.answers - lead} for others`} />
          </span>
        </div>
        {record.answers.length > 0 && (
          <table class="table stacked answerstable">
            <thead>
              <tr>
                <th>Respondent</th>
                <th>Answer</th>
                <th class="r">Accepted</th>
                <th class="r">Wallet</th>
                <th class="r">Signed answer</th>
              </tr>
            </thead>
            <tbody>
              {record.answers.slice(0, 200).map((a) => (
                <tr key={a.id}>
                  <td class="fact" title={a.respondent}>
                    {shortId(a.respondent)}
                  </td>
                  <td>
                    {a.erased ? <span class="sec">Erased</span> : a.choice === undefined ? <Shown of={question} said={a} small /> : a.choice === verdict.choice ? <b>{question.choices[a.choice]}</b> : a.choice === cannotTell ? <span class="sec">Can’t tell</span> : question.choices[a.choice]}
                    {a.struck && <span class="cap block">not counted, not paid</span>}
                  </td>
                  <td class="r n sec">{new Date(a.at_ms).toLocaleTimeString(undefined, { hour12: false })}</td>
                  <td class="r">
                    <Hash of={a.delegation.wallet} name="wallet" />
                  </td>
                  <td class="r">
                    <Hash of={a.hash} name="answer record" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {record.answers.some((a) => a.struck) && <p class="cap pad">An answer is not counted when its respondent’s answers to questions with a known answer are proven to be no better than guesses, or copies of others’. The skill snapshot that proves it is in the record.</p>}
        {record.answers.some((a) => a.erased) && <p class="cap pad">An answer that was typed is erased when its respondent’s wallet asks for it. That it asked is checked here; what was said, and that a device signed it, cannot be seen any more. The verdict stays as it was.</p>}
        {record.answers.length > 200 && <p class="cap pad">The first 200 of {record.answers.length}; the download has all.</p>}
      </section>
      <section class="card">
        <dl class="facts2 small">
          <dt>Question</dt>
          <dd class="fact breaking">{question.id}</dd>
          <dt>Hash</dt>
          <dd>
            <Hash of={question.hash} name="question hash" />
          </dd>
          <dt>Type</dt>
          <dd class="fact">{question.type}</dd>
          {question.choices.length > 0 && (
            <>
              <dt>Choices</dt>
              <dd>{question.choices.map((c, i) => (label ? `${c} ${verdict.counts[i] ?? 0}` : c)).join(', ')}</dd>
            </>
          )}
          {question.passage && (
            <>
              <dt>Passage</dt>
              <dd class="breaking passage">{question.passage}</dd>
            </>
          )}
          <dt>Rule</dt>
          <dd>{rule(question.quorum)}</dd>
          <dt>Method</dt>
          <dd class="fact">{verdict.method}</dd>
          {checked(verdict) && (
            <>
              <dt>Confidence</dt>
              <dd>{checked(verdict)}</dd>
              <dt>Snapshot</dt>
              <dd>
                <Hash of={verdict.snapshot} name="skill snapshot" />
              </dd>
            </>
          )}
          <dt>Cost</dt>
          <dd>
            <Money of={sum(verdict.paid, verdict.fee)} symbol={here.token.symbol} />
          </dd>
          <dt>Settlement</dt>
          <dd class="fact breaking">{record.settlement}</dd>
        </dl>
      </section>
    </main>
  )
}
