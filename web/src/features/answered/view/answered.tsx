import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MyAnswer, MyAnswers } from '../../api/shared/wire'
import { reachable } from '../../api/shared/http'
import { asRespondent, instance } from '../../identity/shared/session'
import type { Broken } from '../../log/shared/check'
import { receipts, refused, type Receipted, type RefusedAnswer } from '../../../outbox/answers'
import { kept } from '../../../outbox/database'
import { unsent } from '../../../outbox/office'
import { lastKnown } from '../../frame/shared/known'
import { me, refreshMe } from '../../frame/shared/people'
import { sure, when } from '../../frame/shared/words'
import { AsOf, CopyButton, Hash, Icon, Missing, Money, Tally, Trouble, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Beside } from '../../answering/view/beside'
import { Shown, type Shape } from '../../answering/view/shown'
import { words } from '../../answering/shared/said'
import { type beside, split } from '../../answering/shared/text'
import { isLabel } from '../../answering/shared/types'

/** A person's own answers, with what became of them. */
export default function Answered() {
  const heading = useTitle('Answered')
  const mine = useCell(me)
  const waiting = useCell(unsent)
  const online = useCell(reachable)
  const first = useLoad(() => lastKnown('answers', () => asRespondent<MyAnswers>('/v1/me/answers?limit=20')), [mine?.answered, online])
  const [older, setOlder] = useState<MyAnswer[]>([])
  const [next, setNext] = useState<string>()
  const [failure, setFailure] = useState<unknown>()
  const [proofs, setProofs] = useState<Map<string, Receipted>>() // none before they were read: a row without its receipt cannot name the choices
  const [broken, setBroken] = useState<Broken>()
  const [turned, setTurned] = useState<RefusedAnswer[]>([])
  useEffect(() => {
    void refreshMe()
    receipts().then(setProofs, () => setProofs(new Map()))
    void Promise.all([kept<Broken>('log broken'), instance()]).then(([found, here]) => found?.instance === here.instance && setBroken(found))
  }, [])
  useEffect(() => {
    // What the receipts promise is looked for in the public log, now and then: when this page is opened, and when the server is back.
    if (!online) return
    void Promise.all([import('../../log/shared/check'), import('../../log/shared/anchor'), instance(true)])
      .then(([{ checkLog }, { newestAnchor }, here]) => checkLog(here, Date.parse(here.time), { anchored: () => newestAnchor(here).catch(() => undefined) }))
      .then(
        (found) => (found && setBroken(found), receipts().then(setProofs)),
        () => undefined, // the server is away, or has no log: the next time
      )
  }, [online])
  useEffect(() => {
    if (older.length === 0) setNext(first.value?.value.next)
    void receipts().then(setProofs)
  }, [first.value])
  useEffect(() => {
    void Promise.all([refused(), instance()]).then(([all, here]) => setTurned(all.filter((r) => r.instance === here.instance)))
  }, [waiting])
  useInterval(first.again, 5000)
  const more = async () => {
    setFailure(undefined)
    try {
      const page = await asRespondent<MyAnswers>(`/v1/me/answers?limit=20&cursor=${encodeURIComponent(next!)}`)
      setOlder([...older, ...page.answers])
      setNext(page.next)
    } catch (error) {
      setFailure(error)
    }
  }
  const newest = first.value?.value.answers ?? []
  const all = [...newest, ...older.filter((a) => !newest.some((b) => b.id === a.id))]
  // Those that were refused stand among the others by their time, as far back as the others are shown.
  const since = next ? timeOf(all.at(-1)!) : 0
  const rows = [...all, ...turned.filter((a) => timeOf(a) >= since)].sort((a, b) => timeOf(b) - timeOf(a))
  const total = (mine?.answered ?? all.length) + waiting.length + turned.length
  return (
    <Phone>
      <header class="top">
        <h1 class="b heading" ref={heading} tabIndex={-1}>
          Answered
        </h1>
        <span class="end n">
          <b>{total}</b> in all{turned.length > 0 && `, ${turned.length} not accepted`}
        </span>
      </header>
      <main>
        {broken && (
          <div class="note wrong" role="alert">
            <p>{brokenWords[broken.kind]} What shows it is kept on this phone; show it to somebody who is not the operator.</p>
            <Evidence of={broken} />
          </div>
        )}
        {first.value && total === 0 && (
          <div class="empty">
            <p class="title">No answers yet.</p>
            <a class="btn main" href="/">
              Answer a question
            </a>
          </div>
        )}
        {(!first.value || !proofs) && first.error === undefined && (
          <div class="stack" role="status" aria-label="Loading">
            <div class="bone row" />
            <div class="bone row" />
            <div class="bone row" />
          </div>
        )}
        <ul class="rows long">
          {waiting.map((a) => (
            <li class="mine" key={a.assignment}>
              <Words of={a.asked ?? a} end={<Money of={a.pays} symbol={mine?.symbol ?? ''} />} />
              <p class="line small sec nowrap top-aligned">
                <Tally hollow={1} height={18} label="kept on this phone" />
                <span>
                  You: <b>{a.label}</b>. {a.tries > 0 ? 'Safe on this phone, goes out when the server answers.' : 'Goes out in a moment.'}
                </span>
              </p>
            </li>
          ))}
          {proofs && rows.map((a) => ('refused' in a ? <Turned key={a.assignment} of={a} symbol={mine?.symbol ?? ''} /> : <Row key={a.id} answer={a} symbol={mine?.symbol ?? ''} receipt={proofs.get(a.id)} />))}
        </ul>
        <Missing of={first} what="Answers from before are shown" />
        <AsOf known={first.value} />
        {failure !== undefined && <Trouble error={failure} again={() => void more()} />}
        {next && (
          <button type="button" class="btn" onClick={() => void more()}>
            Older answers
          </button>
        )}
      </main>
    </Phone>
  )
}

