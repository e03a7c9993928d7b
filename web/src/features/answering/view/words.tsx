import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Audio } from '../../api/shared/wire'
import type { Card, Medium } from '../shared/deck'
import { split } from '../shared/text'
import { fallback, hint } from '../shared/types'
import { Warned } from './warned'
import { PictureBox } from './picture'

/** What is asked, and the words to read. */
export function texts({ text, passage, ...content }: Card['assignment']['question']): { ask: string; passage: string } {
  const parts = passage ? { ask: text.trim(), passage } : split(text)
  return { ask: parts.ask || fallback(content), passage: parts.passage }
}

interface Props {
  card: Card
  heading: (node: HTMLElement | null) => void
  again: () => void
  /** What the widget shows itself. */
  without?: 'image' | 'passage'
}

/** The question: what is asked, the picture, the clip and the passage. */
export function Words({ card, heading, again, without }: Props) {
  const { question } = card.assignment
  const { ask, passage } = texts(question)
  const { image, audio } = question
  const alone = !image && !passage && !audio && !question.choice_images && question.type !== 'ranking'
  const told = hint(question)
  if (alone) {
    return (
      <div class="quote alone">
        <h1 class={`ask ${ask.length > 160 ? 'long' : ''}`} ref={heading} tabIndex={-1} dir="auto">
          {ask}
        </h1>
        {told && <p class="hint">{told}</p>}
        <Warned of={question.warnings} />
      </div>
    )
  }
  return (
    <>
      <div class="asked">
        <h1 class={`ask ${ask.length > 120 ? 'long' : ''}`} ref={heading} tabIndex={-1} dir="auto">
          {ask}
        </h1>
        {told && <p class="hint">{told}</p>}
        <Warned of={question.warnings} />
      </div>
      {image && without !== 'image' && <PictureBox image={image} medium={card.media[image.hash]!} again={again} shortcut />}
      {audio && <Clip clip={audio} medium={card.media[audio.hash]!} again={again} />}
      {passage && without !== 'passage' && (
        <blockquote class={`quote ${passage.length > 280 ? 'reading' : ''}`}>
          <p dir="auto">{passage}</p>
        </blockquote>
      )}
    </>
  )
}

interface ClipProps {
  clip: Audio
  medium: Medium
  again: () => void
}

/** The player of a clip, which is fetched when there is one to play. */
function Clip(props: ClipProps) {
  const [found, setFound] = useState<{ Player: FunctionComponent<ClipProps> }>()
  useEffect(() => {
    void import('./player').then(({ Player }) => setFound({ Player }), () => undefined)
  }, [])
  return found ? <found.Player {...props} /> : <div class="bone row" aria-busy="true" />
}
