import { Unreachable } from '../../api/shared/http'
import type { Project, Report } from '../../api/shared/projects'
import type { Question, SkipReason } from '../../api/shared/wire'
import { Shown } from '../../answering/view/shown'
import { asRequester } from '../../console/shared/requester'
import { balance } from '../../console/view/desk'
import { count, shortId, span } from '../../frame/shared/words'
import { shown } from '../../money/shared/amount'
import { Money, Tally, Trouble, useCell, useLoad } from '../../frame/view/parts'
import { placeOf, span as numbers } from '../shared/plots'
import { Bars, Calibration, Heat, Plot } from './plots'
import { Room } from './room'
import { taskPath } from './tasks'

export default function QualityPage({ id }: { id: string }) {
  return (
    <Room id={id} at="quality">
      {({ project }) => <Loaded project={project} />}
    </Room>
  )
}

function Loaded({ project }: { project: Project }) {
  const closed = project.tasks.done + project.tasks.ended
  const { value, error, again } = useLoad(() => asRequester<Report>(`/v1/projects/${project.id}/report`), [closed])
  if (error !== undefined && !(value && error instanceof Unreachable)) return <Trouble error={error} again={again} />
  if (!value) return <div class="bone box" role="status" aria-label="Loading" />
  if (closed > 0) return <Page project={project} report={value} />
  return (
    <>
      <section class="card empty">
        <p>No task is closed yet. Once some are, this page tells how much people agree, how good they are, and which tasks they disagree on.</p>
      </section>
      <GivenBack project={project} report={value} />
    </>
  )
}

function Page({ project, report: r }: { project: Project; report: Report }) {
  const symbol = useCell(balance)?.symbol ?? ''
  return (
    <>
      <section class="figures" aria-label="In short">
        {r.agreement ? <Stat figure={r.agreement.krippendorff_alpha.toFixed(2)} word="agreement, by Krippendorff’s alpha: 1 is perfect, 0 is chance" /> : r.likeness ? <Stat figure={r.likeness.mean.toFixed(2)} word="how alike the answers to a task are, on average; 1 is the same" /> : <Stat figure={r.answers.toLocaleString('en')} word={`answers to ${count(r.tasks, 'closed task')}`} />}
        {r.gold ? <Stat figure={(r.gold.right / r.gold.tasks).toFixed(2)} word={`right, of ${count(r.gold.tasks, 'task')} with a known truth`} /> : <Stat figure={r.people.toLocaleString('en')} word={r.people === 1 ? 'person answered' : 'people answered'} />}
        <Stat figure={(r.tasks > 0 ? r.answers / r.tasks : 0).toFixed(1)} word={saved(r)} />
        <div class="stat">
          <span class="figure n">
            {shown(r.cost_per_task)}
            <small>{symbol}</small>
          </span>
          <span class="small sec">a task, with fees</span>
        </div>
      </section>
      <div class="plots">
        <Claims points={r.calibration ?? []} />
        {r.skills && <Skills people={r.people} tenths={r.skills} values={r.likeness !== undefined} />}
        {r.likeness && <Likeness likeness={r.likeness} />}
        {r.confusion && r.confusion.length > 0 && <Confusion choices={project.type === 'yes_no' && project.choices.length === 0 ? ['Yes', 'No'] : project.choices} counts={r.confusion} />}
        {r.labels && r.labels.length > 0 && <Labels choices={project.choices} tasks={r.labels} />}
        <Used r={r} />
        <Times r={r} />
        <Sums r={r} symbol={symbol} />
        {(r.confusion || r.likeness) && <Pairs pairs={r.pairs ?? []} />}
        {r.matrix && <Matrix matrix={r.matrix} agreeing={r.agreeing ?? []} />}
        <GivenBack project={project} report={r} />
        <Disputed project={project} tasks={r.disputed ?? []} />
      </div>
    </>
  )
}

function saved(r: Report): string {
  return r.answers_fixed > r.answers ? `answers a task; a fixed number would have been ${(r.answers_fixed / r.tasks).toFixed(1)}` : 'answers a task'
}

function Stat({ figure, word }: { figure: string; word: string }) {
  return (
    <div class="stat">
      <span class="figure n">{figure}</span>
      <span class="small sec">{word}</span>
    </div>
  )
}

