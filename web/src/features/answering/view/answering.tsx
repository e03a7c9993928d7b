import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { asRespondent, instance } from '../../identity/shared/session'
import { held, keepHeld, takeUntold } from '../../../outbox/answers'
import { dropMedia } from '../../../outbox/media'
import * as office from '../../../outbox/office'
import { reachable } from '../../api/shared/http'
import type { Assignments, AskedQuestion, Said, SkipReason } from '../../api/shared/wire'
import { Cell } from '../../frame/shared/cell'
import { drawn, whenIdle } from '../../frame/shared/drawn'
import { serverNow } from '../../frame/shared/clock'
import { shell } from '../../../shell/seam'
import { me, onHand, refreshMe } from '../../frame/shared/people'
import { taste } from '../../frame/shared/taste'
import { go, place } from '../../frame/shared/route'
import { sha256 } from '../../proof/shared/digest'
import { isAsHashed } from '../../proof/shared/question'
import { settings } from '../../frame/shared/settings'
import { day, problemText } from '../../frame/shared/words'
import { Bundles, Mark, Money, Trouble, useCell, useFollow, useLoad, usePart, useTitle } from '../../frame/view/parts'
import { InstallNote } from '../../frame/view/install'
import { Moving } from '../../frame/view/moving'
import { Phone } from '../../frame/view/phone'
import { Deck, isAnswerable, type Card } from '../shared/deck'
import { draftOf, keepDraft } from '../shared/drafts'
import { severalTooLate, tooLate } from '../shared/late'
import { medium } from '../shared/media'
import { brief, words } from '../shared/said'
import { given as countGiven, sitting, undone } from '../shared/sitting'
import { tick } from '../shared/tick'
import { cannotTell } from '../shared/types'
import { useArrivals } from './arrivals'
import { useKeys } from './keys'
import { useSwipe } from './swipe'
import { GuideLink } from '../../projects/view/guidelink'
import { ReportSheet } from './report'
import { Toast } from './toast'
import { Choices } from './widgets/choices'
import { Frame, type WidgetProps } from './widgets/widget'
import { Words } from './words'
import { answering as t } from '../../../language/en/answering'
import { rich } from '../../../language/rich'
import { frame } from '../../../language/en/frame'

const deck = new Deck({
  take: (count) => {
    const like = taste(settings.value, navigator.languages)
    return shell ? shell.take(count, like) : asRespondent<Assignments>('/v1/assignments', { json: { count, ...like } })
  },
  takeThis: (question) => shell?.takeThis(question) ?? asRespondent<Assignments>('/v1/assignments', { json: { count: 1, question } }),
  skip: (id, reason) => shell?.skip(id, reason) ?? asRespondent<void>(`/v1/assignments/${id}/skip`, { json: { reason }, keepalive: true }),
  instance,
  isAsHashed: (here, assignment) => isAsHashed(here, assignment.question, sha256),
  medium,
  dropMedia,
  unsent: () => new Set(office.unsent.value.map((a) => a.assignment)),
  save: (cards, id) => keepHeld({ cards, instance: id }),
  saved: held,
  now: serverNow,
})

/** Has the questions of the last visit at hand, so that the page is drawn with the first one at once. */
export async function recallQuestions(): Promise<void> {
  await deck.recall()
  const first = deck.cards.value[0]
  const load = first && loaderOf(first.assignment.question)
  if (!load) return
  const loading = fetchWidget(load).catch(() => undefined) // the page asks again, and says so
  if (navigator.serviceWorker?.controller) await loading // it is in the cache
}

/** How long the question that takes an answered one's place takes no tap: the second of a double tap is not for it. */
const deafMs = 300
const deaf = new Cell(false)

type Widget = ComponentType<WidgetProps>

// What a first question most likely is, is in the first bundle; the others are fetched with their questions.
const later: { [type in AskedQuestion['type']]: () => Promise<Widget> } = {
  choice: () => import('./widgets/pictured').then((m) => m.Pictured),
  yes_no: () => import('./widgets/pictured').then((m) => m.Pictured),
  scale: () => import('./widgets/scale').then((m) => m.Scale),
  pair: () => import('./widgets/pair').then((m) => m.Pair),
  multiple: () => import('./widgets/multiple').then((m) => m.Multiple),
  ranking: () => import('./widgets/ranking').then((m) => m.Ranking),
  number: () => import('./widgets/number').then((m) => m.NumberField),
  text: () => import('./widgets/text').then((m) => m.TextField),
  boxes: () => import('./widgets/boxes').then((m) => m.Boxes),
  polygons: () => import('./widgets/polygons').then((m) => m.Polygons),
  mask: () => import('./widgets/mask').then((m) => m.Mask),
  spans: () => import('./widgets/spans').then((m) => m.Spans),
}