function timeOf(answer: MyAnswer | RefusedAnswer): number {
  return 'refused' in answer ? answer.refused.at_ms : Date.parse(answer.at)
}

const brokenWords = {
  unsigned: 'The server’s public log is not signed by the key that it had.',
  forked: 'The server’s public log was changed: what it said before is not in it any more.',
  unanchored: 'The public log that this server shows is not the one whose checkpoint is on chain.',
}

const loggedWords = {
  missing: 'It is not in the public log, though the receipt promised it by now. Keep this and tell somebody who is not the operator.',
  other: 'The public log has something else in its place. Keep this and tell somebody who is not the operator.',
}

/** What shows that the server broke a promise, to be copied. */
function Evidence({ of }: { of: unknown }) {
  return <CopyButton text={JSON.stringify(of, null, 2)}>Copy the evidence</CopyButton>
}

function Words({ of, end }: { of: Parameters<typeof beside>[0]; end: ComponentChildren }) {
  return (
    <div class="line nowrap top-aligned">
      <span class="q">
        {split(of.text ?? '').ask || 'The picture'}
        <Beside of={of} />
      </span>
      <span class="end small">{end}</span>
    </div>
  )
}

/** An answer that the server did not accept, and whether it signed that. */
function Turned({ of, symbol }: { of: RefusedAnswer; symbol: string }) {
  const [open, setOpen] = useState(false)
  const { refused: why, ...answer } = of
  return (
    <li class="mine">
      <button type="button" class="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Words of={of.asked ?? of} end={<Money of={of.pays} symbol={symbol} />} />
        <span class="line small sec nowrap top-aligned">
          <Tally hollow={1} height={18} label="not accepted" />
          <span>
            You: <b>{of.label}</b>. Not accepted, so not paid: {why.detail}
          </span>
        </span>
      </button>
      {open && (
        <div class="card inset">
          <p class={`line tight nowrap small ${why.proven ? 'good' : 'bad'}`}>
            <Icon of={why.proven ? 'tick' : 'cross'} size={16} />
            <span>{signedWords(why.proven)}</span>
          </p>
          <dl class="facts2 small">
            <dt>Refused</dt>
            <dd>{when(new Date(why.at_ms).toISOString())}</dd>
            <dt>Reason</dt>
            <dd>
              <code>{why.code}</code>
            </dd>
          </dl>
          <Evidence of={{ answer: evidenceOf(answer), refusal: why.statement, code: why.code, detail: why.detail }} />
        </div>
      )}
    </li>
  )
}

function signedWords(proven: boolean | undefined): string {
  if (proven) return 'The server signed that it does not accept this answer, and why'
  return proven === false ? 'What the server signed of it is not of this answer and reason, or not signed by its key. Keep this and tell somebody who is not the operator.' : 'The server did not sign that it does not accept this answer'
}

/** What of an answer the device signed, with the signature. */
function evidenceOf({ assignment, question, device, nonce, time_ms, signature, instance, hash, choice, value }: Omit<RefusedAnswer, 'refused'>) {
  return { instance, assignment, question, hash, device, nonce, time_ms, choice, value, signature }
}

