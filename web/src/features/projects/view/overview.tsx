import { useState } from 'preact/hooks'
import type { Project } from '../../api/shared/projects'
import { rule } from '../../console/shared/live'
import { balance } from '../../console/view/desk'
import { Foretold } from '../../console/view/foretold'
import { count, span, when } from '../../frame/shared/words'
import { Money, useCell } from '../../frame/view/parts'
import { micro, sum } from '../../money/shared/amount'
import { says, shown } from '../shared/guide'
import { headline, moves } from '../shared/progress'
import { named } from '../shared/types'
import { GuideSheet } from './guidesheet'
import { ModelCard } from './model'
import { Cancel, Pause, Reopen, Resume } from './move'
import { Room, type Inside } from './room'
import { Strokes } from './strokes'

export default function ProjectPage({ id }: { id: string }) {
  const symbol = useCell(balance)?.symbol ?? ''
  return (
    <Room id={id} at="" actions={(inside) => <Actions inside={inside} symbol={symbol} />}>
      {({ project, ...inside }) => <Overview inside={{ project, ...inside }} symbol={symbol} />}
    </Room>
  )
}

function Actions({ inside, symbol }: { inside: Inside; symbol: string }) {
  const { project } = inside
  const can = moves(project)
  return (
    <>
      <a class="btn" href={`/console/projects/${project.id}/edit`}>
        Edit
      </a>
      {can.pause && <Pause inside={inside} />}
      {can.cancel && <Cancel inside={inside} symbol={symbol} />}
      {can.reopen && <Reopen inside={inside} symbol={symbol} />}
      {can.resume && !project.problem ? (
        <Resume inside={inside} />
      ) : (
        project.status !== 'cancelled' && (
          <a class="btn main" href={`/console/projects/${project.id}/imports`}>
            Add tasks
          </a>
        )
      )}
    </>
  )
}

function Overview({ inside, symbol }: { inside: Inside; symbol: string }) {
  const { project } = inside
  const { tasks } = project
  const spent = sum(project.paid, project.fees)
  const closed = tasks.done + tasks.ended
  return (
    <>
      {project.problem && <Stuck inside={inside} />}
      <section class="stack tight" aria-label="Progress">
        {tasks.all > 0 && (
          <div class="lead">
            <span class="figure n">
              {tasks.done.toLocaleString('en')}
              <small>of {tasks.all.toLocaleString('en')} done</small>
            </span>
            {tasks.ended > 0 && tasks.open > 0 && <b class="small bad">{tasks.ended.toLocaleString('en')} ended without enough answers</b>}
          </div>
        )}
        <Strokes tasks={tasks} />
        <p class="sec" role="status">
          {headline(project)}
          {project.imports > 0 && (
            <>
              {' '}
              <a href={`/console/projects/${project.id}/imports`}>{count(project.imports, 'import is', 'imports are')} under way</a>.
            </>
          )}
        </p>
      </section>
      {tasks.all === 0 && project.imports === 0 && project.status !== 'cancelled' && (
        <section class="card empty">
          <p>Bring its data in as a file, or paste some rows. Each row becomes a task: one question to people.</p>
          <a class="btn main" href={`/console/projects/${project.id}/imports`}>
            Add tasks
          </a>
        </section>
      )}
      {tasks.all > 0 && (
        <section class="figures" aria-label="Sums">
          <div class="stat">
            <span class="figure n">{project.answers.toLocaleString('en')}</span>
            <span class="small sec">answers in closed tasks</span>
          </div>
          <div class="stat">
            <span class="figure n">{closed > 0 ? (project.answers / closed).toFixed(1) : '–'}</span>
            <span class="small sec">answers a task</span>
          </div>
          <div class="stat">
            <span class="figure n">
              <Sum of={spent} symbol={symbol} />
            </span>
            <span class="small sec">spent, with fees</span>
          </div>
          <div class="stat">
            <span class="figure n">
              <Sum of={BigInt(tasks.open) * micro(project.hold)} symbol={symbol} />
            </span>
            <span class="small sec">at most set aside for open tasks</span>
          </div>
        </section>
      )}
      {tasks.open > 0 && <Foretold key={tasks.open} of={{ project_id: project.id, open: true }} />}
      <div class="cols main-side">
        <section class="card stack tight">
          <h2>How it asks</h2>
          <p class="ask small-ask">{project.text || 'Each task brings its own question.'}</p>
          <dl class="facts2 small">
            <dt>Answer</dt>
            <dd class="breaking">
              {named(project.type)}
              {project.choices.length > 0 && <span class="sec">: {project.choices.join(', ')}</span>}
              {project.number && (
                <span class="sec">
                  : {project.number.min} to {project.number.max} {project.number.unit}
                </span>
              )}
            </dd>
            <dt>Rule</dt>
            <dd>{rule(project.quorum)} for each task</dd>
            <dt>Pay</dt>
            <dd>
              <Money of={project.price} symbol={symbol} /> an answer, and <Money of={project.fee} symbol={symbol} /> fee
            </dd>
            {Number(project.difficulty_rate) > 0 && (
              <>
                <dt>Pay now</dt>
                <dd>
                  <Money of={project.price_now} symbol={symbol} /> <span class="cap block">by how hard its tasks are: {Math.round(Number(project.difficulty_rate) * 10_000) / 100} % more for each further answer</span>
                </dd>
              </>
            )}
            <dt>Known tasks</dt>
            <dd>{Math.round(Number(project.gold_rate) * 10_000) / 100} % of what somebody gets</dd>
            <dt>For one person</dt>
            <dd>{project.most_per_person > 0 ? `at most ${count(project.most_per_person, 'task')}` : 'any number of tasks'}</dd>
            <dt>Deadline</dt>
            <dd>{span(project.deadline_seconds)} after a task is asked</dd>
            <dt>Languages</dt>
            <dd>{project.languages.join(', ') || 'any'}</dd>
            <dt>Begun</dt>
            <dd>{when(project.created_at)}</dd>
          </dl>
        </section>
        <div class="stack">
          <ModelCard inside={inside} />
          <GuideCard project={project} />
        </div>
      </div>
    </>
  )
}

