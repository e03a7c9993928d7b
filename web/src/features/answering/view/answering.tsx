import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { asRespondent, instance, registered, signer } from '../../identity/shared/session'
import { keep, kept } from '../../../outbox/database'
import * as office from '../../../outbox/office'
import { reachable } from '../../api/shared/http'
import type { Assignment, Assignments, SkipReason } from '../../api/shared/wire'
import { me, onHand, refreshMe } from '../../frame/shared/people'
import { settings } from '../../frame/shared/settings'
import { Mark, Money, Trouble, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Deck, type Card } from '../shared/deck'
import { dropPictures, picture } from '../shared/pictures'
import { arrangement, split } from '../shared/text'
import { PictureBox } from './picture'
import { Toast } from './toast'

interface SavedDeck {
  cards: Assignment[]
  instance: string
}

const deck = new Deck({
  take: (count) => asRespondent<Assignments>('/v1/assignments', { json: { count } }),
  skip: (id, reason) => asRespondent<void>(`/v1/assignments/${id}/skip`, { json: { reason } }),
  instance,
  isAsHashed: async (here, assignment) => (await signer()).isAsHashed(here, assignment.question),
  picture,
  dropPictures,
  unsent: () => new Set(office.unsent.value.map((a) => a.assignment)),
  save: (cards, id) => keep('deck', { cards, instance: id } satisfies SavedDeck),
  saved: () => kept<SavedDeck>('deck'),
  now: Date.now,
})

/** How long a tapped answer is shown before the next question takes its place. */
const showChosenMs = 420

/** An answer that can still be undone. */
export interface Given {
  card: Card
  label: string
  until: number
  seconds: number
}