function Row({ answer, symbol, receipt }: { answer: MyAnswer; symbol: string; receipt: Receipted | undefined }) {
  const [open, setOpen] = useState(false)
  const closed = answer.outcome !== undefined
  const shape = shapeOf(answer, receipt)
  const same = isSame(answer)
  const counts = answer.counts ?? []
  const total = counts.reduce((a, b) => a + b, 0)
  const mine = counts[answer.choice ?? -1] ?? 0
  const leading = answer.verdict === answer.label ? mine : Math.max(0, ...counts)
  const closedTally = total > 0 ? <Tally full={leading} half={total - leading} crossed={answer.outcome === 'decided'} height={18} label={`${leading} answers for, ${total - leading} for others`} /> : <Tally full={1} crossed={answer.outcome === 'decided'} height={18} />
  return (
    <li class="mine">
      <button type="button" class="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Words of={{ ...shape, text: answer.text }} end={<Money of={answer.pays} symbol={symbol} />} />
        <span class="line small sec nowrap top-aligned">
          {closed ? closedTally : <Tally full={1} height={18} />}
          <span>
            You: <b>{words(shape, answer)}</b>. <Became answer={answer} shape={shape} />
          </span>
        </span>
      </button>
      {open && (
        <div class="card inset">
          {answer.value !== undefined && (
            <div class={answer.type === 'spans' || answer.type === 'text' ? 'stack' : 'beside'}>
              <div class="stack tight">
                <p class="cap">{same ? 'You, and the verdict' : 'You'}</p>
                <Shown of={shape} said={answer} />
              </div>
              {answer.verdict_value !== undefined && !same && (
                <div class="stack tight">
                  <p class="cap">Verdict</p>
                  <Shown of={shape} said={{ value: answer.verdict_value }} />
                </div>
              )}
            </div>
          )}
          {receipt && (
            <p class={`line tight nowrap small ${receipt.proven ? 'good' : 'bad'}`}>
              <Icon of={receipt.proven ? 'tick' : 'cross'} size={16} />
              <span>{receipt.proven ? 'The server’s receipt for it checks out' : 'The server’s receipt for it does not check out'}</span>
            </p>
          )}
          {receipt?.logged && (
            <p class={`line tight nowrap small ${receipt.logged === 'yes' ? 'good' : 'bad'}`}>
              <Icon of={receipt.logged === 'yes' ? 'tick' : 'cross'} size={16} />
              <span>{receipt.logged === 'yes' ? 'It is in the public log, where the receipt said' : loggedWords[receipt.logged.problem]}</span>
            </p>
          )}
          {receipt?.logged && receipt.logged !== 'yes' && <Evidence of={{ receipt: receipt.accepted, checkpoint: receipt.logged.checkpoint }} />}
          <dl class="facts2 small">
            <dt>Given</dt>
            <dd>{when(answer.at)}</dd>
            <dt>Pay</dt>
            <dd>{payWords[answer.pay.state]}</dd>
            {answer.known && (
              <>
                <dt>Known before</dt>
                <dd>
                  {words(shape, answer.known)}
                  {answer.known.suspended && <span class="cap block">Skilled people contradict it, so it is held against nobody.</span>}
                </dd>
              </>
            )}
            {receipt && (
              <>
                <dt>Record</dt>
                <dd>
                  <Hash of={receipt.accepted.receipt.record} name="answer record" />
                </dd>
                <dt>Under root</dt>
                <dd>
                  <Hash of={receipt.accepted.receipt.root} name="receipt root" />
                </dd>
              </>
            )}
          </dl>
          {answer.struck && (
            <p class="small">
              Not counted and not paid. Some questions of this kind had a known answer, and what you answered to them was no better than guesses, or copied from others. The money buys this question another answer.
            </p>
          )}
          {answer.pay.state === 'waiting' && (
            <p class="small">
              You are new, so the pay for this waits until a few of your answers have been compared with known ones{answer.pay.until && <>, or until {when(answer.pay.until)} at the latest</>}.
            </p>
          )}
          {answer.pay.state === 'forfeited' && (
            <p class="small">
              Not paid. Its pay was waiting, and meanwhile what you answered to questions of this kind with a known answer proved to be no better than guesses, or copied from others.
            </p>
          )}
          {answer.outcome !== undefined ? (
            <a class="btn slim" href={`/verify/${answer.question}`}>
              Check the public record
            </a>
          ) : (
            <p class="cap">The question’s record becomes public when it closes.</p>
          )}
        </div>
      )}
    </li>
  )
}

/** What became of an answer's pay, in a word or some. */
const payWords: Record<MyAnswer['pay']['state'], string> = { held: 'held until the question closes', waiting: 'waits', paid: 'final', forfeited: 'forfeited', none: 'none' }

/** What the answer is shown with: what the server says of its question, and the rest as it was kept with the receipt. */
function shapeOf({ type, choices = [], image }: MyAnswer, receipt: Receipted | undefined): Shape {
  return { passage: receipt?.asked?.passage, number: receipt?.asked?.number, type, choices, image }
}

/** Whether the verdict's value is the very one that was given. Both are canonical. */
function isSame({ value, verdict_value }: MyAnswer): boolean {
  return value !== undefined && JSON.stringify(verdict_value) === JSON.stringify(value)
}

/** What a question came to, without praise or blame. */
function Became({ answer, shape }: { answer: MyAnswer; shape: Shape }) {
  if (answer.struck) return <b>Not counted.</b>
  if (answer.state === 'held') return <>Still open.</>
  if (!isLabel(answer.type)) {
    if (answer.verdict_value === undefined) return <>It closed without a verdict.</>
    return isSame(answer) ? <>Verdict the same.</> : <>Verdict: {words(shape, { value: answer.verdict_value })}.</>
  }
  const confidence = answer.confidence && (
    <>
      , confidence <b class="n">{sure(answer.confidence)}</b>
    </>
  )
  switch (answer.outcome) {
    case 'decided':
      return answer.verdict === answer.label ? <>Verdict the same{confidence}.</> : <>Verdict: {answer.verdict}{confidence}.</>
    case 'leaning':
      return <>It closed leaning {answer.verdict}{confidence}.</>
    default:
      return <>It closed without a verdict.</>
  }
}