function Sum({ of, symbol }: { of: bigint; symbol: string }) {
  const [whole, frac] = [of / 1_000_000n, (of % 1_000_000n).toString().padStart(6, '0')]
  return (
    <>
      {whole.toLocaleString('en')}.{frac.replace(/0{1,4}$/, '')}
      <small>{symbol}</small>
    </>
  )
}

/** What keeps a project's work from going on, and the way to mend it. */
function Stuck({ inside }: { inside: Inside }) {
  const { problem } = inside.project
  const poor = problem === 'insufficient_funds'
  return (
    <div class="note wrong" role="alert">
      <p>
        {poor ? 'The balance does not cover what its tasks may cost, so that its work stands still.' : 'Its work stands still.'} <code>{problem}</code>
      </p>
      <div class="line tight">
        {poor && (
          <a class="btn" href="/console/money">
            Deposit
          </a>
        )}
        <Resume inside={inside} word="Go on" />
      </div>
    </div>
  )
}

/** The guide, as respondents see it. */
function GuideCard({ project }: { project: Project }) {
  const [open, setOpen] = useState(false)
  const guide = shown(project)
  const none = !says(guide)
  return (
    <section class="card stack tight">
      <h2>What respondents read</h2>
      {none ? (
        <p class="small sec">There is no guide: people begin at once. A few sentences and two examples make answers agree more.</p>
      ) : (
        <p class="small sec">
          {project.instructions ? 'Instructions' : 'No instructions'}, {count(project.examples.length, 'example')}. It opens before somebody’s first task.
        </p>
      )}
      <div class="line tight">
        {!none && (
          <button type="button" class="btn slim" onClick={() => setOpen(true)}>
            See the guide
          </button>
        )}
        <a class="btn slim" href={`/console/projects/${project.id}/edit`}>
          {none ? 'Write one' : 'Change it'}
        </a>
      </div>
      {open && <GuideSheet guide={guide} word="Close" close={() => setOpen(false)} />}
    </section>
  )
}
