import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { follow, type StreamState } from '../../api/shared/sse'
import { call } from '../../api/shared/http'
import type { Question, Record } from '../../api/shared/wire'
import { micro, sum } from '../../money/shared/amount'
import { count, shortId, span, sure } from '../../frame/shared/words'
import { CopyButton, Hash, Money, Tally, Trouble, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { verdictWords } from '../../answering/shared/said'
import { split } from '../../answering/shared/text'
import { cannotTell, isLabel } from '../../answering/shared/types'
import { Shown } from '../../answering/view/shown'
import { advance, checked, leading, rule, stopped, target } from '../shared/live'
import { apiKey, asRequester } from '../shared/requester'
import { PayBonus } from './bonus'
import { balance, Desk, refreshBalance } from './desk'

export default function QuestionPage({ id }: { id: string }) {
  return (
    <Desk>
      <Live key={id} id={id} />
    </Desk>
  )
}

interface Props {
  id: string
  /** Where one is, instead of the way from all questions to this one. */
  crumbs?: ComponentChildren
  /** What else is known of it. */
  facts?: [string, string | undefined][]
}

/** A question as it is asked, or what came of it. */
export function Live({ id, crumbs, facts }: Props) {
  const [q, setQ] = useState<Question>()
  const [error, setError] = useState<unknown>()
  const [state, setState] = useState<StreamState>('connecting')
  const [, redraw] = useState(0)
  const closed = q?.status === 'closed'
  useInterval(() => closed || redraw((n) => n + 1), 1000)
  const load = async () => {
    setError(undefined)
    try {
      setQ(await asRequester<Question>(`/v1/questions/${id}`))
    } catch (e) {
      setError(e)
    }
  }
  useEffect(() => void load(), [])
  useEffect(() => {
    if (!q || closed) return
    const abort = new AbortController()
    void follow({
      path: `/v1/questions/${id}/events`,
      token: apiKey.value!,
      signal: abort.signal,
      onState: (now) => {
        setState(now)
        if (now === 'live') void load() // what happened between the first reading and the stream
      },
      onEvent: (event) => setQ((before) => before && advance(before, event)),
    })
    return () => abort.abort()
  }, [q === undefined, closed])
  useEffect(() => {
    if (closed) void refreshBalance()
  }, [closed])
  if (error !== undefined && !q) return <Trouble error={error} again={() => void load()} />
  if (!q) return <div class="bone box" role="status" aria-label="Loading" />
  return <Page q={q} state={state} cancelled={setQ} crumbs={crumbs} facts={facts} />
}

function title(q: Question): { words: string; number?: string } {
  const { verdict } = q
  if (!verdict) return { words: q.answers === 0 ? 'Waiting for the first answer' : `${count(q.answers, 'answer')} so far` }
  if (verdict.outcome === 'none') return { words: verdict.reason === 'cancelled' ? 'Cancelled' : 'No verdict' }
  const lead = `${verdict.outcome === 'leaning' ? 'Leaning ' : ''}${verdictWords(q, verdict)}`
  return isLabel(q.type) ? { words: `${lead}, confidence`, number: sure(verdict.confidence) } : verdict.answers > 1 ? { words: `${lead}, agreement`, number: sure(verdict.agreement ?? '') } : { words: lead }
}

function Page({ q, state, cancelled, crumbs, facts = [] }: Pick<Props, 'crumbs' | 'facts'> & { q: Question; state: StreamState; cancelled: (q: Question) => void }) {
  const money = useCell(balance)
  const symbol = money?.symbol ?? ''
  const { verdict } = q
  const { words, number } = title(q)
  const heading = useTitle(words)
  const lead = verdict?.choice ?? leading(q.counts)
  const full = lead == null ? q.answers : (q.counts[lead] ?? 0)
  const { ask, passage } = q.passage ? { ask: q.text ?? '', passage: q.passage } : split(q.text ?? '')
  const label = isLabel(q.type)
  return (
    <>
      <header class="line qhead">
        <div class="stack none">
          <p class="cap crumbs">
            {crumbs ?? (
              <>
                <a href="/console">Questions</a> / <span class="fact">{q.id}</span>
              </>
            )}
          </p>
          <div class="line nowrap">
            <h1 class="title" ref={heading} tabIndex={-1}>
              {words} {number && <b class="n said">{number}</b>}
            </h1>
            {q.answers > 0 && <Tally full={full} half={q.answers - full} crossed={verdict?.outcome === 'decided'} height={36} label={`${full} answers for, ${q.answers - full} for others`} />}
          </div>
        </div>
        <div class="line tight end">
          {verdict && <CopyButton text={JSON.stringify(q, null, 2)}>Copy as JSON</CopyButton>}
          {verdict && (
            <a class={`btn ${verdict.outcome === 'none' ? '' : 'main'}`} href={`/verify/${q.id}`}>
              {verdict.outcome === 'none' ? 'See the public record' : 'Verify this verdict'}
            </a>
          )}
          {!verdict && (
            <span class={`chip ${state === 'live' ? 'live' : ''}`} role="status">
              {state === 'live' ? 'Live' : state === 'refused' ? 'Not live: load the page again' : 'Connecting'}
            </span>
          )}
          {q.status === 'open' && <Cancel q={q} symbol={symbol} done={cancelled} />}
        </div>
      </header>
      <div class="qgrid">
        <div class="stack">
          {q.image && (
            <figure class="media" style={{ '--ratio': q.image.width / q.image.height }}>
              <img src={q.image.url} alt={q.image.alt || 'The picture of the question; not described'} width={q.image.width} height={q.image.height} />
            </figure>
          )}
          <h2 class="ask small-ask">{ask || (q.audio ? 'A clip, without words' : 'A picture, without words')}</h2>
          {q.audio && <audio class="clip" controls preload="none" src={q.audio.url} />}
          {passage && <p class="sec passage">{passage}</p>}
          <dl class="facts2 small">
            <dt>Time</dt>
            <dd>
              {q.closed_at ? `${span((Date.parse(q.closed_at) - Date.parse(q.created_at)) / 1000)} from asked to closed` : `open ${span((Date.now() - Date.parse(q.created_at)) / 1000)}, closes in ${span((Date.parse(q.deadline) - Date.now()) / 1000)} at the latest`}
            </dd>
            <dt>{verdict ? 'Cost' : 'Held'}</dt>
            <dd>
              <Money of={verdict ? sum(verdict.paid, verdict.fee, verdict.forfeited) : q.hold} symbol={symbol} />
              {verdict && (
                <span class="cap block">
                  <Money of={verdict.paid} symbol={symbol} /> to people, <Money of={verdict.fee} symbol={symbol} /> fee
                  {micro(verdict.forfeited) > 0n && (
                    <>
                      , <Money of={verdict.forfeited} symbol={symbol} /> forfeited for worthless answers
                    </>
                  )}
                </span>
              )}
            </dd>
            {verdict && micro(verdict.released) > 0n && (
              <>
                <dt>Came back</dt>
                <dd>
                  <Money of={verdict.released} symbol={symbol} />
                </dd>
              </>
            )}
            {facts.map(
              ([name, fact]) =>
                fact !== undefined && (
                  <>
                    <dt>{name}</dt>
                    <dd class="breaking">{fact}</dd>
                  </>
                ),
            )}
            <dt>Type</dt>
            <dd class="fact">{q.type}</dd>
            <dt>Rule</dt>
            <dd>{rule(q.quorum)}</dd>
            {verdict && (
              <>
                <dt>Method</dt>
                <dd class="fact">{verdict.method}</dd>
                {checked(verdict) && (
                  <>
                    <dt>Confidence</dt>
                    <dd>{checked(verdict)}</dd>
                  </>
                )}
                <dt>Closed by</dt>
                <dd>{{ quorum: 'enough answers', unsettled: 'answers that settle nothing', deadline: 'its deadline', cancelled: 'you' }[verdict.reason]}</dd>
              </>
            )}
            <dt>Hash</dt>
            <dd>
              <Hash of={q.hash} name="question hash" />
            </dd>
          </dl>
        </div>
        <div class="stack">
          <section class="card">
            <h2>{!verdict ? 'What people say' : q.answers === 0 ? 'Nobody answered' : `What ${count(q.answers, 'answer')} said`}</h2>
            <p class="small sec under">{verdict ? stopped(q) : q.wanted > 0 ? `About ${count(q.wanted, 'more answer')} wanted.` : 'It is closing.'}</p>
            {label ? <Counts q={q} lead={lead ?? undefined} /> : <Values q={q} />}
            {verdict && label && verdict.outcome !== 'none' && (
              <div class="bigtrack">
                <span class="track big" aria-hidden="true">
                  <i class={verdict.outcome === 'decided' ? '' : 'open'} style={{ '--v': Number(verdict.confidence) }} />
                  {target(q.quorum.policy) !== undefined && <u style={{ '--stop': target(q.quorum.policy) }} />}
                </span>
                <p class="cap">
                  Confidence in {verdict.label}: {verdict.confidence}
                  {target(q.quorum.policy) !== undefined && `, the stop is at ${target(q.quorum.policy)}`}.
                </p>
              </div>
            )}
          </section>
          {verdict && q.answers > 0 && <Answers q={q} symbol={symbol} />}
          {verdict && label && verdict.outcome !== 'none' && <p class="note">The confidence follows from these answers and from how often these people agreed with others before. It has not yet been measured against questions with a known truth.</p>}
        </div>
      </div>
    </>
  )
}

/** How many answers each choice has, and how many could not tell. */
function Counts({ q, lead }: { q: Question; lead: number | undefined }) {
  const { verdict } = q
  const unsure = q.answers - q.counts.reduce((a, b) => a + b, 0)
  return (
    <ul class="choices">
      {q.choices.map((label, i) => {
        const n = q.counts[i] ?? 0
        return (
          <li key={label} class={i === lead ? 'lead' : ''}>
            <span class="label">{label}</span>
            <span class="strokes">{n > 0 ? <Tally {...(i === lead ? { full: n } : { half: n })} height={28} label={count(n, 'answer')} /> : <span class="sr">no answers</span>}</span>
            <span class="n end count">{verdict && q.answers > 0 ? sure(verdict.posterior[i] ?? '0.00') : n}</span>
          </li>
        )
      })}
      {unsure > 0 && (
        <li>
          <span class="label">Can’t tell</span>
          <span class="strokes">
            <Tally half={unsure} height={28} label={count(unsure, 'answer')} />
          </span>
          <span class="n end count">{unsure}</span>
        </li>
      )}
    </ul>
  )
}

/** What the answers amount to when they are values: the value itself, and how much they agree. */
function Values({ q }: { q: Question }) {
  const { verdict } = q
  if (!verdict) return q.answers > 0 ? <Tally full={q.answers} height={28} label={count(q.answers, 'answer')} /> : null
  if (verdict.value === undefined) return null
  return (
    <>
      {q.type === 'multiple' && Array.isArray(verdict.value) ? (
        <ul class="choices">
          {q.choices.map((label, i) => (
            <li key={label} class={(verdict.value as number[]).includes(i) ? 'lead' : ''}>
              <span class="label">{label}</span>
              <span class="track" aria-hidden="true">
                <i class={(verdict.value as number[]).includes(i) ? '' : 'open'} style={{ '--v': Number(verdict.posterior[i] ?? 0) }} />
              </span>
              <span class="n end count">{sure(verdict.posterior[i] ?? '0.00')}</span>
            </li>
          ))}
        </ul>
      ) : (
        <Shown of={q} said={{ value: verdict.value }} />
      )}
      {q.answers > 1 && (
        <div class="bigtrack">
          <span class="track big" aria-hidden="true">
            <i class={verdict.outcome === 'decided' ? '' : 'open'} style={{ '--v': Number(verdict.agreement ?? 0) }} />
          </span>
          <p class="cap">Agreement among the answers: {sure(verdict.agreement ?? '')}. It says how alike they are, and is no probability of being right.</p>
        </div>
      )}
    </>
  )
}

/** The answers one by one, which are public once the question is closed. */
function Answers({ q, symbol }: { q: Question; symbol: string }) {
  const { value, error, again } = useLoad(async () => (await call<Record>(`/v1/records/questions/${q.id}`)).value, [q.id])
  if (error !== undefined && !value) return <Trouble error={error} again={again} />
  if (!value) return <div class="bone row" role="status" aria-label="Loading" />
  const asked = Date.parse(q.created_at)
  return (
    <section class="card list">
      <table class="table stacked">
        <thead>
          <tr>
            <th>Respondent</th>
            <th>Answer</th>
            <th class="r">After</th>
            <th class="r">Signed answer</th>
            <th class="r">On top</th>
          </tr>
        </thead>
        <tbody>
          {value.answers.slice(0, 100).map((a) => (
            <tr key={a.id}>
              <td class="fact" title={a.respondent}>
                {shortId(a.respondent)}
              </td>
              <td>
                {a.erased ? <span class="sec">Erased</span> : a.choice === undefined ? <Shown of={q} said={a} small /> : a.choice === value.verdict.choice ? <b>{q.choices[a.choice]}</b> : a.choice === cannotTell ? <span class="sec">Can’t tell</span> : q.choices[a.choice]}
                {a.struck && <span class="cap block">not counted, not paid</span>}
              </td>
              <td class="r n sec">{span((a.at_ms - asked) / 1000)}</td>
              <td class="r">
                <Hash of={a.hash} name="answer record" />
              </td>
              <td class="r">{!a.struck && <PayBonus question={q.id} answer={a.id} who={shortId(a.respondent)} symbol={symbol} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {value.answers.some((a) => a.erased) && <p class="cap pad">An answer that was typed is erased when its respondent asks for it. Its pay and the verdict stay as they were.</p>}
      {value.answers.length > 100 && <p class="cap pad">The first 100 of {value.answers.length}.</p>}
    </section>
  )
}

function Cancel({ q, symbol, done }: { q: Question; symbol: string; done: (q: Question) => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const cancel = async () => {
    setError(undefined)
    try {
      done(await asRequester<Question>(`/v1/questions/${q.id}/cancel`, { method: 'POST' }))
    } catch (e) {
      setError(e)
      return
    }
    dialog.current?.close()
  }
  return (
    <>
      <button type="button" class="btn" onClick={() => dialog.current?.showModal()}>
        Cancel
      </button>
      <dialog ref={dialog} class="sheet" aria-labelledby="cancel-title">
        <h2 class="title" id="cancel-title">
          Stop asking this?
        </h2>
        {q.answers === 0 ? (
          <p class="sec">
            Nobody has answered yet, so all of the <Money of={q.hold} symbol={symbol} /> comes back to your balance.
          </p>
        ) : (
          <p class="sec">
            The {count(q.answers, 'answer')} so far {q.answers === 1 ? 'is' : 'are'} paid. What is left of the <Money of={q.hold} symbol={symbol} /> comes back to your balance.
          </p>
        )}
        {error !== undefined && <Trouble error={error} />}
        <div class="line tight">
          <button type="button" class="btn main" onClick={() => dialog.current?.close()}>
            Go on asking
          </button>
          <button type="button" class="btn" onClick={() => void cancel()}>
            Stop asking
          </button>
        </div>
      </dialog>
    </>
  )
}
