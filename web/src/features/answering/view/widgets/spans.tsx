import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { saying } from '../../../../language/en/saying'
import { back, begin, next, type History } from '../../shared/history'
import { across, codePoints, mark, pieces, trimmed, wordsOf, type Piece } from '../../shared/spans'
import { spansMax } from '../../shared/types'
import type { Span } from '../../shared/values'
import { Icon } from '../../../frame/view/parts'
import { InWords, SendMarks, ToolButton, useClassKeys } from './drawing'
import { Frame, type WidgetProps } from './widget'
import './widgets.css'
import { widgets as t } from '../../../../language/en/widgets'

/** Words of a passage marked with classes: tapped, from the first to the last, or selected with a mouse or with keys. */
export function Spans({ card, words, foot, closed, give, start, keep }: WidgetProps) {
  const { passage = '', choices: classes } = card.assignment.question
  const text = useMemo(() => [...passage], [passage])
  const parts = useMemo(() => wordsOf(passage), [passage])
  const [history, setHistory] = useState<History<Span[]>>(() => begin(Array.isArray(start) ? (start as Span[]) : []))
  const [selection, setSelection] = useState<Piece>()
  const [anchor, setAnchor] = useState<number>() // the word that was tapped first
  const [word, setWord] = useState<number>() // where the keys are
  const [told, setTold] = useState('')
  const block = useRef<HTMLParagraphElement>(null)
  const pressed = useRef(false) // in the passage; a selection may end beside it
  const spans = history.now
  const said = (piece: Piece) => text.slice(piece.start, piece.end).join('')

  const commit = (then: Span[], saying: string) => {
    setHistory((h) => next(h, then))
    setTold(saying)
    keep(then)
  }
  const clear = () => {
    setSelection(undefined)
    setAnchor(undefined)
  }
  const put = (cls: number) => {
    if (!selection || closed) return
    if (spans.length >= spansMax) return setTold(t('mostMarks', { n: spansMax }))
    commit(mark(spans, { class: cls, end: selection.end, start: selection.start }), t('markedAs', { class: classes[cls]!, text: said(selection) }))
    clear()
  }
  const remove = (span: Span) => commit(spans.filter((s) => s !== span), t('removedMark', { class: classes[span.class]!, text: said(span) }))
  const undo = () => {
    const before = back(history)
    setHistory(before)
    keep(before.now)
    setTold(t('undoneNow', { now: saying('marks', { n: before.now.length }) }))
    clear()
  }

  /** The word at a place of the passage, or the nearest one before it. */
  const wordAt = (place: number) => Math.max(0, parts.findLastIndex((w) => w.start <= place))
  const tap = (at: number) => {
    const index = wordAt(at)
    if (!parts[index]) return
    // The first tap takes a word, the second the words up to it, a third begins anew.
    const piece = anchor === undefined ? parts[index] : across(parts, anchor, index)
    setAnchor(anchor === undefined ? index : undefined)
    setSelection(piece)
    setWord(index)
    setTold(t('selected', { text: said(piece) }))
  }
  /** The place in the passage of a place in the page. */
  const placeOf = (node: Node, offset: number): number | undefined => {
    const piece = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>('[data-start]')
    if (!piece || !block.current?.contains(piece)) return undefined
    return Number(piece.dataset.start) + (node.nodeType === Node.TEXT_NODE ? codePoints(node.textContent ?? '', offset) : 0)
  }
  const released = (event: PointerEvent) => {
    if (closed || !pressed.current) return
    pressed.current = false
    const chosen = getSelection()
    if (chosen && !chosen.isCollapsed && chosen.anchorNode && chosen.focusNode) {
      const [a, b] = [placeOf(chosen.anchorNode, chosen.anchorOffset), placeOf(chosen.focusNode, chosen.focusOffset)]
      const piece = a === undefined || b === undefined ? undefined : trimmed(text, { start: Math.min(a, b), end: Math.max(a, b) })
      if (piece) {
        chosen.removeAllRanges()
        setSelection(piece)
        setAnchor(undefined)
        setTold(t('selected', { text: said(piece) }))
        return
      }
    }
    const piece = (event.target as Element).closest<HTMLElement>('[data-start]')
    if (piece && block.current?.contains(piece)) tap(Number(piece.dataset.start))
  }

  const latest = useRef(released)
  latest.current = released
  useEffect(() => {
    const up = (event: PointerEvent) => latest.current(event)
    const lost = () => (pressed.current = false)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', lost)
    return () => {
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', lost)
    }
  }, [])

  const onKey = (event: KeyboardEvent) => {
    if (closed || event.altKey || parts.length === 0) return
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'z') return
      undo()
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const onward = getComputedStyle(block.current!).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight' // as the passage is read
      const to = Math.min(parts.length - 1, Math.max(0, word === undefined ? 0 : word + (event.key === onward ? 1 : -1)))
      const from = event.shiftKey ? (anchor ?? word ?? to) : to
      const piece = across(parts, from, to)
      setWord(to)
      setAnchor(from)
      setSelection(piece)
      setTold(said(piece))
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      const here = word === undefined ? undefined : parts[word]
      const under = here && spans.find((s) => s.start < here.end && s.end > here.start)
      if (under) remove(under)
    } else if (event.key === 'Escape') clear()
    else return
    event.preventDefault()
  }
  useClassKeys(classes.length, put, !selection)

  const cuts = pieces(text.length, [...parts, ...spans, ...(selection ? [selection] : [])])
  const main = (
    <>
      <p
        ref={block}
        class={`passage-marks ${text.length > 280 ? 'reading' : ''}`}
        role="application"
        dir="auto"
        tabIndex={closed ? -1 : 0}
        aria-label={t('passage', { text: passage })}
        aria-describedby="spans-help"
        onPointerDown={() => (pressed.current = true)}
        onKeyDown={onKey}
      >
        {cuts.map((piece) => {
          const over = spans.filter((s) => s.start < piece.end && s.end > piece.start)
          const on = selection && selection.start < piece.end && selection.end > piece.start
          const first = over.at(-1)
          const second = over.at(-2)
          return (
            <span key={piece.start} data-start={piece.start} class={[on ? 'on' : '', first ? `m c${first.class % 5}` : '', second ? `also d${second.class % 5}` : ''].filter(Boolean).join(' ') || undefined}>
              {said(piece)}
            </span>
          )
        })}
      </p>
      <p class="sr" id="spans-help">
        {t('markHelp')}
      </p>
      {spans.length > 0 && (
        <ul class="marks" aria-label={t('marks')}>
          {spans.map((span) => (
            <li key={`${span.class} ${span.start}`} class={`c${span.class % 5}`}>
              {classes.length > 1 && <b>{classes[span.class]}</b>}
              <span class="grow">{said(span)}</span>
              <button type="button" class="toolbtn" aria-label={t('removeMark', { class: classes[span.class]!, text: said(span) })} disabled={closed} onClick={() => remove(span)}>
                <Icon of="cross" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
  return (
    <Frame words={words('passage')} main={main} foot={foot}>
      <InWords told={told} items={[]} />
      <p class="cap centred tipline">{selection ? (anchor === undefined ? t('chooseWhat') : t('chooseOrTap')) : t('tapWords')}</p>
      <div class="marking">
        <div class="classes" role="group" aria-label={t('markAs')}>
          {classes.map((name, i) => (
            <button type="button" key={i} class={`cls c${i % 5}`} aria-keyshortcuts={i < 9 ? String(i + 1) : undefined} disabled={closed || !selection} onClick={() => put(i)}>
              {name}
            </button>
          ))}
        </div>
        <ToolButton icon="undo" name={t('undoStep')} disabled={closed || history.past.length === 0} press={undo} />
      </div>
      <SendMarks any={spans.length > 0} closed={closed} give={give} send={() => give({ value: spans })}>
        {spans.length < 2 ? t('sendMark') : t('sendMarks', { n: spans.length })}
      </SendMarks>
    </Frame>
  )
}
