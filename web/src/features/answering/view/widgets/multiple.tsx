import { useState } from 'preact/hooks'
import { fault, toggle } from '../../shared/selection'
import { arrangement } from '../../shared/text'
import { useKeys } from '../keys'
import { PictureBox } from '../picture'
import { boxFor, Frame, Send, type WidgetProps } from './widget'
import './widgets.css'
import { widgets as t } from '../../../../language/en/widgets'

/** Any of the choices: each is a switch, and the answer goes out by a button of its own. */
export function Multiple({ card, words, foot, closed, give, start, keep, again }: WidgetProps) {
  const { choices, choice_images: images, least = 0, most = choices.length } = card.assignment.question
  const [selected, setSelected] = useState<number[]>(Array.isArray(start) ? (start as number[]) : [])
  const flip = (choice: number) => {
    if (closed) return
    const then = toggle(selected, choice)
    setSelected(then)
    keep(then)
  }
  useKeys((key) => {
    const choice = Number(key) - 1
    if (/^[1-9]$/.test(key) && choice < choices.length) flip(choice)
    else if (key === 'Enter' && !document.activeElement?.matches('button, a')) send()
    else return false
    return true
  })
  const problem = fault(selected.length, least, most)
  const send = () => problem === undefined && !closed && give({ value: selected })
  const button = (choice: number) => (
    <button type="button" class="answer check" key={choice} aria-keyshortcuts={choice < 9 ? String(choice + 1) : undefined} aria-pressed={selected.includes(choice)} disabled={closed} onClick={() => flip(choice)}>
      {choices[choice]}
    </button>
  )
  const few = choices.length <= 4 && !images
  const toggles = images ? (
    <div class="pictured answers" style={{ '--box': boxFor(images) }}>
      {images.map((image, i) => (
        <div key={i}>
          <PictureBox image={image} medium={card.media[image.hash]!} again={again} pick={() => flip(i)} />
          {button(i)}
        </div>
      ))}
    </div>
  ) : (
    <div class={`answers ${few ? arrangement(choices) : 'list third'}`} role="group" aria-label={t('choices')}>
      {choices.map((_, i) => button(i))}
    </div>
  )
  return (
    <Frame words={words()} main={few ? undefined : toggles} foot={foot}>
      {few && toggles}
      <Send ready={problem === undefined && !closed} touched={selected.length > 0} send={send}>
        {problem ?? (selected.length === 0 ? t('sendNone') : t('sendOf', { n: selected.length, all: choices.length }))}
      </Send>
    </Frame>
  )
}
