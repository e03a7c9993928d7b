import { arrangement } from '../../answering/shared/text'
import { fallback, hint } from '../../answering/shared/types'
import { Mark, Money } from '../../frame/view/parts'
import { plain, typed } from '../../money/shared/amount'
import { choicesOf, marks } from '../shared/types'
import { named, type Plan } from '../shared/plan'

/** A task as a phone will show it, its data left out. */
export function Preview({ plan, symbol }: { plan: Plan; symbol: string }) {
  const price = typed(plan.price)
  const given = plan.type === 'yes_no' ? ['Yes', 'No'] : named(plan)
  const choices = given.length > 0 ? given : choicesOf(plan.type).most > 0 ? ['First', 'Second'] : []
  const least = Number(plan.least) || 0
  const most = plan.most.trim() === '' ? choices.length : Number(plan.most)
  const told = hint({ type: plan.type, text: '', choices, least, most })
  const region = plan.type === 'boxes' || plan.type === 'polygons' || plan.type === 'mask'
  return (
    <aside class="previewside" aria-label="Preview">
      <p class="cap">On a phone, as you type</p>
      <div class="preview" aria-hidden="true">
        <div class="top">
          <Mark />
          <span>
            asked by <b>you</b>
          </span>
          <span class="end nowrap">pays {price === undefined ? '–' : <Money of={plain(price)} symbol={symbol} />}</span>
        </div>
        <div class="previewbody">
          <p class="ask">{plan.text.trim() || fallback({ type: plan.type })}</p>
          {told && <p class="hint">{told}</p>}
          <div class="quote alone small sec">
            <p>{region ? 'The picture of the task' : plan.type === 'spans' ? 'The text of the task' : 'What each row of your data shows: a text, a picture, a clip'}</p>
          </div>
        </div>
        {marks(plan.type) ? (
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
        )}
        <div class="quiet small sec">
          <span>Skip</span>
          <span>Can’t tell</span>
          <span>Report</span>
        </div>
      </div>
    </aside>
  )
}
