import { useState } from 'preact/hooks'
import { Icon } from '../../../frame/view/parts'
import { useKeys } from '../keys'
import { Choice } from './choices'
import { Frame, Send, type WidgetProps } from './widget'
import './widgets.css'
import { widgets as t } from '../../../../language/en/widgets'

/** More steps than this are stepped through; fewer are all shown. */
const shown = 10

/** Steps in ascending order: all in a row where they are short, one under the other where they are words, a stepper where they are many. */
export function Scale(props: WidgetProps) {
  const { card, words, foot, give } = props
  const { choices } = card.assignment.question
  const many = choices.length > shown
  // A scale of digits is answered by the digit that is read, others by the place.
  const digits = choices.some((c) => /^\d$/.test(c))
  const keyOf = (choice: number) => (digits ? (/^\d$/.test(choices[choice]!) ? choices[choice] : undefined) : choice < 9 ? String(choice + 1) : undefined)
  useKeys((key) => {
    const choice = many ? -1 : choices.findIndex((_, i) => keyOf(i) === key)
    if (choice < 0) return false
    give({ choice })
    return true
  })
  if (many) return <Stepper {...props} />
  const short = choices.every((c) => [...c].length <= 3)
  return (
    <Frame words={words()} foot={foot} flow={!short && choices.length > 5}>
      <div class={`answers ${short ? 'steps' : 'list third rising'}`} style={{ '--n': choices.length, '--half': Math.ceil(choices.length / 2) }}>
        {choices.map((label, choice) => (
          <Choice key={label} of={props} choice={choice} shortcut={keyOf(choice)} />
        ))}
      </div>
    </Frame>
  )
}

function Stepper({ card, words, foot, closed, give, start, keep }: WidgetProps) {
  const { choices } = card.assignment.question
  const last = choices.length - 1
  const [at, setAt] = useState(typeof start === 'number' ? start : Math.floor(last / 2))
  const [touched, setTouched] = useState(typeof start === 'number')
  const set = (to: number) => {
    const place = Math.min(last, Math.max(0, to))
    setAt(place)
    setTouched(true)
    keep(place)
  }
  return (
    <Frame words={words()} foot={foot}>
      <div class="stepper">
        <button type="button" class="btn" aria-label={t('lower')} disabled={at === 0} onClick={() => set(at - 1)}>
          <Icon of="minus" />
        </button>
        <output>{choices[at]}</output>
        <button type="button" class="btn" aria-label={t('higher')} disabled={at === last} onClick={() => set(at + 1)}>
          <Icon of="plus" />
        </button>
        <input class="range" type="range" min="0" max={last} value={at} aria-label={t('scale')} aria-valuetext={choices[at]} style={{ '--v': at / last }} onInput={(e) => set(Number(e.currentTarget.value))} />
        <span class="ends cap">
          <span>{choices[0]}</span>
          <span>{choices[last]}</span>
        </span>
      </div>
      <Send ready={touched && !closed} send={() => give({ choice: at })}>
        {t('sendValue', { value: choices[at]! })}
      </Send>
    </Frame>
  )
}
