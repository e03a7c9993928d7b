import { useEffect, useRef, useState } from 'preact/hooks'
import { Unreachable } from '../../api/shared/http'
import type { Change, Dataset, DatasetChange, DatasetDiff, DatasetLabel, Datasets, Project } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { regions } from '../../answering/shared/types'
import { Shown } from '../../answering/view/shown'
import { count, when } from '../../frame/shared/words'
import { save } from '../../frame/view/download'
import { CopyButton, Hash, Trouble, useInterval, useLoad } from '../../frame/view/parts'
import { archived, archives, forms, versionPath, written, type Archive, type Form } from '../shared/datasets'
import { named } from '../shared/types'
import { madeOf } from './datasets'
import { Room } from './room'
import { taskPath } from './tasks'

export default function DatasetPage({ id, version }: { id: string; version: string }) {
  return (
    <Room id={id} at="datasets">
      {({ project }) => <Version key={version} project={project} id={version} />}
    </Room>
  )
}

function Version({ project, id }: { project: Project; id: string }) {
  const { value: d, error, again } = useLoad(() => asRequester<Dataset>(versionPath(id)), [])
  useInterval(() => d?.state === 'sealing' && again(), 1000)
  if (error !== undefined && !(d && error instanceof Unreachable)) return <Trouble error={error} again={again} />
  if (!d) return <div class="bone box" role="status" aria-label="Loading" />
  return (
    <>
      <p class="crumbs small">
        <a href={`/console/projects/${project.id}/datasets`}>All versions</a>
      </p>
      <div class="lead">
        <span class="figure n">
          {d.rows.toLocaleString('en')}
          <small>{d.rows === 1 ? 'task' : 'tasks'}</small>
        </span>
        <span class="small sec" role="status">
          {d.state === 'sealing' ? 'It is being made.' : d.state === 'failed' ? 'It could not be made.' : `sealed ${when(d.sealed_at ?? d.created_at)}`}
        </span>
      </div>
      {d.state === 'failed' && (
        <p class="note wrong" role="alert">
          {d.problem}
        </p>
      )}
      {d.state === 'sealed' && (
        <>
          <div class="cols main-side">
            <Downloads d={d} project={project} />
            <About d={d} project={project} />
          </div>
          <Diff d={d} project={project} />
        </>
      )}
    </>
  )
}

function About({ d, project }: { d: Dataset; project: Project }) {
  return (
    <section class="card stack tight">
      <h2>What it is</h2>
      <dl class="facts2 small">
        <dt>Answer</dt>
        <dd>{named(project.type)}</dd>
        <dt>Labels</dt>
        <dd>{madeOf(d)}</dd>
        {d.reason && (
          <>
            <dt>Why</dt>
            <dd>{d.reason}</dd>
          </>
        )}
        <dt>Id</dt>
        <dd class="fact breaking">{d.id}</dd>
        {d.hash && (
          <>
            <dt>Hash</dt>
            <dd>
              <Hash of={d.hash} name="dataset hash" />
            </dd>
          </>
        )}
        {d.root && (
          <>
            <dt>Root</dt>
            <dd>
              <Hash of={d.root} name="root of its rows" />
            </dd>
          </>
        )}
      </dl>
      <p class="cap">The hash is over the manifest, and with the root over every row: its question, its label, and the answers that the label came from. It stays when a respondent has a typed answer erased; files that are downloaded from then on lack that answer.</p>
      {d.manifest !== undefined && (
        <details class="small">
          <summary>The manifest</summary>
          <pre class="code wrap" tabIndex={0}>
            {JSON.stringify(d.manifest)}
          </pre>
          <CopyButton text={JSON.stringify(d.manifest)} />
        </details>
      )}
    </section>
  )
}