const fetched = new Map<() => Promise<Widget>, Widget>()

async function fetchWidget(load: () => Promise<Widget>): Promise<void> {
  fetched.set(load, await load())
}

function loaderOf({ type, choice_images: images = [] }: AskedQuestion): (() => Promise<Widget>) | undefined {
  return (type === 'choice' || type === 'yes_no') && images.length === 0 ? undefined : later[type]
}

/** The widget that answers a question, undefined until it is here, and an error where it cannot be had. */
function useWidget(question: AskedQuestion | undefined): { widget?: Widget; error?: unknown; again: () => void } {
  const load = question && loaderOf(question)
  const [, redraw] = useState(0)
  const [failure, setFailure] = useState<{ of: unknown; error: unknown }>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (!load || fetched.has(load)) return
    let current = true
    setFailure(undefined)
    fetchWidget(load).then(
      () => current && redraw((n) => n + 1),
      (error: unknown) => current && setFailure({ of: load, error }),
    )
    return () => {
      current = false
    }
  }, [load, turn])
  return { widget: load ? fetched.get(load) : Choices, error: failure?.of === load ? failure?.error : undefined, again: () => setTurn((n) => n + 1) }
}

/** Lets go of the focus before what has it is taken away: the browser would compute all styles at once, and then again. */
function leaveFocus(): void {
  const focused = document.activeElement
  if (focused instanceof HTMLElement && focused.closest('main, .thumb')) focused.blur()
}

/** An answer or a skip that can still be undone. */
export interface Given {
  card: Card
  /** What was answered in words, or why the question was skipped. */
  did: { answered: string } | { skipped: SkipReason }
  until: number
  seconds: number
}

