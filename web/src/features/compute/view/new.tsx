import { useEffect, useRef, useState } from 'preact/hooks'
import { Refused } from '../../api/shared/http'
import type { Job, NewJob, Plan, Spec } from '../../api/shared/jobs'
import { asRequester } from '../../console/shared/requester'
import { Desk } from '../../console/view/desk'
import { go } from '../../frame/shared/route'
import { count } from '../../frame/shared/words'
import { Trouble, useCell, useLoad, useTitle } from '../../frame/view/parts'
import { TextField } from '../../projects/view/field'
import { bytes } from '../../projects/shared/upload'
import '../../projects/view/projects.css'
import { hex, random } from '../../proof/shared/bytes'
import { sendArtefact, type Moving } from '../shared/fetching'
import { draft } from '../shared/kept'
import { completed, jobBody, misfit, presetFor, moduleOf, trainedBy, trainedJobs, type Trained, type Wishes } from '../shared/newjob'
import { presets } from '../shared/presets'
import { hashed } from '../shared/reading'
import { judgedBy, large } from '../shared/says'
import { problemOf, specOf, type Field } from '../shared/spec'
import { suits } from '../shared/table'
import { DataFields, type Data } from './datafields'

export default function NewJobPage({ kind, model, own }: { kind: string; model: string | undefined; own: boolean }) {
  return (
    <Desk>
      <Form asked={kind} model={model} own={own} />
    </Desk>
  )
}

const kinds: [string, string, string][] = [
  ['train', 'Train a model', 'It learns from labels'],
  ['evaluate', 'Measure a model', 'How often it is right on labels'],
  ['infer', 'Ask a model', 'What it says of tasks'],
]

const hours: Field = { key: 'hours', name: 'Hours that a part may take', least: 1 / 60, most: 336, empty: '24' }
const partRows: Field = { key: 'part', name: 'Rows in a part, at most', least: 1, most: 5_000_000, whole: true, empty: 'what a node does in a minute' }

/** In place of a job's id, among the models that can be asked. */
const ownModule = 'module'

