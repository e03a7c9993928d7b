import { useRef, useState } from 'preact/hooks'
import { Unreachable } from '../../api/shared/http'
import type { Dataset, Datasets, LabelSource, Project } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { count, when } from '../../frame/shared/words'
import { Hash, Trouble, useInterval } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { hex, random } from '../../proof/shared/bytes'
import { Room } from './room'

export default function DatasetsPage({ id }: { id: string }) {
  return (
    <Room id={id} at="datasets">
      {({ project }) => <List project={project} />}
    </Room>
  )
}

function List({ project }: { project: Project }) {
  const path = `/v1/projects/${project.id}/datasets`
  const { all: versions, next, error, load, change } = usePages(async (cursor, signal) => {
    const page = await asRequester<Datasets>(`${path}?${new URLSearchParams({ limit: '20', ...(cursor && { cursor }) })}`, { signal })
    return { items: page.datasets, next: page.next }
  }, [])
  const sealing = versions?.some((d) => d.state === 'sealing') ?? false
  useInterval(() => sealing && void load(), 1000)
  return (
    <>
      <Seal project={project} path={path} made={(d) => change((before) => [d, ...(before ?? []).filter((v) => v.id !== d.id)])} />
      {error !== undefined && !(versions && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
      {versions === undefined && error === undefined && <div class="bone row" role="status" aria-label="Loading" />}
      {versions && versions.length > 0 && (
        <section class="card list">
          <h2>Versions</h2>
          <table class="table stacked">
            <thead>
              <tr>
                <th>Made</th>
                <th class="r">Tasks</th>
                <th>Labels</th>
                <th class="r">Hash</th>
              </tr>
            </thead>
            <tbody>
              {versions.map((d) => (
                <tr key={d.id}>
                  <td>
                    <a href={`/console/projects/${project.id}/datasets/${d.id}`}>{when(d.created_at)}</a>
                    <span class="cap block fact breaking">{d.id}</span>
                  </td>
                  <td class="r n">{d.rows.toLocaleString('en')}</td>
                  <td>{d.state === 'sealed' ? madeOf(d) : <span class={`chip flat ${d.state === 'failed' ? 'bad' : 'live'}`}>{d.state}</span>}</td>
                  <td class="r">{d.hash && <Hash of={d.hash} name="dataset hash" />}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {next && (
            <p class="older">
              <button type="button" class="btn slim" onClick={() => void load(next)}>
                Older versions
              </button>
            </p>
          )}
        </section>
      )}
    </>
  )
}

/** Where the labels of a version come from, in a few words. */
export function madeOf(d: Pick<Dataset, 'labels' | 'method'>): string {
  return d.labels === 'auto' ? `all answers together${d.method ? ` (${d.method})` : ''}` : 'the verdicts'
}

const sources: [LabelSource, string, string][] = [
  ['auto', 'All answers together', 'Who is right how often is learned from every answer of the project; the method that fits best is chosen, and named.'],
  ['verdicts', 'The verdicts', 'Each task has the label that it closed with.'],
]

function Seal({ project, path, made }: { project: Project; path: string; made: (d: Dataset) => void }) {
  const [source, setSource] = useState<LabelSource>('auto')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const attempt = useRef('')
  const closed = project.tasks.done + project.tasks.ended
  const seal = async () => {
    setError(undefined)
    setBusy(true)
    attempt.current ||= hex(random(16))
    try {
      made(await asRequester<Dataset>(path, { json: { labels: source }, headers: { 'Idempotency-Key': attempt.current } }))
      attempt.current = ''
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  if (closed === 0) {
    return (
      <section class="card empty">
        <p>A version is made of the tasks that are closed, and none is yet. It keeps each label with the answers that it came from, and never changes.</p>
      </section>
    )
  }
  return (
    <section class="card stack">
      <h2>Make a version</h2>
      <p class="small sec">Of the {count(closed, 'task')} that {closed === 1 ? 'is' : 'are'} closed now. It keeps each label with the answers that it came from, has a hash by which anybody can check it, and never changes.</p>
      <div class="kindset two" role="radiogroup" aria-label="Where labels come from">
        {sources.map(([value, name, says]) => (
          <label class="kind" key={value}>
            <input type="radio" name="source" value={value} checked={source === value} onChange={() => ((attempt.current = ''), setSource(value))} />
            <b>{name}</b>
            <span class="cap">{says}</span>
          </label>
        ))}
      </div>
      {error !== undefined && <Trouble error={error} />}
      <button type="button" class="btn main self" disabled={busy} onClick={() => void seal()}>
        Make a version
      </button>
    </section>
  )
}