/** The page where questions are answered. */
export default function Answering() {
  const card = usePart(deck.cards, (cards) => cards[0])
  const state = useCell(deck.state)
  const [given, setGiven] = useState<Given>()
  const [notice, setNotice] = useState<{ text: string; code?: string }>()
  const [reporting, setReporting] = useState<Card>()
  const [failure, setFailure] = useState<unknown>()
  const heading = useTitle(frame('questions'))
  const here = useLoad(() => instance(), [])
  const symbol = usePart(me, (mine) => mine?.symbol) ?? here.value?.token.symbol

  useEffect(() => {
    void deck.open()
    void refreshMe()
    const seen = () => document.hidden || (void deck.refill(), void refreshMe())
    // As an answer does, a skip goes out when the page is hidden or left.
    const unseen = () => document.hidden && deck.release()
    window.addEventListener('focus', seen)
    document.addEventListener('visibilitychange', unseen)
    return () => {
      window.removeEventListener('focus', seen)
      document.removeEventListener('visibilitychange', unseen)
      deck.release()
    }
  }, [])

  // A notice leads to its question.
  const wanted = new URLSearchParams(useCell(place).split('?')[1]).get('question')
  useEffect(() => {
    if (!wanted) return
    go('/', true)
    void deck.bring(wanted).then((found) => found || setNotice({ text: t('gone') }))
  }, [wanted])

  useArrivals(deck)

  useFollow(office.lastOutcome, (outcome) => {
    if (outcome?.kind === 'accepted' && !outcome.answer.proven) setNotice({ text: t('badReceipt'), code: 'receipt_mismatch' })
  })

  // What was not taken is told here, whoever sent it: this page, another window, or the service worker while no page was open.
  const left = useRef<number>(undefined)
  useFollow(office.unsent, ({ length }) => {
    if (length === left.current) return
    left.current = length
    void takeUntold().then((told) => {
      const [one, ...others] = told
      if (!one) return
      const { code, detail } = one.refused
      if (others.length > 0) setNotice({ text: severalTooLate(told.map((r) => r.refused.code)) })
      else setNotice(code === 'question_closed' ? { text: tooLate(one, deck.cards.value.length > 0) } : { text: t('notTaken', { why: problemText(code, detail), answer: brief(one.label) }), code })
      void deck.refill()
    }, () => undefined)
  })

  useFollow(deck.cards, (cards) => {
    onHand.set(cards.length)
    // The first one's is on its way; those of the others have time.
    whenIdle(() => cards.slice(1).forEach(({ assignment }) => void loaderOf(assignment.question)?.().catch(() => undefined)))
  })

  const { widget: Widget, error: missing, again: fetchAgain } = useWidget(card?.assignment.question)
  const hearing = useRef(0)

  // Answers are kept one after the other, while the next question is shown already. What says so waits for the disk.
  const keeping = useRef<Promise<void>>(Promise.resolve())
  const last = useRef<Given | undefined>(undefined)
  const turn = useRef(0)
  const tell = (now: Given | undefined) => setGiven((last.current = now))

  const give = (said: Said) => {
    if (!card || !isAnswerable(card) || !deck.lift(card)) return
    leaveFocus()
    tick()
    setNotice(undefined)
    setFailure(undefined)
    deaf.set(true)
    clearTimeout(hearing.current)
    hearing.current = window.setTimeout(() => deaf.set(false), deafMs)
    const { question } = card.assignment
    const now = Date.now()
    const seconds = settings.value.undo
    const mine = ++turn.current
    keeping.current = Promise.all([keeping.current, drawn()]).then(() => office.give(card.assignment, said, seconds)).then(
      () => {
        countGiven(question.price, now)
        deck.release()
        // What was done since is what can be undone.
        if (mine === turn.current) tell(seconds > 0 ? { card, did: { answered: brief(words(question, said)) }, until: now + seconds * 1000, seconds } : undefined)
        deck.pass(card)
      },
      (error: unknown) => {
        deck.back(card)
        setFailure(error)
      },
    )
  }

  const undo = async () => {
    await keeping.current // what was answered just now is what is meant
    const done = last.current
    if (!done) return
    tell(undefined)
    if ('skipped' in done.did) {
      if (deck.unskip(done.card)) setNotice(undefined)
      else setNotice({ text: t('givenBack') })
      return
    }
    if (!(await office.undo(done.card.assignment.id))) {
      setNotice({ text: t('sentAlready') })
      return
    }
    undone(done.card.assignment.question.price)
    deck.back(done.card)
  }

  const skip = (reason: SkipReason) => {
    if (!card) return
    const { undo: seconds } = settings.value
    turn.current++
    setNotice(undefined)
    deck.skip(card, reason, seconds * 1000)
    tell(seconds > 0 ? { card, did: { skipped: reason }, until: Date.now() + seconds * 1000, seconds } : undefined)
  }

  useKeys((key) => {
    if (key === '0') give({ choice: cannotTell })
    else if (key.toLowerCase() === 'u') void undo()
    else if (key.toLowerCase() === 's') skip('none')
    else return false
    return true
  })

  useSwipe((way) => {
    if (reporting) return
    if (way === 'back') void undo()
    else skip('none')
  })

  const foot = (
    <>
      {failure !== undefined && <Trouble error={failure} />}
      <Moving />
      <Foot notice={notice} clear={() => setNotice(undefined)} given={given} over={() => tell(undefined)} undo={() => void undo()} skip={() => skip('none')} report={() => setReporting(card)} cannotTell={card && isAnswerable(card) ? () => give({ choice: cannotTell }) : undefined} />
    </>
  )
  return (
    <Phone deaf={deaf}>
      {reporting && <ReportSheet card={reporting} report={skip} close={() => setReporting(undefined)} />}
      {card ? (
        <>
          <header class="top">
            <Mark />
            <span class="asker">
              {rich(t, 'askedBy', { name: card.assignment.question.asked_by })}
            </span>
            {card.assignment.question.sample && !/sample/i.test(card.assignment.question.asked_by) && <span class="chip">{t('sample')}</span>}
            <GuideLink project={card.assignment.question.project} />
            <span class="end nowrap">
              {symbol &&
                rich(t, 'pays', { amount: <Money of={card.assignment.question.price} symbol={symbol} /> })}
            </span>
          </header>
          {!card.sound ? (
            <Frame words={<Changed id={card.assignment.question.id} heading={heading} />} foot={foot} />
          ) : !(card.assignment.question.type in later) ? (
            <Frame words={<p class="note">{t('unknownKind')}</p>} foot={foot} />
          ) : Widget ? (
            <Widget
              key={card.assignment.id}
              card={card}
              words={(without) => <Words card={card} heading={heading} again={() => void deck.reload(card)} without={without} />}
              foot={foot}
              start={draftOf(card.assignment.id)}
              closed={!isAnswerable(card)}
              give={give}
              keep={(value) => keepDraft(card.assignment.id, value)}
              again={() => void deck.reload(card)}
            />
          ) : (
            <Frame words={missing === undefined ? <Words card={card} heading={heading} again={() => void deck.reload(card)} without={card.assignment.question.type === 'spans' ? 'passage' : undefined} /> : <Trouble error={missing} again={fetchAgain} />} foot={foot}>
              {missing === undefined && <div class="bone answer" aria-busy="true" />}
            </Frame>
          )}
        </>
      ) : (
        <Without state={state} heading={heading} notice={notice} given={given} over={() => tell(undefined)} undo={() => void undo()} />
      )}
    </Phone>
  )
}

/** Said instead of a question that is not what its hash covers. */
function Changed({ id, heading }: { id: string; heading: (node: HTMLElement | null) => void }) {
  return (
    <div class="note wrong" role="alert">
      <h1 class="b" ref={heading} tabIndex={-1}>
        {t('changed')}
      </h1>
      <p>{t('changedMore')}</p>
      <p class="fact">{id}</p>
    </div>
  )
}

