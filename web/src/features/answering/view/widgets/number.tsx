import { useRef, useState } from 'preact/hooks'
import { Icon } from '../../../frame/view/parts'
import { read, step } from '../../shared/number'
import { useKeys } from '../keys'
import { useRepeat } from './repeat'
import { Frame, Send, type WidgetProps } from './widget'
import './widgets.css'
import { widgets as t } from '../../../../language/en/widgets'

/** A number in a large field with its unit, checked as it is typed, and a stepper at its sides. */
export function NumberField({ card, words, foot, closed, give, start, keep }: WidgetProps) {
  const range = card.assignment.question.number!
  const [text, setText] = useState(typeof start === 'string' ? start : '')
  const field = useRef<HTMLInputElement>(null)
  const reading = read(text, range)
  const empty = text.trim() === ''
  const set = (to: string) => {
    setText(to)
    const { value } = read(to, range)
    if (value !== undefined) keep(value)
  }
  const send = () => reading.value !== undefined && !closed && give({ value: reading.value })
  const by = (presses: number) => setText((before) => step(before, range, presses))
  // Who begins to type, types here; the key itself reaches the field, which has the focus by then.
  useKeys((key) => {
    if (/^[\d.,-]$/.test(key)) field.current?.focus()
    return false
  })
  const presses = useRepeat<number>((sign, held) => by(sign * (held ? 2 : 1)))
  const unit = range.unit ?? ''
  const withUnit = (value: string) => (unit ? `${value} ${unit}` : value)
  const limits = { from: range.min, to: withUnit(range.max) }
  const bounds = t('bounds', limits)
  return (
    <Frame words={words()} foot={foot}>
      <div class="numeral">
        <button type="button" class="btn" aria-label={t('less')} disabled={closed} {...presses(-1)}>
          <Icon of="minus" />
        </button>
        <span class={`figurefield ${reading.problem && !empty ? 'wrong' : ''}`}>
          <input
            ref={field}
            type="text"
            inputMode={range.decimals > 0 || range.min.startsWith('-') ? 'decimal' : 'numeric'}
            enterkeyhint="send"
            autocomplete="off"
            role="spinbutton"
            aria-label={t('yourNumber', { bounds })}
            aria-valuemin={Number(range.min)}
            aria-valuemax={Number(range.max)}
            aria-valuenow={reading.value === undefined ? undefined : Number(reading.value)}
            aria-valuetext={reading.value === undefined ? t('noneYet') : withUnit(reading.value)}
            aria-invalid={reading.problem !== undefined && !empty}
            aria-describedby="number-told"
            value={text}
            size={Math.max(2, Math.min(12, text.length))}
            disabled={closed}
            onInput={(e) => set(e.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') send()
              else if (event.key === 'ArrowUp') by(1)
              else if (event.key === 'ArrowDown') by(-1)
              else return
              event.preventDefault()
            }}
          />
          {unit && <span class="unit">{unit}</span>}
        </span>
        <button type="button" class="btn" aria-label={t('more')} disabled={closed} {...presses(1)}>
          <Icon of="plus" />
        </button>
      </div>
      <p class={`cap centred ${reading.problem && !empty ? 'bad' : ''}`} id="number-told" aria-live="polite">
        {reading.problem ?? t('boundsLine', limits)}
      </p>
      <Send ready={reading.value !== undefined && !closed} send={send}>
        {reading.value === undefined ? t('send') : t('sendValue', { value: withUnit(reading.value) })}
      </Send>
    </Frame>
  )
}
