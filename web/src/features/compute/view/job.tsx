import { useEffect, useState } from 'preact/hooks'
import { Unreachable } from '../../api/shared/http'
import type { Card, Job, JobLease, JobLeases, JobPart, JobParts, Metrics, Serving } from '../../api/shared/jobs'
import type { Amount } from '../../api/shared/wire'
import { asRequester } from '../../console/shared/requester'
import { balance, Desk } from '../../console/view/desk'
import { count, span, when } from '../../frame/shared/words'
import { usePages, type Pages } from '../../frame/view/pages'
import { Hash, Money, Trouble, useCell, useInterval, useLoad, useTitle } from '../../frame/view/parts'
import { micro } from '../../money/shared/amount'
import { bytes } from '../../projects/shared/upload'
import { Plot } from '../../projects/view/plots'
import '../../projects/view/projects.css'
import { curveOf, rows, sentence } from '../shared/curve'
import { fetchArtefact } from '../shared/fetching'
import { caseState, checked, headline, jobState, judgedBy, kindName, quick, share } from '../shared/says'
import { Cancel } from './cancel'
import { Command } from './command'
import { Files, type Made } from './files'
import { Leases, Parts } from './leases'
import { LossPlot } from './lossplot'
import { Measured, Provenance } from './modelcard'

export default function JobPage({ id }: { id: string }) {
  return (
    <Desk>
      <Loaded key={id} id={id} />
    </Desk>
  )
}

const pageSize = 20

function Loaded({ id }: { id: string }) {
  const { value, error, again } = useLoad(() => asRequester<Job>(`/v1/jobs/${id}`), [])
  const [changed, setChanged] = useState<Job>()
  useEffect(() => setChanged(undefined), [value])
  const job = changed ?? value
  const heading = useTitle(job?.title ?? 'Job')
  const page = (cursor: string | undefined) => new URLSearchParams({ limit: String(pageSize), ...(cursor && { cursor }) })
  const leases = usePages(async (cursor, signal) => {
    const { leases, next } = await asRequester<JobLeases>(`/v1/jobs/${id}/leases?${page(cursor)}`, { signal })
    return { items: leases, next }
  }, [])
  const parts = usePages(async (cursor, signal) => {
    const { parts, next } = await asRequester<JobParts>(`/v1/jobs/${id}/parts?${page(cursor)}`, { signal })
    return { items: parts, next }
  }, [])
  // Lists of more pages than one are left as they were read: what one has come down to does not move.
  const renew = () => {
    for (const list of [leases, parts]) if ((list.all?.length ?? 0) <= pageSize) void list.load()
  }
  useInterval(() => {
    if (job?.state !== 'open') return
    again()
    renew()
  }, 2000)
  useEffect(() => {
    if (job && job.state !== 'open') renew()
  }, [job?.state])
  if (error !== undefined && !(job && error instanceof Unreachable)) return <Trouble error={error} again={again} />
  if (!job) return <div class="bone box" role="status" aria-label="Loading" />
  const { word, tone } = jobState(job)
  const asks = job.kind === 'train' && job.state === 'done'
  return (
    <>
      <header class="line phead">
        <div class="stack none">
          <p class="cap crumbs">
            <a href="/console/jobs">Jobs</a> / <span class="fact">{job.id}</span>
          </p>
          <h1 class="title" ref={heading} tabIndex={-1}>
            {job.title} <span class={`chip ${tone}`}>{word}</span>
          </h1>
        </div>
        <div class="line tight end">
          {job.state === 'open' && <Cancel job={job} update={setChanged} />}
          {asks && (
            <>
              <a class="btn" href={`/console/jobs/new?kind=evaluate&model=${job.id}`}>
                Measure it
              </a>
              <a class="btn main" href={`/console/jobs/new?kind=infer&model=${job.id}`}>
                Ask this model
              </a>
            </>
          )}
        </div>
      </header>
      <Standing job={job} leases={leases.all ?? []} />
      {job.serving && <Answers of={job.serving} job={job} />}
      <Result job={job} parts={parts.all ?? []} />
      <Learned job={job} leases={leases.all ?? []} />
      <div class="cols main-side">
        <div class="stack loose">
          <Leases job={job} leases={leases} />
          <Parts job={job} parts={parts} />
        </div>
        <div class="stack loose">
          <Asked job={job} />
          <Pay job={job} />
          <Outputs job={job} parts={parts} />
        </div>
      </div>
    </>
  )
}

