import { useState } from 'preact/hooks'
import { ContentFields } from '../../console/view/content'
import type { Image } from '../../api/shared/wire'
import { asRequester } from '../../console/shared/requester'
import { Icon, Trouble } from '../../frame/view/parts'
import type { PlannedExample } from '../shared/plan'
import { Hint, TextField } from './field'
import type { Fields } from './questionfields'

const examplesMax = 20

/** What respondents read before they begin: name, instructions, examples. */
export function GuideFields({ plan, set, told }: Fields) {
  const put = (i: number, part: Partial<PlannedExample>) => set({ examples: plan.examples.map((e, j) => (j === i ? { ...e, ...part } : e)) })
  return (
    <>
      <TextField id="name" name="Name" value={plan.name} set={(name) => set({ name })} problem={told.name} hint="Respondents see it above the guide." />
      <TextField id="instructions" name="Instructions" rows={7} class="instructions" value={plan.instructions} set={(instructions) => set({ instructions })} problem={told.instructions} hint="What to look for, and what to do when in doubt. Lines that begin with - make a list, with # a heading." />
      <div class="field" role="group" aria-label="Examples" aria-describedby="examples-hint">
        <span>Examples</span>
        {plan.examples.map((e, i) => (
          <section class="example" key={i} aria-label={`Example ${i + 1}`}>
            <div class="line nowrap tight">
              <div class="seg" role="group" aria-label="What it shows">
                <button type="button" aria-pressed={e.good} onClick={() => put(i, { good: true })}>
                  Good
                </button>
                <button type="button" aria-pressed={!e.good} onClick={() => put(i, { good: false })}>
                  Not like this
                </button>
              </div>
              <button type="button" class="btn bare slim end" aria-label={`Remove example ${i + 1}`} onClick={() => set({ examples: plan.examples.filter((_, j) => j !== i) })}>
                <Icon of="cross" size={16} />
              </button>
            </div>
            <ExamplePicture example={e} set={(image) => put(i, { image })} />
            <label class="field">
              <span>Text of the task</span>
              <textarea class="input" rows={2} value={e.text} aria-invalid={told.examples !== undefined && e.text.trim() === '' && e.image === ''} onInput={(event) => put(i, { text: event.currentTarget.value })} />
            </label>
            <label class="field">
              <span>{e.good ? 'The answer' : 'The wrong answer'}</span>
              <input class="input" value={e.answer} aria-invalid={told.examples !== undefined && e.answer.trim() === ''} onInput={(event) => put(i, { answer: event.currentTarget.value })} />
            </label>
            <label class="field">
              <span>Why</span>
              <textarea class="input" rows={2} value={e.why} onInput={(event) => put(i, { why: event.currentTarget.value })} />
            </label>
          </section>
        ))}
        {plan.examples.length < examplesMax && (
          <button type="button" class="btn slim self" onClick={() => set({ examples: [...plan.examples, { good: true, text: '', image: '', answer: '', why: '' }] })}>
            <Icon of="plus" size={14} /> {plan.examples.length === 0 ? 'An example' : 'Another example'}
          </button>
        )}
        <Hint id="examples-hint" problem={told.examples}>
          Two or three of the hard cases help more than twenty easy ones.
        </Hint>
      </div>
      <TextField id="languages" name="Languages" value={plan.languages} set={(languages) => set({ languages })} problem={told.languages} hint="That respondents should read, such as en, pt-BR. Empty: any." />
      <ContentFields marks={plan} set={set} />
    </>
  )
}

function ExamplePicture({ example, set }: { example: PlannedExample; set: (image: string) => void }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const send = async (file: File) => {
    setError(undefined)
    setBusy(true)
    try {
      set((await asRequester<Image>('/v1/media', { body: file, headers: { 'Content-Type': file.type || 'application/octet-stream' } })).hash)
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return (
    <div class="field">
      <span>Picture of the task</span>
      {example.image ? (
        <span class="line nowrap tight">
          <img class="thumbnail large" src={`/media/${example.image}`} alt="The picture of this example" />
          <button type="button" class="btn slim" onClick={() => set('')}>
            Remove the picture
          </button>
        </span>
      ) : (
        <input class="input" type="file" accept="image/png,image/jpeg,image/gif,image/webp" aria-label="Picture of the task" disabled={busy} onChange={(e) => e.currentTarget.files?.[0] && void send(e.currentTarget.files[0])} />
      )}
      {error !== undefined && <Trouble error={error} />}
    </div>
  )
}
