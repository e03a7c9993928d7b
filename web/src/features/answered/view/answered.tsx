import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MyAnswer, MyAnswers } from '../../api/shared/wire'
import { reachable } from '../../api/shared/http'
import { asRespondent, instance } from '../../identity/shared/session'
import { evidence, type Evidence as Kept } from '../../log/shared/evidence'
import { found } from '../../log/shared/found'
import { receipts, refused, type Receipted, type RefusedAnswer } from '../../../outbox/answers'
import { unsent } from '../../../outbox/office'
import { lastKnown } from '../../frame/shared/known'
import { me, refreshMe } from '../../frame/shared/people'
import { problemText, sure, when } from '../../frame/shared/words'
import { download } from '../../frame/view/download'
import { AsOf, CopyButton, Hash, Icon, Missing, Money, Tally, Trouble, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { decimal } from '../../../language/format'
import { Phone } from '../../frame/view/phone'
import { Beside } from '../../answering/view/beside'
import { Shown, type Shape } from '../../answering/view/shown'
import { words } from '../../answering/shared/said'
import { type beside, split } from '../../answering/shared/text'
import { isLabel } from '../../answering/shared/types'
import { answered as t } from '../../../language/en/answered'
import { frame } from '../../../language/en/frame'
import { number } from '../../../language/format'
import { rich } from '../../../language/rich'

/** A person's own answers, with what became of them. */
export default function Answered() {
  const heading = useTitle(t('title'))
  const mine = useCell(me)
  const waiting = useCell(unsent)
  const online = useCell(reachable)
  const first = useLoad(() => lastKnown('answers', () => asRespondent<MyAnswers>('/v1/me/answers?limit=20')), [mine?.answered, online])
  const [older, setOlder] = useState<MyAnswer[]>([])
  const [next, setNext] = useState<string>()
  const [failure, setFailure] = useState<unknown>()
  const [proofs, setProofs] = useState<Map<string, Receipted>>() // none before they were read: a row without its receipt cannot name the choices
  const [{ broken, missed }, setEvidence] = useState<Kept>({ missed: [] })
  const wrong = useCell(found)
  const [turned, setTurned] = useState<RefusedAnswer[]>([])
  useEffect(() => {
    void refreshMe()
    receipts().then(setProofs, () => setProofs(new Map()))
  }, [])
  useEffect(() => {
    // What the receipts promise is looked for when this page is opened, too, and when the server is back.
    if (!online) return
    void import('../../log/shared/look')
      .then(({ lookInLog }) => lookInLog(true))
      .then(
        () => receipts().then(setProofs),
        () => undefined, // the server is away, or has no log: the next time
      )
  }, [online])
  useEffect(() => {
    // Of another window's look, too.
    void evidence().then(setEvidence, () => undefined)
  }, [wrong])
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
          {t('title')}
        </h1>
        <span class="end n">
          {turned.length > 0 ? rich(t, 'totalTurned', { n: total, turned: number(turned.length) }) : rich(t, 'total', { n: total })}
        </span>
      </header>
      <main>
        {broken && (
          <div class="note wrong" role="alert">
            <p>{t('brokenMore', { what: t(broken.kind) })}</p>
            <Evidence of={broken} />
          </div>
        )}
        {missed.length > 0 && (
          <div class="note wrong" role="alert">
            <p>{t('brokenMore', { what: frame('notInLog', { n: missed.length }) })}</p>
            <Evidence of={missed.map(shownBy)} />
          </div>
        )}
        {first.value && total === 0 && (
          <div class="empty">
            <p class="title">{t('none')}</p>
            <a class="btn main" href="/">
              {t('begin')}
            </a>
          </div>
        )}
        {(!first.value || !proofs) && first.error === undefined && (
          <div class="stack" role="status" aria-label={t('loading')}>
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
                <Tally hollow={1} height={18} label={t('keptHere')} />
                <span>
                  {rich(t, a.tries > 0 ? 'youSafe' : 'youSoon', { answer: a.label })}
                </span>
              </p>
            </li>
          ))}
          {proofs && rows.map((a) => ('refused' in a ? <Turned key={a.assignment} of={a} symbol={mine?.symbol ?? ''} /> : <Row key={a.id} answer={a} symbol={mine?.symbol ?? ''} receipt={proofs.get(a.id)} />))}
        </ul>
        <Missing of={first} what={t('missing')} />
        <AsOf known={first.value} />
        {failure !== undefined && <Trouble error={failure} again={() => void more()} />}
        {next && (
          <button type="button" class="btn" onClick={() => void more()}>
            {t('older')}
          </button>
        )}
      </main>
    </Phone>
  )
}