/** How far it is, in a figure, a bar and a sentence. */
function Standing({ job, leases }: { job: Job; leases: JobLease[] }) {
  const done = share(job, leases)
  const percent = Math.floor(100 * done)
  return (
    <section class="stack tight" aria-label="Progress">
      <div class="lead">
        <span class="figure n">
          {job.rows > 1 ? job.rows_done.toLocaleString('en') : `${percent} %`}
          <small>{job.rows > 1 ? `of ${job.live ? 'at most ' : ''}${count(job.rows, 'row')}` : job.kind === 'train' && job.state === 'open' ? 'of the most that it may take' : ''}</small>
        </span>
      </div>
      <span class="track big" role="progressbar" aria-label="Done" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <i style={{ '--v': done }} />
      </span>
      <p class="sec" role="status">
        {headline(job, leases)}
      </p>
      {job.state === 'failed' && job.problem && (
        <div class="note wrong" role="alert">
          <p class="breaking">{job.problem}</p>
        </div>
      )}
      {job.state === 'open' && job.parts === 0 && (
        <details class="small">
          <summary>No node takes it?</summary>
          <p class="small sec pad">
            It wants {bytes(job.memory_bytes)} of memory{job.gpu ? ', a GPU' : ''}
            {job.trainer ? `, the trainer ${job.trainer}` : ''} and {bytes(job.disk_bytes)} of disk. Any machine with that can join:
          </p>
          <Command of={`tasknet-node work --server ${location.origin}`} name="Command that makes a machine a node" />
        </details>
      )}
    </section>
  )
}

/** How fast rows are answered, and how to ask. */
function Answers({ of: { nodes, answers, p50_ms, p99_ms }, job }: { of: Serving; job: Job }) {
  return (
    <section class="stack tight" aria-label="Answers">
      <div class="figures">
        <div class="stat">
          <span class="figure n">{nodes}</span>
          <span class="small sec">{nodes === 1 ? 'node serves' : 'nodes serve'}</span>
        </div>
        <div class="stat">
          <span class="figure n">{answers.toLocaleString('en')}</span>
          <span class="small sec">answers in time</span>
        </div>
        <div class="stat">
          <span class="figure n">{answers > 0 ? quick(p50_ms) : '–'}</span>
          <span class="small sec">half took at most</span>
        </div>
        <div class="stat">
          <span class="figure n">{answers > 0 ? quick(p99_ms) : '–'}</span>
          <span class="small sec">99 of 100 took at most</span>
        </div>
      </div>
      {job.state === 'open' && <Command of={`tasknet job ask ${job.id} --server ${location.origin}`} name="Command that asks it" />}
    </section>
  )
}

/** How the loss falls, while a model learns and after. */
function Learned({ job, leases }: { job: Job; leases: JobLease[] }) {
  if (job.kind !== 'train') return null
  const curve = curveOf(leases, job.work.model?.training?.epochs)
  if (!curve) return null
  const table = rows(curve)
  return (
    <Plot title="Loss" says={sentence(curve)} table={table}>
      <LossPlot curve={curve} live={job.state === 'open'} />
    </Plot>
  )
}

/** What a node said of the model: its card after a training, or how it did on labels. */
function Result({ job, parts }: { job: Job; parts: JobPart[] }) {
  const found = parts[0]?.outputs?.find((o) => o.role === 'card' || o.role === 'metrics')
  const { value, error, again } = useLoad(async (signal) => (found && job.state === 'done' ? (JSON.parse(await (await fetchArtefact(found.artefact, signal)).text()) as Card | Metrics) : undefined), [found?.artefact, job.state])
  const classes = job.work.model?.classes
  if (!found || job.state !== 'done' || !classes) return null
  if (error !== undefined) return <Trouble error={error} again={again} />
  if (!value) return <div class="bone box" role="status" aria-label="Loading" />
  if (!('metrics' in value)) return <Measured metrics={value} classes={classes} />
  return (
    <Measured metrics={value.metrics} classes={classes}>
      <Provenance card={value} />
    </Measured>
  )
}

