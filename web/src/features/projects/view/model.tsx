import { useRef, useState } from 'preact/hooks'
import type { Project } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { when } from '../../frame/shared/words'
import { Trouble } from '../../frame/view/parts'
import { mayHelp, modelSays } from '../shared/model'
import { TextField } from './field'
import type { Inside } from './room'

/** How far the model is that helps a project, and a switch; nothing where none can. */
export function ModelCard({ inside }: { inside: Inside }) {
  const { project } = inside
  const status = project.model_status
  if (!status && !mayHelp(project)) return null
  const { word, tone, text, shares, facts, problem } = modelSays(project)
  return (
    <section class="card stack tight" aria-labelledby="model-helps">
      <h2 id="model-helps">
        Model helps <span class={`chip ${tone}`}>{word}</span>
      </h2>
      <p class="small sec" role="status">
        {text}
      </p>
      {shares.map(({ what, have, need }) => (
        <div key={what} class="stack none small">
          <span>
            {what}: {Math.min(have, need).toLocaleString('en')} of {need.toLocaleString('en')}
          </span>
          <span class="track" role="progressbar" aria-label={what} aria-valuemin={0} aria-valuemax={need} aria-valuenow={Math.min(have, need)}>
            <i style={{ '--v': Math.min(1, need > 0 ? have / need : 1) }} />
          </span>
        </div>
      ))}
      {facts.length > 0 && (
        <dl class="facts2 small">
          {facts.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      )}
      {problem && (
        <p class="small bad breaking">
          {problem}
          {status?.switched_off_at && <span class="sec"> {when(status.switched_off_at)}</span>}
        </p>
      )}
      <div class="line tight">
        <Switch inside={inside} />
        {status?.job && (
          <a class="btn slim" href={`/console/jobs/${status.job}`}>
            Its job
          </a>
        )}
        {status?.model_job && (
          <a class="btn slim" href={`/console/jobs/${status.model_job}`}>
            Card of the model
          </a>
        )}
      </div>
    </section>
  )
}

/** Turns the help on or off, after saying what that means. */
function Switch({ inside }: { inside: Inside }) {
  const { project } = inside
  const on = project.model_status !== undefined
  const dialog = useRef<HTMLDialogElement>(null)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [reads, setReads] = useState<'text' | 'image' | 'tabular'>('text')
  const [columns, setColumns] = useState('')
  const names = columns.split(',').map((c) => c.trim()).filter(Boolean)
  const act = async () => {
    setError(undefined)
    setBusy(true)
    try {
      const model_helps = on ? { off: true } : reads === 'tabular' ? { preset: reads, columns: names } : { preset: reads }
      inside.update(await asRequester<Project>(`/v1/projects/${project.id}`, { method: 'PATCH', json: { model_helps } }))
      inside.again()
      dialog.current?.close()
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return (
    <>
      <button type="button" class="btn slim" onClick={() => (setError(undefined), dialog.current?.showModal())}>
        {on ? 'Turn it off' : 'Turn it on'}
      </button>
      <dialog ref={dialog} class="sheet" aria-labelledby="model-title">
        <h2 class="title" id="model-title">
          {on ? 'Ask people alone?' : 'Let a model help?'}
        </h2>
        {on ? (
          <p class="sec">Its word counts in no task that closes from now on, and what is computed for it is cancelled. Tasks that are done stay. Turned on again, it begins anew, with what is labeled by then.</p>
        ) : (
          <>
            <p class="sec">
              Nodes train it from people’s labels, once 200 tasks are labeled. It answers as one more respondent, who is paid nothing and counts as nobody; what its word is worth is measured on known answers and on one task in twenty that people answer all the same. It is switched off by itself when it hurts. Nodes see the texts or pictures of the tasks.
            </p>
            <label class="field">
              <span>What it looks at</span>
              <select class="input" value={reads} onChange={(e) => setReads(e.currentTarget.value as typeof reads)}>
                <option value="text">Texts</option>
                <option value="image">Pictures, scaled to 64 by 64</option>
                <option value="tabular">Numbers in columns</option>
              </select>
            </label>
            {reads === 'tabular' && <TextField id="model-columns" name="Columns of numbers" value={columns} set={setColumns} hint="Tasks are JSON objects: which of their numbers, with commas." />}
          </>
        )}
        {error !== undefined && <Trouble error={error} />}
        <div class="line tight">
          <button type="button" class={on ? 'btn main' : 'btn'} onClick={() => dialog.current?.close()}>
            {on ? 'Let it help' : 'Not now'}
          </button>
          <button type="button" class={on ? 'btn' : 'btn main'} disabled={busy || (!on && reads === 'tabular' && names.length === 0)} onClick={() => void act()}>
            {on ? 'Turn the model off' : 'Turn the model on'}
          </button>
        </div>
      </dialog>
    </>
  )
}