function Form({ asked, model, own }: { asked: string; model: string | undefined; own: boolean }) {
  const heading = useTitle('New job')
  const [kind, setKind] = useState(kinds.find(([k]) => k === asked)?.[0] ?? 'train')
  const [data, setData] = useState<Data>()
  const [wishes, setWishes] = useState<Wishes>({ title: '', importance: 5, gpu: false, trainer: '', hours: '', partRows: '' })
  const [preset, setPreset] = useState<string | undefined>(own ? 'own' : undefined)
  const [from, setFrom] = useState(model ?? '')
  const [module, setModule] = useState<{ value?: Trained; error?: string }>({})
  const built = useCell(draft)
  const [sending, setSending] = useState<{ what: string } & Moving>()
  const [error, setError] = useState<unknown>()
  const [tried, setTried] = useState(false)
  const under = useRef<AbortController>(undefined)
  const sent = useRef({ json: '', key: '' })
  useEffect(() => () => under.current?.abort(), [])

  const jobs = useLoad((signal) => (kind === 'train' ? Promise.resolve([]) : trainedJobs(signal)), [kind === 'train'])
  const chosen = from || jobs.value?.[0]?.id || (jobs.value && ownModule)
  const asks = useLoad((signal): Promise<Trained | undefined> => (kind === 'train' || !chosen || chosen === ownModule ? Promise.resolve(undefined) : trainedBy(chosen, signal)), [kind === 'train', chosen])
  const trained = kind === 'train' ? undefined : chosen === ownModule ? module.value : asks.value
  const table = data?.table
  const at = preset ?? (table ? suits(table) : 'text')
  const spec: Spec | undefined = kind === 'train' ? table && (at === 'own' ? completed(specOf(built), table) : presetFor(at, table)) : trained?.spec
  const wrong = table && misfit(kind, spec, table)
  const json = kind === 'train' && spec && !wrong ? JSON.stringify(spec) : ''
  const plan = useLoad(async (signal) => (json ? asRequester<Plan>('/v1/plans', { json: { model: JSON.parse(json) as Spec, tasks: table?.labeled }, signal }) : undefined), [json, table?.labeled])

  const title = wishes.title.trim() || data?.files[0]?.file.name.replace(/\.(csv|jsonl)$/i, '') || ''
  const problems = [!table && 'Choose a file first.', wrong && 'The file does not suit it: see there.', table && kind !== 'train' && !spec && 'Choose a model first.', problemOf(hours, wishes.hours), kind === 'infer' && problemOf(partRows, wishes.partRows)].filter(Boolean)

  const submit = async () => {
    setTried(true)
    if (problems.length > 0 || !data || !table || !spec) return
    const abort = (under.current = new AbortController())
    const leaving = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', leaving)
    setError(undefined)
    try {
      const inputs: NewJob['inputs'] = []
      for (const { role, file } of [...data.files, ...(trained?.module ? [{ role: 'script', file: trained.module }] : [])]) {
        const tell = (what: string) => (m: Moving) => setSending({ what: `${what} ${file.name}`, ...m })
        const hashes = await hashed(file, abort.signal, (done) => tell('Reading')({ done, of: file.size, waiting: false }))
        const { id } = await sendArtefact(file, file.name, hashes, abort.signal, tell('Sending'))
        inputs.push({ role, artefact: id, name: file.name })
      }
      const body = jobBody(kind, { ...wishes, title }, spec, trained, table, inputs)
      const text = JSON.stringify(body)
      if (sent.current.json !== text) sent.current = { json: text, key: hex(random(16)) }
      const job = await asRequester<Job>('/v1/jobs', { json: body, headers: { 'Idempotency-Key': sent.current.key }, signal: abort.signal })
      removeEventListener('beforeunload', leaving)
      go(`/console/jobs/${job.id}`)
    } catch (e) {
      if (!abort.signal.aborted) setError(e)
    }
    removeEventListener('beforeunload', leaving)
    setSending(undefined)
  }

  return (
    <>
      <header class="stack none">
        <p class="cap crumbs">
          <a href="/console/jobs">Jobs</a> / New
        </p>
        <h1 class="title" ref={heading} tabIndex={-1}>
          New job
        </h1>
      </header>
      <form
        class="cols main-side"
        onSubmit={(event) => {
          event.preventDefault()
          if (!sending) void submit()
        }}
      >
        <div class="stack loose">
          <div class="kindset" role="radiogroup" aria-label="What is to be done">
            {kinds.map(([id, name, about]) => (
              <label key={id} class="kind">
                <input type="radio" name="kind" value={id} checked={kind === id} onChange={() => setKind(id)} />
                <b>{name}</b>
                <span class="cap">{about}</span>
              </label>
            ))}
          </div>
          <DataFields kind={kind} data={data} set={setData} locked={sending !== undefined} />
          {wrong && (
            <p class="note wrong" role="alert">
              {wrong}
            </p>
          )}
          {kind === 'train' ? (
            <section class="card stack">
              <h2>The model</h2>
              <div class="kindset" role="radiogroup" aria-label="Which model">
                {[...Object.entries(presets).map(([id, p]) => [id, p.name, p.about] as const), ['own', 'My own', 'The one that you built'] as const].map(([id, name, about]) => (
                  <label key={id} class="kind">
                    <input type="radio" name="preset" value={id} checked={at === id} onChange={() => setPreset(id)} />
                    <b>{name}</b>
                    <span class="cap">{about}</span>
                  </label>
                ))}
              </div>
              <p class="small">
                <a href="/console/jobs/model">{at === 'own' ? 'Go on building it' : 'Build your own'}</a>
              </p>
              {plan.value && (
                <p class="small sec" role="status">
                  {large(plan.value.parameters)} parameters, {large(plan.value.multiply_adds)} operations an example, at least {bytes(plan.value.memory_bytes)} of memory to train.
                </p>
              )}
              {plan.value?.judged && <p class="small sec">{judgedBy(plan.value.judged)}</p>}
              {json && plan.error !== undefined && (plan.error instanceof Refused ? <p class="small bad" role="alert">{plan.error.message}</p> : <Trouble error={plan.error} again={plan.again} />)}
            </section>
          ) : (
            <section class="card stack tight">
              <h2>The model</h2>
              {jobs.error !== undefined && <Trouble error={jobs.error} again={jobs.again} />}
              {jobs.value?.length === 0 && !from && <p class="small sec">No job has trained a model yet. Train one first, or take a module of your own.</p>}
              {(jobs.value || from) && (
                <label class="field">
                  <span>Trained by</span>
                  <select class="input" value={chosen} onChange={(e) => setFrom(e.currentTarget.value)}>
                    {from && from !== ownModule && !jobs.value?.some((j) => j.id === from) && <option value={from}>{from}</option>}
                    {jobs.value?.map((j) => (
                      <option key={j.id} value={j.id}>
                        {j.title}
                      </option>
                    ))}
                    <option value={ownModule}>Somebody else: a TorchScript module</option>
                  </select>
                </label>
              )}
              {chosen === ownModule && (
                <label class="field">
                  <span>The module and its spec</span>
                  <input
                    class="input"
                    type="file"
                    multiple
                    accept=".pt,.pth,.json"
                    disabled={sending !== undefined}
                    aria-invalid={module.error !== undefined}
                    onChange={(e) => void moduleOf([...(e.currentTarget.files ?? [])]).then((value) => setModule({ value }), (wrong: Error) => setModule({ error: wrong.message }))}
                  />
                  <span class="cap">Two files, such as net.pt and net.json. Nodes with libtorch alone run it, for no longer than you say under “Which nodes, and how long”.</span>
                </label>
              )}
              {chosen === ownModule && module.error && (
                <p class="small bad breaking" role="alert">
                  {module.error}
                </p>
              )}
              {asks.error !== undefined && <Trouble error={asks.error} again={asks.again} />}
              {spec?.classes && <p class="small sec breaking">It tells {spec.classes.length > 12 ? count(spec.classes.length, 'class', 'classes') : spec.classes.join(', ')} apart.</p>}
            </section>
          )}
        </div>
        <aside class="stack loose">
          <section class="card stack">
            <TextField id="j-title" name="Title" value={wishes.title} set={(title) => setWishes({ ...wishes, title: title.slice(0, 200) })} hint={title && !wishes.title.trim() ? `${title}, if left empty` : 'What you call it'} />
            <label class="field">
              <span>Importance</span>
              <select class="input" value={String(wishes.importance)} onChange={(e) => setWishes({ ...wishes, importance: Number(e.currentTarget.value) })}>
                {Array.from({ length: 10 }, (_, i) => (
                  <option key={i} value={String(i + 1)}>
                    {i + 1}
                    {i === 4 ? ', the usual' : ''}
                  </option>
                ))}
              </select>
              <span class="cap">Of your jobs, those with the greatest go first.</span>
            </label>
            <details class="small" open={tried && (problemOf(hours, wishes.hours) !== undefined || problemOf(partRows, wishes.partRows) !== undefined)}>
              <summary>Which nodes, and how long</summary>
              <div class="stack pad">
                <label class="line tight">
                  <input type="checkbox" class="switch" checked={wishes.gpu} onChange={(e) => setWishes({ ...wishes, gpu: e.currentTarget.checked })} />
                  <span class="small">Only nodes with a GPU</span>
                </label>
                <TextField id="j-trainer" name="Only with the trainer" value={wishes.trainer} set={(trainer) => setWishes({ ...wishes, trainer })} hint="gomlx or torch; left empty: any" />
                <TextField id="j-hours" name={hours.name} mode="decimal" value={wishes.hours} set={(hours) => setWishes({ ...wishes, hours })} problem={problemOf(hours, wishes.hours)} hint="24 if left empty. After it another node begins anew." />
                {kind === 'infer' && <TextField id="j-part" name={partRows.name} mode="numeric" value={wishes.partRows} set={(partRows) => setWishes({ ...wishes, partRows })} problem={problemOf(partRows, wishes.partRows)} hint="Left empty: as many as a node does in about a minute." />}
              </div>
            </details>
            {sending ? (
              <>
                <span class="track" role="progressbar" aria-label={sending.what} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round((100 * sending.done) / Math.max(1, sending.of))}>
                  <i style={{ '--v': sending.done / Math.max(1, sending.of) }} />
                </span>
                <p class="cap breaking" role="status">
                  {sending.waiting ? 'The server does not answer. It goes on by itself. ' : ''}
                  {sending.what}: {bytes(sending.done)} of {bytes(sending.of)}
                </p>
                <button type="button" class="btn" onClick={() => under.current?.abort()}>
                  Stop
                </button>
              </>
            ) : (
              <button type="submit" class="btn main">
                {kinds.find(([k]) => k === kind)![1]}
              </button>
            )}
            {tried && problems.length > 0 && (
              <p class="small bad" role="alert">
                {problems[0]}
              </p>
            )}
            {error !== undefined && <Trouble error={error} />}
            <p class="cap">Nothing is paid for it yet. What arrived of a file stays: choose it again after a break, and only the rest is sent.</p>
          </section>
        </aside>
      </form>
    </>
  )
}
