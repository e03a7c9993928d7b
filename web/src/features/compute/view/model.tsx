import { useEffect, useRef, useState } from 'preact/hooks'
import type { Job, Plan, Spec } from '../../api/shared/jobs'
import { Refused } from '../../api/shared/http'
import { asRequester } from '../../console/shared/requester'
import { Desk } from '../../console/view/desk'
import { go } from '../../frame/shared/route'
import { download } from '../../frame/view/download'
import { CopyButton, Trouble, useCell, useTitle } from '../../frame/view/parts'
import '../../projects/view/projects.css'
import { draft as cell, keepDraft } from '../shared/kept'
import { presets } from '../shared/presets'
import { BadSpec, draftOf, isWritten, layerProblem, planned, readSpec, specOf, type Draft } from '../shared/spec'
import { ClassFields, InputFields, LearningFields } from './modelfields'
import { Layers } from './layers'
import { Cost } from './cost'

export default function ModelPage({ of }: { of: string | undefined }) {
  return (
    <Desk>
      <Builder of={of} />
    </Desk>
  )
}

/** What the server says of a spec as it is now. */
export interface Checked {
  plan?: Plan
  error?: unknown
  /** It was changed since, and is looked at. */
  busy: boolean
}

const calmMs = 250

/** Has the server check a draft whenever it has not changed for a moment. */
function useCheck(d: Draft): Checked {
  const [checked, set] = useState<Checked>({ busy: true })
  const text = JSON.stringify(planned(specOf(d)).spec)
  const written = isWritten(d)
  useEffect(() => {
    const abort = new AbortController()
    if (!written) {
      set({ busy: false })
      return undefined
    }
    set((before) => ({ ...before, busy: true }))
    const timer = setTimeout(() => {
      asRequester<Plan>('/v1/plans', { json: { model: JSON.parse(text) as Spec }, signal: abort.signal }).then(
        (plan) => set({ plan, busy: false }),
        (error: unknown) => abort.signal.aborted || set({ error, busy: false }),
      )
    }, calmMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text, written])
  return checked
}

function Builder({ of }: { of: string | undefined }) {
  const heading = useTitle('Build a model')
  const d = useCell(cell)
  const checked = useCheck(d)
  const [error, setError] = useState<unknown>()
  // The model of a job is taken over once, and the address says then that it is one's own.
  useEffect(() => {
    if (!of) return
    asRequester<Job>(`/v1/jobs/${of}`).then((job) => {
      if (job.work.model) keepDraft(draftOf(job.work.model))
      go('/console/jobs/model', true)
    }, setError)
  }, [of])
  const refused = checked.error instanceof Refused && checked.error.code === 'bad_spec' ? checked.error.message : undefined
  const problem = refused === undefined ? undefined : layerProblem(refused, d.layers.length)
  const { assumed } = planned(specOf(d))
  return (
    <>
      <header class="line phead">
        <div class="stack none">
          <p class="cap crumbs">
            <a href="/console/jobs">Jobs</a> / Model
          </p>
          <h1 class="title" ref={heading} tabIndex={-1}>
            Build a model
          </h1>
        </div>
        <div class="line tight end">
          <a class="btn main" href="/console/jobs/new?kind=train&spec=own">
            Train it
          </a>
        </div>
      </header>
      {error !== undefined && <Trouble error={error} />}
      <div class="cols main-side">
        <div class="stack loose">
          <Presets />
          <section class="card stack">
            <h2>What it looks at</h2>
            <InputFields d={d} set={keepDraft} />
          </section>
          <Layers d={d} set={keepDraft} plan={checked.plan} problem={problem} />
          <section class="card stack">
            <h2>How it learns</h2>
            <LearningFields d={d} set={keepDraft} />
          </section>
          <section class="card stack">
            <h2>What it tells apart</h2>
            <ClassFields d={d} set={keepDraft} />
          </section>
        </div>
        <aside class="stack loose previewside">
          <Cost checked={checked} written={isWritten(d)} refused={refused} beside={problem !== undefined} layer={problem?.layer} assumed={assumed} />
          <Exchange d={d} plan={checked.plan} />
        </aside>
      </div>
    </>
  )
}

function Presets() {
  const [said, setSaid] = useState('')
  return (
    <section class="card stack tight">
      <h2>Begin with</h2>
      <div class="kindset">
        {Object.entries(presets).map(([id, { name, about, spec }]) => (
          <button
            key={id}
            type="button"
            class="kind"
            onClick={() => {
              keepDraft(draftOf(spec))
              setSaid(`The model is the one for ${name.toLowerCase()} now.`)
            }}
          >
            <b>{name}</b>
            <span class="cap">{about}</span>
          </button>
        ))}
      </div>
      <p class="sr" role="status">
        {said}
      </p>
    </section>
  )
}

/** The spec as a file, out and in. */
function Exchange({ d, plan }: { d: Draft; plan: Plan | undefined }) {
  const [problem, setProblem] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const text = JSON.stringify(specOf(d), null, 2)
  const take = async (file: File) => {
    try {
      setProblem('')
      keepDraft(draftOf(readSpec(file.size > 1 << 20 ? '' : await file.text())))
    } catch (error) {
      setProblem(error instanceof BadSpec ? error.message : 'The file cannot be read.')
    }
    input.current!.value = ''
  }
  return (
    <section class="card stack tight">
      <h2>As a file</h2>
      <p class="small sec">The same spec that the command line takes with --spec.</p>
      <div class="line tight">
        <button type="button" class="btn slim" onClick={() => void download('model.json', 'application/json', text)}>
          Save
        </button>
        <CopyButton text={text} />
      </div>
      <label class="field">
        <span>Read one</span>
        <input ref={input} class="input" type="file" accept=".json,application/json" aria-describedby="read-hint" aria-invalid={problem !== ''} onChange={(e) => e.currentTarget.files?.[0] && void take(e.currentTarget.files[0])} />
        <span class={`cap ${problem ? 'bad' : ''}`} id="read-hint" role={problem ? 'alert' : undefined}>
          {problem || 'It takes the place of what is here.'}
        </span>
      </label>
      <details class="small">
        <summary>Look at it</summary>
        <pre class="code" tabIndex={0} role="group" aria-label="Spec of the model">
          {plan ? JSON.stringify({ ...plan.model, classes: specOf(d).classes }, null, 2) : text}
        </pre>
      </details>
    </section>
  )
}