function Claims({ points }: { points: NonNullable<Report['calibration']> }) {
  const of = points.reduce((n, p) => n + p.tasks, 0)
  if (of === 0) {
    return (
      <Plot title="Is the confidence true?" says="not known yet">
        <p class="small sec">It is measured on tasks whose truth you gave, and none of those has a label. Put a column truth into your next file.</p>
      </Plot>
    )
  }
  const marks = points.map((p) => ({ stated: p.confidence, right: Math.round(p.right * p.tasks), of: p.tasks }))
  const last = marks.at(-1)!
  return (
    <Plot title="Is the confidence true?" says={`share right, of ${count(of, 'task')} with known truth; 95 % intervals`} table={{ head: ['Stated', 'Right', 'Of'], rows: marks.map((p) => [p.stated.toFixed(3), p.right, p.of]) }}>
      <Calibration name={`Stated confidence against the share right, of ${of} tasks. Where ${last.stated.toFixed(2)} was stated, ${(last.right / last.of).toFixed(2)} were right.`} points={marks} />
    </Plot>
  )
}

function Skills({ people, tenths, values }: { people: number; tenths: number[]; values: boolean }) {
  const known = tenths.reduce((a, b) => a + b, 0)
  const by = values ? 'how like the label their answers are' : 'the share of them that is the label'
  const says = known === 0 ? `${count(people, 'person', 'people')}, none with ten answers yet` : `${count(known, 'person', 'people')} with ten answers or more, by ${by}`
  return (
    <Plot title="How good people are" says={says} table={known === 0 ? undefined : { head: ['Share', 'People'], rows: tenths.map((n, i) => [`${(i / 10).toFixed(1)} to ${((i + 1) / 10).toFixed(1)}`, n]) }}>
      <Bars
        name={`How many of ${known} people there are by ${by}, in tenths.`}
        values={tenths}
        labels={[
          [0, '0'],
          [4.5, '0.5'],
          [9, '1'],
        ]}
      />
    </Plot>
  )
}

/** How alike the answers to a task are, where they are no choices. */
function Likeness({ likeness: l }: { likeness: NonNullable<Report['likeness']> }) {
  const of = l.tenths.reduce((a, b) => a + b, 0)
  const alpha = l.krippendorff_alpha === undefined ? '' : `; Krippendorff’s alpha is ${l.krippendorff_alpha.toFixed(2)}`
  return (
    <Plot title="How much people agree" says={`${count(of, 'task')} by how alike their answers are${alpha}`} table={{ head: ['Likeness', 'Tasks'], rows: l.tenths.map((n, i) => [`${(i / 10).toFixed(1)} to ${((i + 1) / 10).toFixed(1)}`, n]) }}>
      <Bars
        name={`How many of ${of} tasks there are by how alike their answers are, in tenths.`}
        values={l.tenths}
        labels={[
          [0, '0'],
          [4.5, '0.5'],
          [9, '1'],
        ]}
      />
    </Plot>
  )
}

function Confusion({ choices, counts }: { choices: string[]; counts: number[][] }) {
  const names = counts.map((_, i) => choices[i] ?? `choice ${i + 1}`)
  return (
    <Plot title="What is taken for what" says="a row is a label, a column what people answered to its tasks; shares of the row">
      <Heat name="Answers by label, as shares" truths={names} answers={names} counts={counts} />
    </Plot>
  )
}

function Labels({ choices, tasks }: { choices: string[]; tasks: number[] }) {
  const all = Math.max(1, tasks.reduce((a, b) => a + b, 0))
  return (
    <Plot title="How often each label" says={count(all, 'task')}>
      <ul class="sharelist small">
        {tasks.map((n, i) => (
          <li key={i}>
            <span class="breaking">{choices[i] ?? `choice ${i + 1}`}</span>
            <span class="track" aria-hidden="true">
              <i style={{ '--v': n / all }} />
            </span>
            <b class="n">{n.toLocaleString('en')}</b>
          </li>
        ))}
      </ul>
    </Plot>
  )
}

/** How many answers tasks used, beside the number that would have been asked of each. */
function Used({ r }: { r: Report }) {
  const bars = r.answers_used
  if (!bars) return null
  const [mean, fixed] = [r.answers / r.tasks, r.answers_fixed / r.tasks]
  const told = Number(fixed.toFixed(1))
  const shownAt = [...new Set([0, bars.length >> 1, bars.length - 1])]
  return (
    <Plot
      title="How many answers a task used"
      says={`tasks by their answers, ${mean.toFixed(1)} on average; where a fixed number is asked, it is ${told}`}
      table={{ head: ['Answers', 'Tasks'], rows: bars.map((b) => [numbers(b), b.count]) }}
    >
      <Bars
        name={`How many tasks used how many answers. On average ${mean.toFixed(1)}; a fixed number would have been ${told}.`}
        values={bars.map((b) => b.count)}
        labels={shownAt.map((i) => [i, numbers(bars[i]!)])}
        mark={[Math.floor(placeOf(bars, fixed)), `fixed: ${told}`]}
      />
    </Plot>
  )
}

