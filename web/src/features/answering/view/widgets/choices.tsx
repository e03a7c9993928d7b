import { arrangement } from '../../shared/text'
import { useKeys } from '../keys'
import { Frame, type WidgetProps } from './widget'

/** The choices as buttons: a tap is the answer. */
export function Choices(props: WidgetProps) {
  const { card, words, foot } = props
  const { choices, type } = card.assignment.question
  const size = choices.length === 2 ? 'large' : choices.length > 4 ? 'third' : ''
  const wordy = choices.some((c) => c.length > 120) ? 'wordy' : ''
  useChoiceKeys(props)
  return (
    <Frame words={words()} foot={foot} flow={choices.length > 4}>
      <div class={`answers ${type === 'yes_no' ? 'two' : arrangement(choices)} ${size} ${wordy}`}>
        {choices.map((_, i) => (
          <Choice key={i} of={props} choice={i} />
        ))}
      </div>
    </Frame>
  )
}

/** The digits 1 to 9 answer. */
export function useChoiceKeys({ card, give }: WidgetProps): void {
  useKeys((key) => {
    const choice = Number(key) - 1
    if (!/^[1-9]$/.test(key) || choice >= card.assignment.question.choices.length) return false
    give({ choice })
    return true
  })
}

/** One choice as a button. */
export function Choice({ of: { card, closed, give }, choice, shortcut = choice < 9 ? String(choice + 1) : undefined }: { of: WidgetProps; choice: number; shortcut?: string }) {
  return (
    <button type="button" class="answer" aria-keyshortcuts={shortcut} disabled={closed} onClick={() => give({ choice })}>
      <span dir="auto">{card.assignment.question.choices[choice]}</span>
    </button>
  )
}
