import { useEffect, useState } from 'preact/hooks'
import { Unreachable } from '../../api/shared/http'
import { follow, type StreamState } from '../../api/shared/sse'
import type { Question, Questions, Status } from '../../api/shared/wire'
import { go, place } from '../../frame/shared/route'
import { sure, when } from '../../frame/shared/words'
import { shown } from '../../money/shared/amount'
import { Beside } from '../../answering/view/beside'
import { Tally, Trouble, useCell, useInterval, useTitle } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { advance, leading, target } from '../shared/live'
import { apiKey, asRequester } from '../shared/requester'
import { balance, Desk, refreshBalance } from './desk'
import { verdictWords } from '../../answering/shared/said'
import { split } from '../../answering/shared/text'
import { isLabel } from '../../answering/shared/types'

const filters: [Status | '', string][] = [
  ['', 'All'],
  ['open', 'Open'],
  ['closed', 'Closed'],
]

export default function Home() {
  return (
    <Desk>
      <List />
    </Desk>
  )
}

function List() {
  const path = useCell(place)
  const status = (new URLSearchParams(path.split('?')[1]).get('status') ?? '') as Status | ''
  const [state, setState] = useState<StreamState>('connecting')
  const [paused, setPaused] = useState(false)
  const [, redraw] = useState(0)
  const money = useCell(balance)
  useInterval(() => redraw((n) => n + 1), 10_000)

  const { all: questions, next, error, load, change } = usePages(async (cursor, signal) => {
    const page = await asRequester<Questions>(`/v1/questions?${new URLSearchParams({ limit: '20', ...(status && { status }), ...(cursor && { cursor }) })}`, { signal })
    return { items: page.questions, next: page.next }
  }, [status])

  useEffect(() => {
    if (paused) return
    const abort = new AbortController()
    void follow({
      path: '/v1/events',
      token: apiKey.value!,
      signal: abort.signal,
      onState: (now) => {
        setState(now)
        if (now === 'live') void load() // what happened before the stream
      },
      onEvent: (event) => {
        change((before) => {
          const id = (JSON.parse(event.data) as { question?: string; id?: string }).question ?? (JSON.parse(event.data) as { id?: string }).id
          if (before && !before.some((q) => q.id === id)) void load() // one that was asked elsewhere
          return before?.map((q) => advance(q, event))
        })
        if (event.type === 'question.closed') void refreshBalance()
      },
    })
    return () => abort.abort()
  }, [paused])

  const open = questions?.filter((q) => q.status !== 'closed').length ?? 0
  const heading = useTitle('Home')
  return (
    <>
      <header class="line">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {questions === undefined ? 'Your questions' : open === 0 ? 'No question is open.' : `${open}${next ? ' or more' : ''} ${open === 1 ? 'question is' : 'questions are'} open.`}
        </h1>
        <a class="btn main end" href="/ask">
          Ask a question
        </a>
      </header>
      {money && (
        <section class="figures" aria-label="Money">
          {(
            [
              [money.available, 'available'],
              [money.held, 'held for open questions'],
              [money.spent, 'spent on answers and fees'],
              [money.deposited, 'deposited'],
            ] as const
          ).map(([amount, word]) => (
            <div class="stat">
              <span class="figure n">
                {shown(amount)}
                <small>{money.symbol}</small>
              </span>
              <span class="small sec">{word}</span>
            </div>
          ))}
        </section>
      )}
      <section class="card list">
        <div class="line head">
          <h2>Arriving now</h2>
          <span class="cap wide-only grow">each stroke is an answer, crossed at a verdict; the line on a bar is where asking stops</span>
          <div class="line tight end">
            <span class={`chip ${state === 'live' && !paused ? 'live' : ''}`} role="status">
              {paused ? 'Paused' : state === 'live' ? 'Live' : state === 'refused' ? 'Not live' : 'Connecting'}
            </span>
            <button type="button" class="btn slim" onClick={() => setPaused(!paused)}>
              {paused ? 'Go on' : 'Pause'}
            </button>
          </div>
        </div>
        <div class="line tight filters" role="group" aria-label="Which questions">
          {filters.map(([value, word]) => (
            <button type="button" class="chip" aria-pressed={status === value} onClick={() => go(value ? `/console?status=${value}` : '/console')}>
              {word}
            </button>
          ))}
        </div>
        {error !== undefined && !(questions && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
        {questions === undefined && error === undefined && (
          <div class="stack" role="status" aria-label="Loading">
            {[1, 2, 3, 4, 5].map(() => (
              <div class="bone row" />
            ))}
          </div>
        )}
        {questions?.length === 0 && (
          <div class="empty">
            <p>{status ? `No ${status} questions.` : 'You have asked nothing yet.'}</p>
          </div>
        )}
        {questions && questions.length > 0 && (
          <table class="table stacked">
            <thead>
              <tr>
                <th>Question</th>
                <th>Answers</th>
                <th>Verdict</th>
                <th>Confidence</th>
                <th class="r">Asked</th>
              </tr>
            </thead>
            <tbody>
              {questions.map((q) => (
                <Row key={q.id} q={q} />
              ))}
            </tbody>
          </table>
        )}
        {next && (
          <p class="older">
            <button type="button" class="btn slim" onClick={() => void load(next)}>
              Older questions
            </button>
          </p>
        )}
      </section>
    </>
  )
}

function Row({ q }: { q: Question }) {
  const { verdict } = q
  const lead = verdict?.choice ?? leading(q.counts)
  const full = lead === undefined || lead === null ? q.answers : (q.counts[lead] ?? 0)
  return (
    <tr>
      <td class="q">
        <a href={`/console/q/${q.id}`}>{split(q.text ?? '').ask || q.image?.alt || 'A picture'}</a>
        {q.sample && <span class="chip">sample</span>}
        <Beside of={q} />
      </td>
      <td>
        <span class="line nowrap">
          {q.answers > 0 && <Tally full={full} half={q.answers - full} crossed={verdict?.outcome === 'decided'} label={`${full} answers for, ${q.answers - full} for others`} />}
          <Wanted q={q} />
        </span>
      </td>
      <td>
        <Outcome q={q} />
      </td>
      <td>{verdict && verdict.outcome !== 'none' && isLabel(q.type) ? <Confidence value={verdict.confidence} decided={verdict.outcome === 'decided'} stop={target(q.quorum.policy)} /> : null}</td>
      <td class="r sec">{when(q.created_at)}</td>
    </tr>
  )
}

/** How many answers are still wanted, and that there are none where no stroke says so. */
function Wanted({ q }: { q: Question }) {
  if (q.verdict) return q.answers === 0 ? <span class="cap">none</span> : null
  if (q.wanted === 0) return <span class="cap">closing</span>
  return <span class="cap">{q.answers === 0 ? `none yet, ${q.wanted} wanted` : `${q.wanted} more wanted`}</span>
}

/** The verdict, or where it leans, in words. */
export function Outcome({ q }: { q: Question }) {
  const { verdict } = q
  if (verdict?.outcome === 'decided') return <b>{verdictWords(q, verdict)}</b>
  if (verdict?.outcome === 'leaning') return <span class="sec">leaning {verdictWords(q, verdict)}</span>
  if (verdict) return verdict.reason === 'cancelled' ? <span class="sec">cancelled</span> : <span class="bad b">No verdict</span>
  const lead = leading(q.counts)
  return <span class="sec">{lead === undefined ? 'open' : `leaning ${q.choices[lead]}`}</span>
}

export function Confidence({ value, decided, stop }: { value: string; decided: boolean; stop: number | undefined }) {
  return (
    <span class="line nowrap conf">
      <b class={`n ${decided ? '' : 'light'}`}>{sure(value)}</b>
      <span class="track" aria-hidden="true">
        <i class={decided ? '' : 'open'} style={{ '--v': Number(value) }} />
        {stop !== undefined && <u style={{ '--stop': stop }} />}
      </span>
    </span>
  )
}
