import { Unreachable } from '../../api/shared/http'
import type { Job, JobLease, JobPart, WorkReceipt } from '../../api/shared/jobs'
import { shortId, span, when } from '../../frame/shared/words'
import type { Pages } from '../../frame/view/pages'
import { Hash, Trouble } from '../../frame/view/parts'
import { bytes } from '../../projects/shared/upload'
import { leaseState, output, partState, why } from '../shared/says'

/** Who works on a job or did, the newest first, and why it was them. */
export function Leases({ job, leases }: { job: Job; leases: Pages<JobLease> }) {
  const { all, next, error, load } = leases
  return (
    <section class="card list">
      <h2>Who worked on it, and why</h2>
      {error !== undefined && !(all && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
      {all === undefined && error === undefined && <div class="bone row" role="status" aria-label="Loading" />}
      {all?.length === 0 && <p class="small sec pad">Nobody yet. The first node that asks for work and can do it gets it, when it is your turn.</p>}
      {all && all.length > 0 && (
        <ul class="rows long">
          {all.map((l) => (
            <Lease key={l.id} job={job} l={l} />
          ))}
        </ul>
      )}
      {next && (
        <p class="older">
          <button type="button" class="btn slim" onClick={() => void load(next)}>
            Earlier
          </button>
        </p>
      )}
    </section>
  )
}

function Lease({ job, l }: { job: Job; l: JobLease }) {
  const { word, tone } = leaseState(l.state)
  const took = (Date.parse(l.ended_at ?? '') - Date.parse(l.began_at)) / 1000
  return (
    <li class="stack tight">
      <div class="line tight">
        <span class="fact" title={l.node}>
          {shortId(l.node)}
        </span>
        <span class={`chip flat ${tone}`}>{word}</span>
        {job.rows > 1 && (
          <span class="small sec n">
            rows {(l.from_row + 1).toLocaleString('en')} to {l.to_row.toLocaleString('en')}
          </span>
        )}
        <span class="cap end">{Number.isFinite(took) ? `${when(l.began_at)}, for ${span(took)}` : `since ${when(l.began_at)}`}</span>
      </div>
      {l.state === 'running' && l.progress.of > 0 && (
        <span class="track" role="progressbar" aria-label={`Progress of ${shortId(l.node)}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor((100 * l.progress.step) / l.progress.of)}>
          <i style={{ '--v': l.progress.step / l.progress.of }} />
        </span>
      )}
      {l.problem && <p class="small bad breaking">{l.problem}</p>}
      <p class="small sec">
        <span class="sr">Why this node: </span>
        {why(l.why, job).join(' ')}
      </p>
    </li>
  )
}

/** The parts of a job, with what went wrong at them and the receipts of those that are done. */
export function Parts({ job, parts }: { job: Job; parts: Pages<JobPart> }) {
  const { all, next, error, load } = parts
  if (all?.length === 0) return null
  return (
    <section class="card list">
      <h2>{job.rows > 1 ? 'Its parts' : 'What it went through'}</h2>
      {error !== undefined && !(all && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
      {all === undefined && error === undefined && <div class="bone row" role="status" aria-label="Loading" />}
      {all && all.length > 0 && (
        <ul class="rows long">
          {all.map((p) => (
            <Part key={p.number} job={job} p={p} />
          ))}
        </ul>
      )}
      {next && (
        <p class="older">
          <button type="button" class="btn slim" onClick={() => void load(next)}>
            More parts
          </button>
        </p>
      )}
    </section>
  )
}

const codes: { [code: string]: string } = { bad_input: 'files or spec', diverged: 'loss no number', resources: 'too little room', crashed: 'it crashed', lost: 'lost' }

function Part({ job, p }: { job: Job; p: JobPart }) {
  const { word, tone } = partState(p)
  return (
    <li class="stack tight">
      <div class="line tight">
        <span class="small n">{job.rows > 1 ? `Rows ${(p.from_row + 1).toLocaleString('en')} to ${p.to_row.toLocaleString('en')}` : 'All of it'}</span>
        <span class={`chip flat ${tone}`}>{word}</span>
        {p.receipt && <span class="cap end">took {span((p.receipt.ended_ms - p.receipt.began_ms) / 1000)}</span>}
      </div>
      {p.failures?.map((f, i) => (
        <p key={i} class="small breaking">
          <span class="chip flat bad">{codes[f.code] ?? f.code}</span> {f.message}
        </p>
      ))}
      {p.state !== 'done' && (p.checkpoint_step ?? 0) > 0 && <p class="small sec">A checkpoint of step {p.checkpoint_step!.toLocaleString('en')} is kept: if its node vanishes, another goes on from there.</p>}
      {p.receipt && <Receipt r={p.receipt} />}
    </li>
  )
}

/** What a node has signed of its work. */
function Receipt({ r }: { r: WorkReceipt }) {
  return (
    <details class="small">
      <summary>Receipt, signed by the node</summary>
      <dl class="facts2 small pad">
        <dt>Work</dt>
        <dd>
          <Hash of={r.work_sha256} name="hash of the work" />
        </dd>
        <dt>Done by</dt>
        <dd class="breaking">
          {r.trainer}, <span class="fact">{r.code}</span>, on {r.class}
        </dd>
        <dt>When</dt>
        <dd>
          {when(new Date(r.began_ms).toISOString())}, for {span((r.ended_ms - r.began_ms) / 1000)} by the node’s clock
        </dd>
        {r.outputs.map((o) => (
          <>
            <dt>{output(o.role).file}</dt>
            <dd>
              <Hash of={o.artefact} name={`artefact of ${output(o.role).file}`} /> <span class="cap">{bytes(o.bytes)}</span>
            </dd>
          </>
        ))}
        <dt>Lease</dt>
        <dd>
          <Hash of={r.lease} name="lease" />
        </dd>
        <dt>Signature</dt>
        <dd>
          <Hash of={r.signature} name="signature" />
        </dd>
      </dl>
      <p class="cap">It says who did what, with which program and when. It does not show that what was made is right.</p>
    </details>
  )
}