/** The page where questions are answered. */
export default function Answering() {
  const cards = useCell(deck.cards)
  const state = useCell(deck.state)
  const outcome = useCell(office.lastOutcome)
  const [chosen, setChosen] = useState<{ id: string; choice: number }>()
  const [given, setGiven] = useState<Given>()
  const [held, setHeld] = useState<Card>() // the answered card, shown until the next one takes its place
  const [notice, setNotice] = useState<{ text: string; code?: string }>()
  const [failure, setFailure] = useState<unknown>()
  const heading = useTitle('Questions')
  const here = useLoad(() => instance(), [])
  const symbol = useCell(me)?.symbol ?? here.value?.token.symbol

  useEffect(() => {
    void deck.open()
    void refreshMe()
    const seen = () => document.hidden || (void deck.refill(), void refreshMe())
    window.addEventListener('focus', seen)
    return () => window.removeEventListener('focus', seen)
  }, [])

  // Questions come and go; with nothing to answer, it asks again, ever more slowly.
  const empties = useRef(0)
  useInterval(() => {
    if (cards.length > 0) empties.current = 0
    else if (state !== 'asking' && [1, 2, 4, 7, 11].includes(empties.current++ % 12)) void deck.refill()
  }, 2500)

  useEffect(() => {
    if (!outcome) return
    if (outcome.kind === 'accepted' && !outcome.answer.proven) setNotice({ text: 'The server’s receipt for an answer does not check out. It is kept on this phone; tell the operator.', code: 'receipt_mismatch' })
    if (outcome.kind === 'refused') {
      const { code } = outcome.error
      setNotice(code === 'question_closed' ? { text: `“${brief(outcome.answer.text)}” closed before your answer arrived, so it is not paid.${deck.cards.value.length > 0 ? ' Here is the next.' : ''}` } : { text: `${outcome.error.message} Your answer “${outcome.answer.label}” was not taken.`, code })
      void deck.refill()
    }
  }, [outcome])

  useEffect(() => onHand.set(cards.length), [cards.length])

  const card = held ?? cards[0]
  const leaving = useRef(0)

  const give = useCallback(
    async (choice: number) => {
      if (!card || chosen || !isAnswerable(card)) return
      setChosen({ id: card.assignment.id, choice })
      setNotice(undefined)
      setFailure(undefined)
      setHeld(card)
      try {
        const identity = await registered()
        const here = await instance()
        const { question } = card.assignment
        const now = Date.now()
        const seconds = settings.value.undo
        const until = now + seconds * 1000
        const signed = await (await signer()).answer(identity, {
          instance: here.instance,
          respondent: identity.registration!.respondent,
          assignment: card.assignment.id,
          question,
          choice,
          now,
          release_ms: until,
        })
        await office.post(signed)
        if (seconds > 0) setGiven({ card, label: question.choices[choice]!, until, seconds })
        deck.pass(card)
        leaving.current = window.setTimeout(() => {
          setHeld(undefined)
          setChosen(undefined)
        }, showChosenMs)
      } catch (error) {
        setFailure(error)
        setHeld(undefined)
        setChosen(undefined)
      }
    },
    [card, chosen],
  )

  const undo = useCallback(async () => {
    if (!given) return
    setGiven(undefined)
    if (!(await office.undo(given.card.assignment.id))) {
      setNotice({ text: 'It was sent already, so it is final.' })
      return
    }
    clearTimeout(leaving.current) // or it would end the showing of what is answered next
    setHeld(undefined)
    setChosen(undefined)
    deck.back(given.card)
  }, [given])

  const skip = useCallback(
    (reason: SkipReason) => {
      if (!card || chosen) return
      setNotice(undefined)
      deck.skip(card, reason)
    },
    [card, chosen],
  )

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
      const key = event.key.toLowerCase()
      if (/^[1-9]$/.test(key) && card && Number(key) <= card.assignment.question.choices.length) void give(Number(key) - 1)
      else if (key === 'u') void undo()
      else if (key === 's') skip('none')
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [card, give, undo, skip])

  return (
    <Phone>
      {card ? (
        <>
          <header class="top">
            <Mark />
            <span class="asker">
              asked by <b>{card.assignment.question.asked_by}</b>
            </span>
            {card.assignment.question.sample && !/sample/i.test(card.assignment.question.asked_by) && <span class="chip">sample</span>}
            <span class="end nowrap">
              {symbol && (
                <>
                  pays <Money of={card.assignment.question.price} symbol={symbol} />
                </>
              )}
            </span>
          </header>
          <Question card={card} heading={heading} />
          <section class={`thumb ${card.assignment.question.choices.length > 4 ? 'flow' : ''}`} aria-label="Answers">
            {failure !== undefined && <Trouble error={failure} />}
            <Choices card={card} chosen={chosen?.id === card.assignment.id ? chosen.choice : undefined} give={give} />
            <Foot notice={notice} clear={() => setNotice(undefined)} given={given} over={() => setGiven(undefined)} undo={undo} skip={skip} disabled={chosen !== undefined} />
          </section>
        </>
      ) : (
        <Without state={state} heading={heading} notice={notice} given={given} over={() => setGiven(undefined)} undo={undo} />
      )}
    </Phone>
  )
}

function brief(text: string): string {
  const { ask } = split(text)
  return ask.length > 48 ? `${ask.slice(0, 46)}…` : ask || 'The picture'
}

function isAnswerable(card: Card): boolean {
  return card.sound && card.picture.state !== 'wrong' && card.picture.state !== 'failed'
}

function Question({ card, heading }: { card: Card; heading: (node: HTMLElement | null) => void }) {
  const { question } = card.assignment
  const { ask, passage } = split(question.text)
  if (!card.sound) {
    return (
      <main>
        <div class="note wrong" role="alert">
          <h1 class="b" ref={heading} tabIndex={-1}>
            This question was changed on its way.
          </h1>
          <p>What arrived is not what its requester asked: the fingerprint is another one. It cannot be answered from this phone. Skip it, and tell the operator if it happens again.</p>
          <p class="fact">{question.id}</p>
        </div>
      </main>
    )
  }
  const alone = !question.image && !passage
  return (
    <main>
      {!alone && (
        <h1 class={`ask ${ask.length > 120 ? 'long' : ''}`} ref={heading} tabIndex={-1}>
          {ask || 'What do you see?'}
        </h1>
      )}
      {question.image && <PictureBox image={question.image} picture={card.picture} again={() => void deck.reload(card)} />}
      {passage && (
        <blockquote class="quote">
          <p>{passage}</p>
        </blockquote>
      )}
      {alone && (
        <div class="quote alone">
          <h1 class={`ask ${ask.length > 160 ? 'long' : ''}`} ref={heading} tabIndex={-1}>
            {ask}
          </h1>
        </div>
      )}
    </main>
  )
}

