import { Unreachable } from '../../api/shared/http'
import type { Project, Report } from '../../api/shared/projects'
import type { Question } from '../../api/shared/wire'
import { Shown } from '../../answering/view/shown'
import { asRequester } from '../../console/shared/requester'
import { balance } from '../../console/view/desk'
import { count, shortId } from '../../frame/shared/words'
import { Money, Tally, Trouble, useCell, useLoad } from '../../frame/view/parts'
import { bins } from '../shared/plots'
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
  if (closed === 0) {
    return (
      <section class="card empty">
        <p>No task is closed yet. Once some are, this page tells how much people agree, how good they are, and which tasks they disagree on.</p>
      </section>
    )
  }
  if (error !== undefined && !(value && error instanceof Unreachable)) return <Trouble error={error} again={again} />
  if (!value) return <div class="bone box" aria-busy="true" aria-label="Loading" />
  return <Page project={project} report={value} />
}

const share = (text: string | undefined) => (text === undefined ? '–' : Number(text).toFixed(2))

function Page({ project, report: r }: { project: Project; report: Report }) {
  const symbol = useCell(balance)?.symbol ?? ''
  const each = r.tasks > 0 ? r.answers / r.tasks : 0
  return (
    <>
      <section class="figures" aria-label="In short">
        <Stat figure={share(r.agreement?.percent)} word="of pairs of answers are equal" />
        <Stat figure={share(r.agreement?.alpha)} word="Krippendorff’s alpha: 1 is perfect, 0 is chance" />
        <Stat figure={each.toFixed(1)} word={`answers a task, of ${r.fixed} at most`} />
        <div class="stat">
          <span class="figure n">{r.people.toLocaleString('en')}</span>
          <span class="small sec">
            people; <Money of={r.paid} symbol={symbol} /> paid to them, <Money of={r.fees} symbol={symbol} /> in fees
          </span>
        </div>
      </section>
      <div class="plots">
        <Claims points={r.calibration} />
        <Skills skills={r.skills} />
        {r.confusion && <Confusion choices={project.choices} counts={r.confusion} />}
        <Used r={r} />
        {r.seconds && <Seconds of={r.seconds} />}
        <Pairs pairs={r.pairs} />
        <Disputed project={project} tasks={r.disputed} />
      </div>
    </>
  )
}

function Stat({ figure, word }: { figure: string; word: string }) {
  return (
    <div class="stat">
      <span class="figure n">{figure}</span>
      <span class="small sec">{word}</span>
    </div>
  )
}

function Claims({ points }: { points: Report['calibration'] }) {
  const of = points.reduce((n, p) => n + p.of, 0)
  if (of === 0) {
    return (
      <Plot title="Is the confidence true?" says="Not known">
        <p class="small sec">It is measured on tasks whose truth you gave, and none of those is closed. Add a column truth to some rows.</p>
      </Plot>
    )
  }
  const marks = points.map((p) => ({ stated: Number(p.stated), right: p.right, of: p.of }))
  const last = marks.at(-1)!
  return (
    <Plot title="Is the confidence true?" says={`share right, of ${count(of, 'task')} with known truth; 95 % intervals`} table={{ head: ['Stated', 'Right', 'Of'], rows: points.map((p) => [p.stated.slice(0, 5), p.right, p.of]) }}>
      <Calibration name={`Stated confidence against the share right, of ${of} tasks; at ${last.stated.toFixed(2)} it is ${(last.right / last.of).toFixed(2)}.`} points={marks} />
    </Plot>
  )
}

const parts = 20

function Skills({ skills }: { skills: Report['skills'] }) {
  const found = bins(skills.map((s) => Number(s.skill)), [0, 1], parts)
  if (skills.length === 0) return null
  return (
    <Plot
      title="How good people are"
      says={`${count(skills.length, 'person', 'people')}, by the share of their answers that are the label`}
      table={{ head: ['Respondent', 'Answers', 'Share'], rows: [...skills].sort((a, b) => Number(a.skill) - Number(b.skill)).slice(0, 200).map((s) => [shortId(s.respondent), s.answers, Number(s.skill).toFixed(2)]) }}
    >
      <Bars
        name={`How many of ${skills.length} people have which share of answers that are the label.`}
        values={found.map((b) => b.n)}
        labels={[
          [0, '0'],
          [parts / 2, '0.5'],
          [parts - 1, '1'],
        ]}
      />
    </Plot>
  )
}

function Confusion({ choices, counts }: { choices: string[]; counts: number[][] }) {
  return (
    <Plot title="What is taken for what" says="a row is a label, a column what people answered to its tasks; the shares of a row">
      <Heat name="Answers by label, as shares" truths={choices} answers={choices} counts={counts} />
    </Plot>
  )
}

function Used({ r }: { r: Report }) {
  const most = Math.max(1, r.used.length - 1)
  const saved = r.tasks * r.fixed - r.answers
  const ends: [number, string][] = most > 1 ? [[0, '0'], [most, String(most)]] : [[0, '0'], [1, '1']]
  return (
    <Plot
      title="Answers used"
      says={saved > 0 ? `tasks by how many answers they took; ${r.fixed} for each would have been ${saved.toLocaleString('en')} more` : `tasks by how many answers they took, of ${r.fixed} for each`}
      table={{ head: ['Answers', 'Tasks'], rows: r.used.map((n, i) => [i, n]) }}
    >
      <Bars name={`How many tasks took 0 to ${most} answers.`} values={r.used.length > 1 ? r.used : [...r.used, 0]} labels={ends} />
    </Plot>
  )
}

function Seconds({ of }: { of: NonNullable<Report['seconds']> }) {
  const h = of.histogram
  return (
    <Plot title="Time for an answer" says={`half within ${Number(of.median).toFixed(0)} s, nine of ten within ${Number(of.p90).toFixed(0)} s`} table={{ head: ['Up to, s', 'Answers'], rows: h.map((b) => [b.upto, b.answers]) }}>
      <Bars
        name={`How long answers took; half within ${Number(of.median).toFixed(0)} seconds.`}
        values={h.map((b) => b.answers)}
        labels={[
          [0, `${h[0]?.upto ?? 0} s`],
          [h.length - 1, `${h.at(-1)?.upto ?? 0} s`],
        ]}
      />
    </Plot>
  )
}

function Pairs({ pairs }: { pairs: Report['pairs'] }) {
  return (
    <section class="card wide">
      <h2>Suspicious pairs</h2>
      <p class="cap">people who give the same wrong answers far more often than chance would have them</p>
      {pairs.length === 0 ? (
        <p class="small sec">None.</p>
      ) : (
        <table class="table stacked">
          <thead>
            <tr>
              <th>Two respondents</th>
              <th class="r">Tasks both answered</th>
              <th class="r">The same answer</th>
              <th class="r">The same wrong one</th>
              <th class="r">By chance</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map((p) => (
              <tr key={`${p.one} ${p.other}`}>
                <td class="fact">
                  {shortId(p.one)}, {shortId(p.other)}
                </td>
                <td class="r n">{p.together}</td>
                <td class="r n">{p.same}</td>
                <td class="r n">
                  <b>{p.same_wrong}</b>
                </td>
                <td class="r n">{Number(p.expected).toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Disputed({ project, tasks }: { project: Project; tasks: Report['disputed'] }) {
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
function Item({ project, task }: { project: Project; task: Report['disputed'][number] }) {
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