interface FootProps {
  notice: { text: string; code?: string } | undefined
  clear: () => void
  given: Given | undefined
  over: () => void
  undo: () => void
  skip: () => void
  /** Asks what is wrong with the question. */
  report: () => void
  /** Answers that one cannot tell; undefined while nothing can be answered. */
  cannotTell: (() => void) | undefined
}

/** The quiet row, or what takes its place: the toast with Undo, or what became of an answer. */
function Foot({ notice, clear, given, over, undo, skip, report, cannotTell }: FootProps) {
  if (notice) {
    return (
      <div class="slot">
        <div class="toast" role="alert">
          <span>
            {notice.text} {notice.code && <code>{notice.code}</code>}
          </span>
          <button type="button" onClick={clear}>
            {frame('ok')}
          </button>
        </div>
      </div>
    )
  }
  if (given) return <Toast given={given} over={over} undo={undo} skip={skip} />
  return (
    <div class="quiet">
      <button type="button" onClick={skip}>
        {t('skip')}
      </button>
      <button type="button" class="tell" aria-keyshortcuts="0" disabled={!cannotTell} onClick={cannotTell}>
        {t('cannotTell')}
      </button>
      <button type="button" aria-haspopup="dialog" onClick={report}>
        {t('report')}
      </button>
    </div>
  )
}

/** The page while there is no question: asking, nothing there, or an error. */
function Without({ state, heading, notice, given, over, undo }: { state: Deck['state']['value']; heading: (node: HTMLElement | null) => void; notice: FootProps['notice']; given: Given | undefined; over: () => void; undo: () => void }) {
  const online = useCell(reachable)
  const mine = useCell(me)
  const answered = (mine?.answered ?? 0) + useCell(office.unsent).length
  const { answers, pays } = useCell(sitting)
  const earned = (inner: ComponentChildren) => <a href="/earned">{inner}</a>
  const foot = given && <Toast given={given} over={over} undo={undo} />
  if (state === 'asking' || state === 'ready') {
    return (
      <>
        <header class="top">
          <Mark />
          <span>{t('looking')}</span>
        </header>
        <main aria-busy="true">
          <h1 class="sr" ref={heading} tabIndex={-1}>
            {t('looking')}
          </h1>
          <div class="bone line" />
          <div class="bone box" />
        </main>
        <section class="thumb">
          <div class="answers two">
            <div class="bone answer" />
            <div class="bone answer" />
          </div>
          {foot ?? <div class="quiet" />}
        </section>
      </>
    )
  }
  return (
    <>
      <header class="top">
        <Mark />
        <b>TaskNet</b>
        <a class="end" href="/key">
          {t('key')}
        </a>
      </header>
      <main class="empty">
        <Moving />
        {notice && (
          <p class="note" role="status">
            {notice.text} {notice.code && <code>{notice.code}</code>}
          </p>
        )}
        {state === 'empty' ? (
          <>
            <h1 class="title" ref={heading} tabIndex={-1}>
              {t('none')}
            </h1>
            {answers > 0 && mine && (
              <p class="line nowrap top-aligned">
                <Bundles n={answers} />
                <span>
                  {rich(t, 'sitting', { n: answers, amount: <Money of={pays} symbol={mine.symbol} /> })}
                </span>
              </p>
            )}
            {answered > 0 ? (
              <>
                {mine?.capped ? (
                  <p class="sec">{mine.pending_until ? rich(t, 'cappedUntil', { day: day(new Date(mine.pending_until)), earned }) : rich(t, 'capped', { earned })}</p>
                ) : (
                  <p class="sec">{t('seenAll')}</p>
                )}
                <p class="small">
                  <a href="/answered">{t('became')}</a>
                </p>
                <InstallNote />
                <p class="small">
                  <a href="/key/notices">{t('beTold')}</a>
                </p>
              </>
            ) : (
              <>
                <p class="sec">{t('nothingYet')}</p>
                <p class="small">
                  <a href="/how">{t('how')}</a>
                </p>
              </>
            )}
          </>
        ) : !online ? (
          <>
            <h1 class="title" ref={heading} tabIndex={-1}>
              {t('noMore')}
            </h1>
            <p class="sec">{t('noMoreWhy')}</p>
            <button type="button" class="btn" onClick={() => void deck.refill()}>
              {t('look')}
            </button>
          </>
        ) : (
          <>
            <h1 class="title" ref={heading} tabIndex={-1}>
              {t('noneToShow')}
            </h1>
            <Trouble error={state.error} again={() => void deck.refill()} />
          </>
        )}
      </main>
      {foot && <section class="thumb">{foot}</section>}
    </>
  )
}