function Choices({ card, chosen, give }: { card: Card; chosen: number | undefined; give: (choice: number) => void }) {
  const { choices } = card.assignment.question
  if (!card.sound) return null
  const size = choices.length === 2 ? 'large' : choices.length > 4 ? 'third' : ''
  return (
    <div class={`answers ${arrangement(choices)} ${size}`}>
      {choices.map((label, i) => (
        <button type="button" class="answer" key={`${card.assignment.id}-${i}`} aria-keyshortcuts={i < 9 ? String(i + 1) : undefined} aria-pressed={chosen === i} disabled={!isAnswerable(card) || (chosen !== undefined && chosen !== i)} onClick={() => give(i)}>
          {label}
        </button>
      ))}
    </div>
  )
}

interface FootProps {
  notice: { text: string; code?: string } | undefined
  clear: () => void
  given: Given | undefined
  over: () => void
  undo: () => void
  skip: (reason: SkipReason) => void
  disabled: boolean
}

/** The quiet row, or what takes its place: the toast with Undo, or what became of an answer. */
function Foot({ notice, clear, given, over, undo, skip, disabled }: FootProps) {
  if (notice) {
    return (
      <div class="slot">
        <div class="toast" role="alert">
          <span>
            {notice.text} {notice.code && <code>{notice.code}</code>}
          </span>
          <button type="button" onClick={clear}>
            OK
          </button>
        </div>
      </div>
    )
  }
  if (given) return <Toast given={given} over={over} undo={undo} />
  return (
    <div class="quiet">
      <button type="button" disabled={disabled} onClick={() => skip('none')}>
        Skip
      </button>
      <button type="button" disabled={disabled} onClick={() => skip('unclear')}>
        I can’t tell
      </button>
      <button type="button" disabled={disabled} onClick={() => skip('broken')}>
        Report
      </button>
    </div>
  )
}

/** The page while there is no question: asking, nothing there, or an error. */
function Without({ state, heading, notice, given, over, undo }: { state: Deck['state']['value']; heading: (node: HTMLElement | null) => void; notice: FootProps['notice']; given: Given | undefined; over: () => void; undo: () => void }) {
  const online = useCell(reachable)
  const answered = (useCell(me)?.answered ?? 0) + useCell(office.unsent).length
  const foot = given && <Toast given={given} over={over} undo={undo} />
  if (state === 'asking' || state === 'ready') {
    return (
      <>
        <header class="top">
          <Mark />
          <span>Looking for a question</span>
        </header>
        <main aria-busy="true">
          <h1 class="sr" ref={heading} tabIndex={-1}>
            Looking for a question
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
          Key and settings
        </a>
      </header>
      <main class="empty">
        {notice && (
          <p class="note" role="status">
            {notice.text} {notice.code && <code>{notice.code}</code>}
          </p>
        )}
        {state === 'empty' ? (
          <>
            <h1 class="title" ref={heading} tabIndex={-1}>
              No questions now.
            </h1>
            {answered > 0 ? (
              <>
                <p class="sec">You have seen all there is for you. This page looks again by itself, and shows the next one as soon as it is there.</p>
                <p class="small">
                  <a href="/answered">What became of your answers</a>
                </p>
              </>
            ) : (
              <>
                <p class="sec">There is nothing for you to answer at the moment. This page looks again by itself, and shows your first question as soon as it is there.</p>
                <p class="small">
                  <a href="/how">How it works</a>
                </p>
              </>
            )}
          </>
        ) : !online ? (
          <>
            <h1 class="title" ref={heading} tabIndex={-1}>
              No more questions on this phone.
            </h1>
            <p class="sec">More come when you are back online. What you have answered is safe.</p>
            <button type="button" class="btn" onClick={() => void deck.refill()}>
              Look again
            </button>
          </>
        ) : (
          <>
            <h1 class="title" ref={heading} tabIndex={-1}>
              No question to show.
            </h1>
            <Trouble error={state.error} again={() => void deck.refill()} />
          </>
        )}
      </main>
      {foot && <section class="thumb">{foot}</section>}
    </>
  )
}
