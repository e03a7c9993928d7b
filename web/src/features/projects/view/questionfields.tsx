import type { Instance } from '../../api/shared/wire'
import { Icon } from '../../frame/view/parts'
import { marks, choicesOf, kinds } from '../shared/types'
import type { Plan, Problems } from '../shared/plan'
import { Hint, TextField } from './field'

export interface Fields {
  plan: Plan
  set: (part: Partial<Plan>) => void
  /** What is wrong, once leaving was tried. */
  told: Problems
}

/** What is asked: the type, the words that all tasks share, and what is chosen from; or a configuration that says it. */
export function QuestionFields({ plan, set, told, limits }: Fields & { limits: Instance['limits'] }) {
  const configured = plan.config.trim() !== ''
  return (
    <>
      {!configured && <TypeFields plan={plan} set={set} told={told} limits={limits} />}
      {configured && <TextField id="text" name="Question" rows={2} class="ask" value={plan.text} set={(text) => set({ text })} problem={told.text} hint="Leave it empty to ask what the configuration says." />}
      <details class="small" open={configured}>
        <summary>From a Label Studio configuration</summary>
        <TextField id="config" name="Configuration" rows={6} value={plan.config} set={(config) => set({ config })} problem={told.config} hint="The XML of its labeling interface. It says the type and the choices, and is checked when the project is made." />
      </details>
    </>
  )
}

function TypeFields({ plan, set, told, limits }: Fields & { limits: Instance['limits'] }) {
  const { most } = choicesOf(plan.type)
  const own = plan.type === 'pair' || plan.type === 'ranking'
  return (
    <>
      <fieldset class="kinds">
        <legend class="sr">What an answer is</legend>
        {kinds.map(({ about, of }) => (
          <div key={about}>
            <p class="small sec">{about}</p>
            <div class="kindset">
              {of.map((k) => (
                <label class="kind" key={k.type}>
                  <input type="radio" name="type" value={k.type} checked={plan.type === k.type} onChange={() => set({ type: k.type, ...(choicesOf(k.type).most > 0 && plan.choices.length === 0 && { choices: ['', ''] }) })} />
                  <b>{k.name}</b>
                  <span class="cap">{k.says}</span>
                </label>
              ))}
            </div>
          </div>
        ))}
      </fieldset>
      <TextField id="text" name="Question" rows={2} class="ask" value={plan.text} set={(text) => set({ text })} problem={told.text} hint="The same for all tasks, in one sentence. Leave it empty when each row of your data has its own." />
      {most > 0 && (
        <div class="field" role="group" aria-label={marks(plan.type) ? 'Classes' : 'Choices'} aria-describedby="choices-hint">
          <span>{marks(plan.type) ? 'Classes' : plan.type === 'scale' ? 'Steps, lowest first' : own ? 'Items' : 'Choices'}</span>
          <ChoiceList plan={plan} set={set} told={told} most={most} />
          <Hint id="choices-hint" problem={told.choices}>
            {own ? 'Leave them empty when each row brings its own, in a column named choices.' : marks(plan.type) ? 'What there is to mark. “Nothing to mark” is always an answer.' : 'Everyone may also say “Can’t tell”.'}
          </Hint>
        </div>
      )}
      {plan.type === 'multiple' && (
        <div class="pair3">
          <TextField id="least" name="At least" mode="numeric" value={plan.least} set={(least) => set({ least })} problem={told.several} hint="of the choices" />
          <TextField id="most" name="At most" mode="numeric" value={plan.most} set={(most) => set({ most })} hint="Empty: all of them." />
        </div>
      )}
      {plan.type === 'number' && (
        <>
          <div class="pair3">
            <TextField id="min" name="Lowest" mode="decimal" value={plan.min} set={(min) => set({ min })} problem={told.number} />
            <TextField id="max" name="Highest" mode="decimal" value={plan.max} set={(max) => set({ max })} />
            <TextField id="decimals" name="Digits after the point" mode="numeric" value={plan.decimals} set={(decimals) => set({ decimals })} />
          </div>
          <TextField id="unit" name="Unit" value={plan.unit} set={(unit) => set({ unit })} hint="Such as kg, or nothing." />
        </>
      )}
      {plan.type === 'text' && <TextField id="length" name="Most characters" mode="numeric" value={plan.length} set={(length) => set({ length })} problem={told.length} hint={`At most ${limits.text_length}. Short answers are compared better.`} />}
    </>
  )
}

function ChoiceList({ plan, set, told, most }: Fields & { most: number }) {
  const word = marks(plan.type) ? 'class' : 'choice'
  const put = (choices: string[]) => set({ choices })
  return (
    <>
      <ul class="stack tight">
        {plan.choices.map((choice, i) => (
          <li class="line nowrap tight" key={i}>
            <span class="cap n ordinal">{i + 1}</span>
            <input class="input" value={choice} aria-label={`${word === 'class' ? 'Class' : 'Choice'} ${i + 1}`} aria-invalid={told.choices !== undefined && (choice.trim() === '' || plan.choices.indexOf(choice) !== i)} onInput={(e) => put(plan.choices.map((c, j) => (j === i ? e.currentTarget.value : c)))} />
            {plan.choices.length > 1 && (
              <button type="button" class="btn bare" aria-label={`Remove ${word} ${i + 1}`} onClick={() => put(plan.choices.filter((_, j) => j !== i))}>
                <Icon of="cross" size={16} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {plan.choices.length < most && (
        <button type="button" class="btn slim self" onClick={() => put([...plan.choices, ''])}>
          <Icon of="plus" size={14} /> Another {word}
        </button>
      )}
    </>
  )
}
