import { arrangement } from '../../answering/shared/text'
import { fallback, hint, regions } from '../../answering/shared/types'
import { PhonePreview } from '../../frame/view/preview'
import { choicesOf, marks } from '../shared/types'
import { named, type Plan } from '../shared/plan'

/** A task as a phone will show it, its data left out. */
export function Preview({ plan, symbol }: { plan: Plan; symbol: string }) {
  const given = plan.type === 'yes_no' ? ['Yes', 'No'] : named(plan)
  const choices = given.length > 0 ? given : choicesOf(plan.type).most > 0 ? ['First', 'Second'] : []
  const least = Number(plan.least) || 0
  const most = plan.most.trim() === '' ? choices.length : Number(plan.most)
  const told = hint({ type: plan.type, text: '', choices, least, most })
  const answers = marks(plan.type) ? (
    <p class="line tight pad">
      {choices.map((c, i) => (
        <span class="chip" key={i}>
          {c}
        </span>
      ))}
    </p>
  ) : choices.length > 0 ? (
    <div class={`answers ${arrangement(choices)}`}>
      {choices.slice(0, 6).map((c, i) => (
        <span class="answer" key={i}>
          {c}
        </span>
      ))}
    </div>
  ) : (
    <p class="input sec">{plan.type === 'number' ? `${plan.min} to ${plan.max} ${plan.unit}` : 'typed'}</p>
  )
  return (
    <PhonePreview price={plan.price} symbol={symbol} answers={answers}>
      <p class="ask">{plan.text.trim() || fallback({ type: plan.type })}</p>
      {told && <p class="hint">{told}</p>}
      <div class="quote alone small sec">
        <p>{regions(plan.type) ? 'The picture of the task' : plan.type === 'spans' ? 'The text of the task' : 'What each row of your data shows: a text, a picture, a clip'}</p>
      </div>
    </PhonePreview>
  )
}
