import { Unreachable } from '../../api/shared/http'
import type { Project, Projects, ProjectStatus } from '../../api/shared/projects'
import { asRequester } from '../../console/shared/requester'
import { balance, Desk } from '../../console/view/desk'
import { go, place } from '../../frame/shared/route'
import { count, when } from '../../frame/shared/words'
import { Money, Trouble, useCell, useInterval, useTitle } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { sum } from '../../money/shared/amount'
import { state } from '../shared/progress'
import { named } from '../shared/types'
import { Strokes } from './strokes'
import './projects.css'

const filters: [ProjectStatus | '', string][] = [
  ['', 'All'],
  ['running', 'Running'],
  ['paused', 'Paused'],
  ['completed', 'Completed'],
  ['cancelled', 'Cancelled'],
]

export default function ProjectsPage() {
  return (
    <Desk>
      <List />
    </Desk>
  )
}

const pageSize = 20

function List() {
  const heading = useTitle('Projects')
  const path = useCell(place)
  const status = (new URLSearchParams(path.split('?')[1]).get('status') ?? '') as ProjectStatus | ''
  const symbol = useCell(balance)?.symbol ?? ''

  const { all: projects, next, error, load } = usePages(async (cursor, signal) => {
    const page = await asRequester<Projects>(`/v1/projects?${new URLSearchParams({ limit: String(pageSize), ...(status && { status }), ...(cursor && { cursor }) })}`, { signal })
    return { items: page.projects, next: page.next }
  }, [status])
  // The counts move while people answer. More pages than one are left as they were read.
  useInterval(() => projects && projects.length <= pageSize && void load(), 5000)

  const empty = projects?.length === 0 && status === ''
  if (empty) return <Begin heading={heading} />
  const running = projects?.filter((p) => p.status === 'running').length ?? 0
  return (
    <>
      <header class="line">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {projects === undefined || status !== '' ? 'Your projects' : running === 0 ? 'No project is running.' : `${running}${next ? ' or more' : ''} ${running === 1 ? 'project is' : 'projects are'} running.`}
        </h1>
        <a class="btn main end" href="/console/projects/new">
          New project
        </a>
      </header>
      <section class="card list">
        <div class="line tight filters" role="group" aria-label="Which projects">
          {filters.map(([value, word]) => (
            <button type="button" class="chip" aria-pressed={status === value} onClick={() => go(value ? `/console/projects?status=${value}` : '/console/projects')}>
              {word}
            </button>
          ))}
        </div>
        {error !== undefined && !(projects && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
        {projects === undefined && error === undefined && (
          <div class="stack" role="status" aria-label="Loading">
            {[1, 2, 3, 4, 5].map(() => (
              <div class="bone row" />
            ))}
          </div>
        )}
        {projects?.length === 0 && (
          <div class="empty">
            <p>No {status} projects.</p>
          </div>
        )}
        {projects && projects.length > 0 && (
          <table class="table stacked">
            <thead>
              <tr>
                <th>Project</th>
                <th>Tasks done</th>
                <th class="r">Spent</th>
                <th>State</th>
                <th class="r">Begun</th>
              </tr>
            </thead>
            <tbody>
              {projects.map((p) => (
                <Row key={p.id} p={p} symbol={symbol} />
              ))}
            </tbody>
          </table>
        )}
        {next && (
          <p class="older">
            <button type="button" class="btn slim" onClick={() => void load(next)}>
              Older projects
            </button>
          </p>
        )}
      </section>
    </>
  )
}

function Row({ p, symbol }: { p: Project; symbol: string }) {
  const { word, tone } = state(p)
  return (
    <tr>
      <td class="q">
        <a href={`/console/projects/${p.id}`}>{p.name}</a>
        <span class="cap block say">{named(p.type)}</span>
      </td>
      <td>
        {p.tasks.all > 0 ? (
          <span class="line">
            <Strokes tasks={p.tasks} short />
            <span class="cap n">
              {p.tasks.done.toLocaleString('en')} of {p.tasks.all.toLocaleString('en')}
            </span>
          </span>
        ) : (
          <span class="cap">{p.imports > 0 ? 'coming in' : 'none yet'}</span>
        )}
      </td>
      <td class="r">
        <Money of={sum(p.paid, p.fees)} symbol={symbol} />
      </td>
      <td>
        <span class={`chip flat ${tone}`}>{word}</span>
        {p.imports > 0 && <span class="chip">{count(p.imports, 'import')}</span>}
      </td>
      <td class="r sec">{when(p.created_at)}</td>
    </tr>
  )
}

/** What is said to who has no project. */
function Begin({ heading }: { heading: (node: HTMLElement | null) => void }) {
  return (
    <div class="empty begin">
      <h1 class="title" ref={heading} tabIndex={-1}>
        You have no projects yet.
      </h1>
      <p class="sec">A project asks one question of many rows of data: 50 pictures, or 500,000 sentences. People answer, the answers become labels, and the labels a dataset that says where each of them came from.</p>
      <a class="btn main" href="/console/projects/new">
        Begin a project
      </a>
      <p class="small sec">
        For a single question, <a href="/ask">ask it alone</a>.
      </p>
    </div>
  )
}