function Downloads({ d, project }: { d: Dataset; project: Project }) {
  const [busy, setBusy] = useState<Form | Archive>()
  const [read, setRead] = useState(0) // rows, or bytes of an archive
  const [error, setError] = useState<unknown>()
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const get = async (form: Form | Archive) => {
    setBusy(form)
    setError(undefined)
    abort.current = new AbortController()
    try {
      if (form in archives) await save(await archived(d, form as Archive, setRead, abort.current.signal), `${d.id}-${form}.zip`)
      else await save(await written(d, form as Form, setRead, abort.current.signal), `${d.id}.${form}`)
    } catch (e) {
      if (!abort.current.signal.aborted) setError(e)
    }
    setBusy(undefined)
  }
  return (
    <section class="card list">
      <h2>Download</h2>
      <ul class="rows downloads">
        {[...(Object.keys(forms) as Form[]), ...(Object.keys(archives) as Archive[])]
          .filter((form) => form !== 'coco' || regions(project.type))
          .map((form) => {
            const { name, says } = form in archives ? archives[form as Archive] : forms[form as Form]
            const far = form in archives ? `${Math.round(read / 1024).toLocaleString('en')} kB` : `${read.toLocaleString('en')} of ${count(d.rows, 'task')}`
            return (
              <li key={form}>
                <span>
                  <b>{name}</b>
                  <span class="cap block" role={busy === form ? 'status' : undefined}>
                    {busy === form ? far : says}
                  </span>
                </span>
                <span class="end">
                  <button type="button" class="btn slim" aria-label={`Download as ${name}`} disabled={busy !== undefined} onClick={() => void get(form)}>
                    Download
                  </button>
                </span>
              </li>
            )
          })}
      </ul>
      {error !== undefined && <Trouble error={error} />}
    </section>
  )
}

const changes: { [change in Change]: string } = { added: 'new', removed: 'gone', relabeled: 'another label', recounted: 'the same label, other figures' }

/** What is different from another version. */
function Diff({ d, project }: { d: Dataset; project: Project }) {
  const others = useLoad(() => asRequester<Datasets>(`/v1/projects/${project.id}/datasets?limit=100`), [])
  const choices = (others.value?.datasets ?? []).filter((o) => o.id !== d.id && o.state === 'sealed')
  const [from, setFrom] = useState('')
  if (choices.length === 0) return null
  return (
    <section class="card stack">
      <div class="line">
        <h2>Differences</h2>
        <label class="line tight end">
          <span class="small">from the version of</span>
          <select class="input inline" value={from} onChange={(e) => setFrom(e.currentTarget.value)}>
            <option value="">choose one</option>
            {choices.map((o) => (
              <option key={o.id} value={o.id}>
                {when(o.created_at)}, {count(o.rows, 'task')}, {madeOf(o)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {from && <Against key={from} d={d} from={from} project={project} />}
    </section>
  )
}

function Against({ d, from, project }: { d: Dataset; from: string; project: Project }) {
  const path = (cursor?: string) => `${versionPath(d.id)}/diff?${new URLSearchParams({ from, limit: '50', ...(cursor && { cursor }) })}`
  const first = useLoad(() => asRequester<DatasetDiff>(path()), [])
  const [more, setMore] = useState<DatasetChange[]>([])
  const [next, setNext] = useState<string>()
  const [error, setError] = useState<unknown>()
  if (!first.value) return first.error === undefined ? <div class="bone row" role="status" aria-label="Loading" /> : <Trouble error={first.error} again={first.again} />
  const all = [...first.value.changes, ...more]
  const cursor = next ?? first.value.next
  if (all.length === 0) return <p class="sec">Every task has the same label from the same answers.</p>
  const older = async () => {
    setError(undefined)
    try {
      const page = await asRequester<DatasetDiff>(path(cursor))
      setMore([...more, ...page.changes])
      setNext(page.next ?? '')
    } catch (e) {
      setError(e)
    }
  }
  return (
    <>
      <table class="table stacked">
        <thead>
          <tr>
            <th>Task</th>
            <th>What changed</th>
            <th>Before</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {all.map((x) => (
            <tr key={x.key}>
              <td class="keycell">
                <a href={taskPath(project.id, x.key)}>{x.key}</a>
              </td>
              <td>{changes[x.change]}</td>
              <td class="said1">
                <Label of={x.from} project={project} />
              </td>
              <td class="said1">
                <Label of={x.to} project={project} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {error !== undefined && <Trouble error={error} />}
      {cursor && (
        <p>
          <button type="button" class="btn slim" onClick={() => void older()}>
            More differences
          </button>
        </p>
      )}
    </>
  )
}

function Label({ of, project }: { of: DatasetLabel | undefined; project: Project }) {
  if (!of) return <span class="sec">–</span>
  return (
    <>
      <Shown of={project} said={of} small /> <span class="cap n">{of.confidence.slice(0, 4)}</span>
    </>
  )
}