/** How long answers took, from quick to slow. */
function Times({ r }: { r: Report }) {
  const bars = r.answer_times
  if (!bars) return null
  const edge = (seconds: number, text: string): [number, string] => [placeOf(bars, seconds) - 0.5, text]
  const middle = pace(r.answer_seconds)
  return (
    <Plot
      title="How long an answer takes"
      says={`answers by the time since the same person’s last one, without pauses; ${middle} in the middle. Bars further right span longer times.`}
      table={{ head: ['Seconds', 'Answers'], rows: bars.map((b) => [`${b.from} to ${b.to}`, b.count]) }}
    >
      <Bars
        name={`How many answers took how long, from under a second to ten minutes. In the middle ${middle}.`}
        values={bars.map((b) => b.count)}
        labels={[edge(1, '1 s'), edge(10, '10 s'), edge(60, '1 min'), edge(600, '10 min')]}
        mark={edge(r.answer_seconds, middle)}
      />
    </Plot>
  )
}

function pace(seconds: number): string {
  if (seconds < 0.1) return 'under 0.1 s'
  return seconds < 10 ? `${seconds.toFixed(1)} s` : span(seconds)
}

/** What a plot would say no better. */
function Sums({ r, symbol }: { r: Report; symbol: string }) {
  return (
    <section class="card stack tight">
      <h2>Answers, time and cost</h2>
      <dl class="facts2 small">
        <dt>Tasks</dt>
        <dd>
          {r.tasks.toLocaleString('en')} closed{r.left_out !== undefined && `, the first of ${(r.tasks + r.left_out).toLocaleString('en')}`}{r.unanswered > 0 && `, ${r.unanswered.toLocaleString('en')} without an answer`}
        </dd>
        <dt>Answers</dt>
        <dd>
          {r.answers.toLocaleString('en')} by {count(r.people, 'person', 'people')}
          {r.cannot_tell > 0 && `, ${r.cannot_tell.toLocaleString('en')} cannot tell`}
        </dd>
        <dt>Fixed number</dt>
        <dd>
          {r.answers_fixed.toLocaleString('en')} answers{r.saved_share > 0.005 && `; ${Math.floor(r.saved_share * 100)} % were not needed`}
        </dd>
        <dt>Time</dt>
        <dd>{r.answer_seconds > 0 ? `${pace(r.answer_seconds)} an answer, in the middle` : 'not known'}</dd>
        <dt>Paid</dt>
        <dd>
          <Money of={r.paid} symbol={symbol} /> to people, <Money of={r.fees} symbol={symbol} /> in fees
        </dd>
        {r.agreement && (
          <>
            <dt>Agreement</dt>
            <dd>
              {Math.floor(r.agreement.percent * 100)} % of pairs of answers are equal; Fleiss’ kappa {r.agreement.fleiss_kappa.toFixed(2)}, alpha {r.agreement.krippendorff_alpha.toFixed(2)}, in order {r.agreement.krippendorff_alpha_ordinal.toFixed(2)}
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function Pairs({ pairs }: { pairs: NonNullable<Report['pairs']> }) {
  return (
    <section class="card wide">
      <h2>Suspicious pairs</h2>
      <p class="cap">people who make the same mistakes far more often than chance would have them</p>
      {pairs.length === 0 ? (
        <p class="small sec">None.</p>
      ) : (
        <table class="table stacked">
          <thead>
            <tr>
              <th>Two respondents</th>
              <th class="r">Tasks both answered</th>
              <th class="r">The same mistake</th>
              <th class="r">By chance</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map((p) => (
              <tr key={`${p.a} ${p.b}`}>
                <td class="fact">
                  {shortId(p.a)}, {shortId(p.b)}
                </td>
                <td class="r n">{p.common.toLocaleString('en')}</td>
                <td class="r n">
                  <b>{p.both_wrong.toLocaleString('en')}</b>
                </td>
                <td class="r n">{p.expected.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** Who agrees with whom, of the people with the most answers in common. */
function Matrix({ matrix: m, agreeing }: { matrix: NonNullable<Report['matrix']>; agreeing: NonNullable<Report['agreeing']> }) {
  const all = new Map(agreeing.map((a) => [a.respondent, a.share]))
  const name = 'How far each two of these people agree'
  return (
    <section class="card wide">
      <h2>Who agrees with whom</h2>
      <p class="cap">the people with the most answers in common: how far they agree with all others, and with each of these</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={name}>
        <table class="heat">
          <caption class="sr">{name}</caption>
          <thead>
            <tr>
              <th scope="col">Respondent</th>
              <th scope="col">All</th>
              {m.people.map((p, i) => (
                <th key={p} scope="col">
                  {i + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {m.people.map((p, i) => (
              <tr key={p}>
                <th scope="row" class="fact">
                  {i + 1} {shortId(p)}
                </th>
                <Share of={all.get(p)} title="with all others" />
                {m.people.map((q, j) => (
                  <Share key={q} of={m.tasks[i]![j]! > 0 ? m.share[i]![j] : undefined} title={`in ${count(m.tasks[i]![j]!, 'task')}`} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Share({ of, title }: { of: number | undefined; title: string }) {
  if (of === undefined) return <td class="n" style={{ '--h': 0 }} />
  return (
    <td class={`n ${of > 0.45 ? 'deep' : ''}`} style={{ '--h': of }} title={title}>
      {of.toFixed(2)}
    </td>
  )
}

/** What people said when they gave tasks back, which otherwise nobody would hear: a picture that does not load is never answered. */
function GivenBack({ project, report: { skipped = [], reported = [] } }: { project: Project; report: Report }) {
  if (skipped.length === 0) return null
  const times = skipped.reduce((n, s) => n + s.times, 0)
  return (
    <section class="card wide">
      <h2>Given back</h2>
      <p class="cap">{`${count(times, 'time')}: ${skipped.map((s) => `${reasonWords[s.reason]} ${s.times}`).join(', ')}.`}</p>
      {reported.length > 0 && (
        <table class="table stacked">
          <thead>
            <tr>
              <th>Task</th>
              <th>What is said</th>
              <th class="r">Times</th>
            </tr>
          </thead>
          <tbody>
            {reported.map((s) => (
              <tr key={`${s.key} ${s.reason}`}>
                <td>
                  <a class="breaking" href={taskPath(project.id, s.key)}>
                    {s.key}
                  </a>
                </td>
                <td>{reasonWords[s.reason]}</td>
                <td class="r n">{s.times.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const reasonWords: Record<SkipReason, string> = {
  none: 'no reason given',
  not_for_me: 'not for them',
  unclear: 'unclear',
  broken: 'broken, or not to be seen',
  wrong_choices: 'the choices do not fit',
  offensive: 'offensive',
  other: 'something else',
}

function Disputed({ project, tasks }: { project: Project; tasks: NonNullable<Report['disputed']> }) {
  if (tasks.length === 0) return null
  return (
    <section class="card wide">
      <h2>Most disputed</h2>
      <p class="cap">Where people disagree, the guide is often silent.</p>
      <ul class="items">
        {tasks.map((t) => (
          <Item key={t.key} project={project} task={t} />
        ))}
      </ul>
    </section>
  )
}

/** A task with what it shows, and how its answers part. */
function Item({ project, task }: { project: Project; task: NonNullable<Report['disputed']>[number] }) {
  const { value: q } = useLoad(() => asRequester<Question>(`/v1/questions/${task.question}`), [])
  return (
    <li class="item">
      <a class="small breaking" href={taskPath(project.id, task.key)}>
        {task.key}
      </a>
      {q ? <Content q={q} shared={project.text} /> : <div class="bone row" aria-busy="true" />}
    </li>
  )
}

function Content({ q, shared }: { q: Question; shared: string | undefined }) {
  const verdict = q.verdict
  const marked = verdict?.value !== undefined && q.image !== undefined
  return (
    <>
      {q.text && q.text !== shared && <p class="ask1">{q.text}</p>}
      {q.image && !marked && <img src={q.image.url} alt={q.image.alt || 'The picture of the task; not described'} width={q.image.width} height={q.image.height} loading="lazy" />}
      {q.passage && <p class="ask1 clip3">{q.passage}</p>}
      {q.counts.length > 0 ? (
        <ul class="parted small">
          {q.choices.map((choice, i) => (
            <li key={choice} class={verdict?.choice === i ? 'b' : 'sec'}>
              <span class="breaking">{choice}</span>
              {q.counts[i]! > 0 && <Tally full={q.counts[i]!} height={14} label={count(q.counts[i]!, 'answer')} />}
            </li>
          ))}
        </ul>
      ) : (
        verdict?.value !== undefined && <Shown of={q} said={{ value: verdict.value }} small />
      )}
    </>
  )
}
