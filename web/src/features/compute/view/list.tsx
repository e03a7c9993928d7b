import { Unreachable } from '../../api/shared/http'
import type { Job, Jobs, JobState } from '../../api/shared/jobs'
import { asRequester } from '../../console/shared/requester'
import { Desk } from '../../console/view/desk'
import { go, place } from '../../frame/shared/route'
import { when } from '../../frame/shared/words'
import { usePages } from '../../frame/view/pages'
import { Trouble, useCell, useInterval, useTitle } from '../../frame/view/parts'
import '../../projects/view/projects.css'
import { jobState, kindName } from '../shared/says'
import { Command } from './command'

const filters: [JobState | '', string][] = [
  ['', 'All'],
  ['open', 'Open'],
  ['done', 'Done'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
]

export default function JobsPage() {
  return (
    <Desk>
      <List />
    </Desk>
  )
}

const pageSize = 20

function List() {
  const heading = useTitle('Jobs')
  const path = useCell(place)
  const asked = new URLSearchParams(path.split('?')[1]).get('state') ?? ''
  const state = filters.find(([value]) => value === asked)?.[0] ?? ''
  const { all: jobs, next, error, load } = usePages(async (cursor, signal) => {
    const page = await asRequester<Jobs>(`/v1/jobs?${new URLSearchParams({ limit: String(pageSize), ...(state && { state }), ...(cursor && { cursor }) })}`, { signal })
    return { items: page.jobs, next: page.next }
  }, [state])
  // Jobs move while nodes work. More pages than one are left as they were read.
  useInterval(() => jobs && jobs.length <= pageSize && void load(), 4000)

  if (jobs?.length === 0 && state === '') return <Begin heading={heading} />
  const open = jobs?.filter((j) => j.state === 'open').length ?? 0
  return (
    <>
      <header class="line">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {jobs === undefined || (state !== '' && state !== 'open') ? 'Your jobs' : open === 0 ? 'No job is open.' : `${open}${next ? ' or more' : ''} ${open === 1 ? 'job is' : 'jobs are'} open.`}
        </h1>
        <div class="line tight end">
          <a class="btn" href="/console/jobs/model">
            Build a model
          </a>
          <a class="btn main" href="/console/jobs/new">
            New job
          </a>
        </div>
      </header>
      <section class="card list" aria-label="Jobs">
        <div class="line tight filters" role="group" aria-label="Which jobs">
          {filters.map(([value, word]) => (
            <button key={value} type="button" class="chip" aria-pressed={state === value} onClick={() => go(value ? `/console/jobs?state=${value}` : '/console/jobs')}>
              {word}
            </button>
          ))}
        </div>
        {error !== undefined && !(jobs && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
        {jobs === undefined && error === undefined && (
          <div class="stack" role="status" aria-label="Loading">
            {[1, 2, 3, 4, 5].map((n) => (
              <div key={n} class="bone row" />
            ))}
          </div>
        )}
        {jobs?.length === 0 && (
          <div class="empty">
            <p>No {state} jobs.</p>
          </div>
        )}
        {jobs && jobs.length > 0 && (
          <table class="table stacked">
            <thead>
              <tr>
                <th>Job</th>
                <th>Progress</th>
                <th>State</th>
                <th class="r">Importance</th>
                <th class="r">Asked for</th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((j) => (
                <Row key={j.id} j={j} />
              ))}
            </tbody>
          </table>
        )}
        {next && (
          <p class="older">
            <button type="button" class="btn slim" onClick={() => void load(next)}>
              Older jobs
            </button>
          </p>
        )}
      </section>
    </>
  )
}

function Row({ j }: { j: Job }) {
  const { word, tone } = jobState(j)
  return (
    <tr>
      <td class="q">
        <a href={`/console/jobs/${j.id}`}>{j.title}</a>
        <span class="cap block">{kindName(j.kind)}</span>
      </td>
      <td>
        <Progress j={j} />
      </td>
      <td>
        <span class={`chip flat ${tone}`}>{word}</span>
      </td>
      <td class="r n wide-only">
        {j.importance} of 10
      </td>
      <td class="r sec">{when(j.created_at)}</td>
    </tr>
  )
}

/** How much of a job in parts is done. Others are done at once, and their page tells how far they are. */
function Progress({ j }: { j: Job }) {
  if (j.rows <= 1) return <span class="cap">one part</span>
  return (
    <span class="line nowrap conf">
      <span class="track" aria-hidden="true">
        <i style={{ '--v': j.rows_done / j.rows }} />
      </span>
      <span class="cap">
        {j.rows_done.toLocaleString('en')} of {j.rows.toLocaleString('en')} rows
      </span>
    </span>
  )
}

/** What is said to who has no jobs: what one is, and who would do it. */
function Begin({ heading }: { heading: (node: HTMLElement | null) => void }) {
  return (
    <div class="empty begin">
      <h1 class="title" ref={heading} tabIndex={-1}>
        You have no jobs yet.
      </h1>
      <p class="sec">A job has a model trained from labels, measured on labels, or asked about tasks. Nodes do it: machines whose owners let them compute for this server.</p>
      <div class="line tight">
        <a class="btn main" href="/console/jobs/new">
          New job
        </a>
        <a class="btn" href="/console/jobs/model">
          Build a model
        </a>
      </div>
      <section class="stack tight">
        <h2>Who computes</h2>
        <p class="small sec">Any machine that can reach this server becomes a node by one command. It only calls out, so it works behind any router.</p>
        <Command of={`tasknet-node work --server ${location.origin}`} name="Command that makes a machine a node" />
        <h2>From a shell</h2>
        <Command of="tasknet job train posts.csv --preset text -o model" name="Command that has a model trained" />
      </section>
    </div>
  )
}