/** What was asked for. */
function Asked({ job }: { job: Job }) {
  const { model, inputs } = job.work
  return (
    <section class="card stack tight">
      <h2>What was asked for</h2>
      <dl class="facts2 small">
        <dt>Kind</dt>
        <dd>{kindName(job.kind)}</dd>
        {model?.classes && (
          <>
            <dt>Tells apart</dt>
            <dd class="breaking">{model.classes.length > 12 ? count(model.classes.length, 'class', 'classes') : model.classes.join(', ')}</dd>
          </>
        )}
        {inputs?.map((f) => (
          <>
            <dt>{f.role === 'script' ? 'Model' : f.role[0]!.toUpperCase() + f.role.slice(1)}</dt>
            <dd class="breaking">
              {f.name} <span class="cap">{f.role === 'script' ? `TorchScript module of ${count(f.bytes, 'byte')}` : bytes(f.bytes)}</span>
              <br />
              <Hash of={f.artefact} name={`artefact of ${f.name}`} />
            </dd>
          </>
        ))}
        <dt>Importance</dt>
        <dd>{job.importance} of 10</dd>
        <dt>Must have</dt>
        <dd>
          {bytes(job.memory_bytes)} of memory{job.gpu ? ', a GPU' : ''}
          {job.trainer ? `, the trainer ${job.trainer}` : ''}
        </dd>
        {job.judged && (
          <>
            <dt>Judged</dt>
            <dd>{judgedBy(job.judged)}</dd>
          </>
        )}
        <dt>A part may take</dt>
        <dd>{span(job.max_seconds)}</dd>
        <dt>Asked for</dt>
        <dd>{when(job.created_at)}</dd>
        {job.ended_at && (
          <>
            <dt>Ended</dt>
            <dd>{when(job.ended_at)}</dd>
          </>
        )}
      </dl>
      {model && (
        <details class="small">
          <summary>The model{model.layers.length > 0 ? `, ${count(model.layers.length, 'layer')}` : ''}</summary>
          <pre class="code" tabIndex={0} role="group" aria-label="Spec of the model">
            {JSON.stringify(model, null, 2)}
          </pre>
          {job.kind === 'train' && <a href={`/console/jobs/model?of=${job.id}`}>Build another from it</a>}
        </details>
      )}
    </section>
  )
}

/** What it pays, where that money is, and what came of checking what is paid for. */
function Pay({ job }: { job: Job }) {
  const symbol = useCell(balance)?.symbol ?? ''
  const { money, cases } = job
  if (micro(job.price) === 0n && !job.min_stake)
    return (
      <section class="card stack tight">
        <h2>Pay</h2>
        <p class="small sec">Nothing: nodes whose owners ask for nothing do it.</p>
      </section>
    )
  const row = (name: string, of: Amount) => (
    <>
      <dt>{name}</dt>
      <dd>
        <Money of={of} symbol={symbol} />
      </dd>
    </>
  )
  return (
    <section class="card stack tight">
      <h2>Pay</h2>
      <dl class="facts2 small">
        {row('Pays', job.price)}
        {row('Fee', job.fee)}
        <dt>Each part is</dt>
        <dd>{job.replicas > 1 ? `done by ${job.replicas} owners, and compared` : 'done once; some are done again in secret'}</dd>
        {job.min_stake && row('Owners stake', job.min_stake)}
        {money && !job.settled_at && row('Set aside', money.held)}
        {money && job.settled_at && row('Paid to owners', money.paid)}
        {money && job.settled_at && row('Came back', money.returned)}
        {job.settled_at ? (
          <>
            <dt>Settled</dt>
            <dd>{when(job.settled_at)}</dd>
          </>
        ) : (
          job.settles_at && (
            <>
              <dt>Paid out</dt>
              <dd>{when(job.settles_at)}, unless a check takes longer</dd>
            </>
          )
        )}
        {job.checks && job.checks.length > 0 && (
          <>
            <dt>Checked</dt>
            <dd>{checked(job.checks).join('; ')}</dd>
          </>
        )}
      </dl>
      {cases && cases.length > 0 && (
        <>
          <h3 class="b small">Cases about stakes</h3>
          <ul class="rows small">
            {cases.map((c) => {
              const { word, tone } = caseState(c.state)
              return (
                <li key={c.number} class="line tight">
                  <span>
                    {c.number}, of part {c.part + 1}: <Money of={c.amount} symbol={symbol} />
                  </span>
                  <span class={`chip flat end ${tone}`}>{word}</span>
                </li>
              )
            })}
          </ul>
          <p class="cap">A result that was refuted: the court may take so much of its owner’s stake, half of it for you.</p>
        </>
      )}
    </section>
  )
}

/** What its parts made, put together by what it is. */
function Outputs({ job, parts }: { job: Job; parts: Pages<JobPart> }) {
  const made = new Map<string, Made>()
  for (const part of parts.all ?? []) {
    for (const o of part.outputs ?? []) {
      const m = made.get(o.role) ?? { role: o.role, files: [] }
      m.files.push(o)
      made.set(o.role, m)
    }
  }
  if (made.size === 0) return null
  return <Files made={[...made.values()]} title={job.title} partial={parts.next !== undefined || job.rows_done < job.rows} />
}

