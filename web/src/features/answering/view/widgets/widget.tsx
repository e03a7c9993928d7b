import type { ComponentChildren } from 'preact'
import type { Canonical } from '../../../proof/shared/canonical'
import type { Image, Said } from '../../../api/shared/wire'
import type { Card } from '../../shared/deck'
import { answering as t } from '../../../../language/en/answering'

/** What every widget gets: a question, where its words and the foot of the page go, and how an answer is given. */
export interface WidgetProps {
  card: Card
  /** The question as it is shown, less what the widget shows itself. */
  words: (without?: 'image' | 'passage') => ComponentChildren
  foot: ComponentChildren
  /** What was drawn or typed before. */
  start: Canonical | undefined
  /** Set while no answer can be given: the question or its picture is another one. */
  closed: boolean
  give: (said: Said) => void
  /** Notes what is drawn or typed, so that it is there again. */
  keep: (value: Canonical) => void
  again: () => void
}

/** The page around a widget: the question and what is answered on above, under the thumb what is pressed. */
export function Frame({ words, main, foot, flow = false, children }: { words: ComponentChildren; main?: ComponentChildren; foot: ComponentChildren; flow?: boolean; children?: ComponentChildren }) {
  return (
    <>
      <main>
        {words}
        {main}
      </main>
      <section class={`thumb ${flow ? 'flow' : ''}`} aria-label={t('answers')}>
        {children}
        {foot}
      </section>
    </>
  )
}

/** Width over height of the box that all of these pictures are shown in, the same for each, so that none looks more important. */
export function boxFor(images: Image[]): number {
  return Math.min(1.6, Math.max(0.62, Math.min(...images.map((i) => i.width / i.height))))
}

/**
 * The button that gives the answer, and beside it one that says there is nothing to mark. It is not marigold while
 * nobody has done anything: an empty answer is not to be the easy one.
 */
export function Send({ children, ready, touched = true, send, none }: { children: ComponentChildren; ready: boolean; touched?: boolean; send: () => void; none?: { label: string; ready: boolean; send: () => void } }) {
  return (
    <div class="send">
      {none && (
        <button type="button" class="btn" disabled={!none.ready} onClick={none.send}>
          {none.label}
        </button>
      )}
      <button type="button" class={`btn ${touched ? 'main' : ''}`} disabled={!ready} onClick={send}>
        {children}
      </button>
    </div>
  )
}