function timeOf(answer: MyAnswer | RefusedAnswer): number {
  return 'refused' in answer ? answer.refused.at_ms : Date.parse(answer.at)
}

/** What shows that the log does not have an answer as its receipt promised. */
function shownBy({ accepted: receipt, logged }: Receipted) {
  return { receipt, ...(typeof logged === 'object' && { checkpoint: logged.checkpoint }) }
}

/** What shows that the server broke a promise, to be copied or kept as a file. */
function Evidence({ of }: { of: unknown }) {
  const [error, setError] = useState<unknown>()
  const text = JSON.stringify(of, null, 2)
  return (
    <div class="line">
      <CopyButton text={text}>{t('evidence')}</CopyButton>
      <button type="button" class="btn slim" onClick={() => void download('tasknet-evidence.json', 'application/json', text).then(() => setError(undefined), setError)}>
        {t('saveEvidence')}
      </button>
      {error !== undefined && <Trouble error={error} />}
    </div>
  )
}

function Words({ of, end }: { of: Parameters<typeof beside>[0]; end: ComponentChildren }) {
  return (
    <div class="line nowrap top-aligned">
      <span class="q" dir="auto">
        {split(of.text ?? '').ask || t('picture')}
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
          <Tally hollow={1} height={18} label={t('notAccepted')} />
          <span>
            {rich(t, 'youRefused', { answer: of.label, why: problemText(why.code, why.detail) })}
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
            <dt>{t('refused')}</dt>
            <dd>{when(new Date(why.at_ms).toISOString())}</dd>
            <dt>{t('reason')}</dt>
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
  if (proven) return t('signedRefusal')
  return proven === false ? t('badRefusal') : t('noRefusal')
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
  const closedTally = total > 0 ? <Tally full={leading} half={total - leading} crossed={answer.outcome === 'decided'} height={18} label={t('tally', { leading, rest: total - leading })} /> : <Tally full={1} crossed={answer.outcome === 'decided'} height={18} />
  return (
    <li class="mine">
      <button type="button" class="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Words of={{ ...shape, text: answer.text }} end={<Money of={answer.pays} symbol={symbol} />} />
        <span class="line small sec nowrap top-aligned">
          {closed ? closedTally : <Tally full={1} height={18} />}
          <span>
            {rich(t, 'you', { answer: answer.erased ? t('erased') : words(shape, answer), became: became(answer, shape) })}
          </span>
        </span>
      </button>
      {open && (
        <div class="card inset">
          {(answer.value !== undefined || answer.erased) && (
            <div class={answer.type === 'spans' || answer.type === 'text' ? 'stack' : 'beside'}>
              <div class="stack tight">
                <p class="cap">{same ? t('youAndVerdict') : t('youAlone')}</p>
                {answer.erased ? <span class="sec">{t('erased')}</span> : <Shown of={shape} said={answer} />}
              </div>
              {answer.verdict_value !== undefined && !same && (
                <div class="stack tight">
                  <p class="cap">{t('verdict')}</p>
                  <Shown of={shape} said={{ value: answer.verdict_value }} />
                </div>
              )}
            </div>
          )}
          {receipt && (
            <p class={`line tight nowrap small ${receipt.proven ? 'good' : 'bad'}`}>
              <Icon of={receipt.proven ? 'tick' : 'cross'} size={16} />
              <span>{receipt.proven ? t('receiptGood') : t('receiptBad')}</span>
            </p>
          )}
          {receipt?.logged && (
            <p class={`line tight nowrap small ${receipt.logged === 'yes' ? 'good' : 'bad'}`}>
              <Icon of={receipt.logged === 'yes' ? 'tick' : 'cross'} size={16} />
              <span>{receipt.logged === 'yes' ? t('logged') : t(receipt.logged.problem === 'missing' ? 'notLogged' : 'otherLogged')}</span>
            </p>
          )}
          {receipt?.logged && receipt.logged !== 'yes' && <Evidence of={shownBy(receipt)} />}
          <dl class="facts2 small">
            <dt>{t('given')}</dt>
            <dd>{when(answer.at)}</dd>
            <dt>{t('pay')}</dt>
            <dd>{t(payWords[answer.pay.state])}</dd>
            {answer.known && (
              <>
                <dt>{t('known')}</dt>
                <dd>
                  {words(shape, answer.known)}
                  {answer.known.suspended && <span class="cap block">{t('suspended')}</span>}
                </dd>
              </>
            )}
            {receipt && (
              <>
                <dt>{t('record')}</dt>
                <dd>
                  <Hash of={receipt.accepted.receipt.record} name={t('answerRecord')} />
                </dd>
                <dt>{t('underRoot')}</dt>
                <dd>
                  <Hash of={receipt.accepted.receipt.root} name={t('receiptRoot')} />
                </dd>
              </>
            )}
          </dl>
          {answer.struck && (
            <p class="small">
              {t('struck')}
            </p>
          )}
          {answer.pay.state === 'waiting' && (
            <p class="small">{answer.pay.until ? t('waitingUntil', { time: when(answer.pay.until) }) : t('waiting')}</p>
          )}
          {answer.pay.state === 'forfeited' && (
            <p class="small">
              {t('forfeited')}
            </p>
          )}
          {answer.outcome !== undefined ? (
            <a class="btn slim" href={`/verify/${answer.question}`}>
              {t('check')}
            </a>
          ) : (
            <p class="cap">{t('later')}</p>
          )}
        </div>
      )}
    </li>
  )
}

/** What became of an answer's pay, in a word or some. */
const payWords = { held: 'payHeld', waiting: 'payWaiting', paid: 'payPaid', forfeited: 'payForfeited', none: 'payNone' } as const satisfies Record<MyAnswer['pay']['state'], string>

/** What the answer is shown with: what the server says of its question, and the rest as it was kept with the receipt. */
function shapeOf({ type, choices = [], image }: MyAnswer, receipt: Receipted | undefined): Shape {
  return { passage: receipt?.asked?.passage, number: receipt?.asked?.number, type, choices, image }
}

/** Whether the verdict's value is the very one that was given. Both are canonical. */
function isSame({ value, verdict_value }: MyAnswer): boolean {
  return value !== undefined && JSON.stringify(verdict_value) === JSON.stringify(value)
}

/** What a question came to, without praise or blame. */
function became(answer: MyAnswer, shape: Shape): ComponentChildren {
  if (answer.struck) return rich(t, 'notCounted')
  if (answer.state === 'held') return t('stillOpen')
  if (!isLabel(answer.type)) {
    if (answer.verdict_value === undefined) return t('noVerdict')
    return isSame(answer) ? t('verdictSame') : t('verdictIs', { verdict: words(shape, { value: answer.verdict_value }) })
  }
  const verdict = answer.verdict ?? ''
  const confidence = answer.confidence && <b class="n">{decimal(sure(answer.confidence))}</b>
  switch (answer.outcome) {
    case 'decided':
      if (answer.verdict === answer.label) return confidence ? rich(t, 'verdictSameSure', { sure: confidence }) : t('verdictSame')
      return confidence ? rich(t, 'verdictIsSure', { verdict, sure: confidence }) : t('verdictIs', { verdict })
    case 'leaning':
      return confidence ? rich(t, 'leaningSure', { verdict, sure: confidence }) : t('leaning', { verdict })
    default:
      return t('noVerdict')
  }
}
