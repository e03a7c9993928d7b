import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { length, plainText } from '../../shared/plain'
import { number } from '../../../../language/format'
import { Frame, Send, type WidgetProps } from './widget'
import './widgets.css'
import { widgets as t } from '../../../../language/en/widgets'
import { rich } from '../../../../language/rich'

/** What a text may have where the question does not say. */
const usual = 200

/** A short text, with its count. */
export function TextField({ card, words, foot, closed, give, start, keep }: WidgetProps) {
  const most = card.assignment.question.length ?? usual
  const [text, setText] = useState(typeof start === 'string' ? start : '')
  const plain = plainText(text)
  const used = length(plain)
  const over = used > most
  const ready = used > 0 && !over && !closed
  const told = { used: <span class="n">{number(used)}</span>, most: number(most), sr: (inner: ComponentChildren) => <span class="sr">{inner}</span> }
  const send = () => ready && give({ value: plain })
  return (
    <Frame words={words()} foot={foot}>
      <div class="writing">
        <label class="sr" for="written">
          {t('yourAnswer')}
        </label>
        <textarea
          id="written"
          dir="auto"
          class="input"
          rows={most <= 60 ? 1 : 3}
          value={text}
          disabled={closed}
          aria-invalid={over}
          aria-describedby="written-count"
          onInput={(e) => {
            setText(e.currentTarget.value)
            keep(e.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey || most <= 60)) return
            event.preventDefault()
            send()
          }}
        />
        <p class={`cap end ${over ? 'bad' : ''}`} id="written-count">
          {over ? rich(t, 'usedOver', { ...told, over: used - most }) : rich(t, 'used', told)}
        </p>
      </div>
      <Send ready={ready} send={send}>
        {t('send')}
      </Send>
    </Frame>
  )
}
