import type { Accuracy, Me } from '../../api/shared/wire'
import { utcDay } from '../../frame/shared/words'
import { Back } from '../../frame/view/back'
import { Missing, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { box, marks, percent } from '../shared/accuracy'
import { asRespondent } from '../shared/session'

const say = {
  title: 'How right you are',
  shown: 'How right you are is shown',
  none: 'No question with a known answer has closed yet that you answered. Some of those that you get have one; which, nobody is told before they close.',
  sum: (right: number, known: number) => `${right} of ${known} right where the answer was known`,
  between: (low: string, high: string) => `From so many, it is between ${low} and ${high} with a certainty of ${percent(0.95)}. More answers make that narrower.`,
  plot: (weeks: number, first: string, last: string, share: string) => `Share of right answers in ${weeks === 1 ? 'one week' : `${weeks} weeks`} from ${first} to ${last}, the last ${share}, with what each may really be.`,
  all: 'all right',
  table: 'As a table',
  columns: ['Week from', 'Right', 'Of', 'Between'],
  how: 'How it is reckoned',
  reckoned: [
    'Only questions count whose answer was known before and that have closed. Of open ones nothing is told: who knew which they are would answer only these with care.',
    'That others disagree with you does not count against you. “Can’t tell” counts neither way.',
    'A known answer that many good people contradict is withdrawn, and counts for nobody.',
  ],
  means: 'What it means',
  meant: [
    'Pay: nothing is taken off for a wrong answer. Pay is withheld only where known answers prove that what somebody gives is no better than guessing, or is copied.',
    'Questions: who is right more often gets more of the kinds of questions in which that matters, and their answers weigh more in the verdict. Each kind is reckoned by itself.',
    'New here: until a few known answers show that you do not guess, some of your pay waits.',
  ],
  refused: (n: number) => `${n === 1 ? 'One kind of question is' : `${n} kinds of questions are`} not given to you any more: what you answered there is worth nothing. My answers show which those were.`,
}

/** A person's own accuracy over time, how it is reckoned and what follows from it. */
export function AccuracyPage() {
  const heading = useTitle(say.title)
  const found = useLoad(() => asRespondent<Accuracy>('/v1/me/accuracy'), [])
  const refused = useLoad(() => asRespondent<Me>('/v1/me'), []).value?.refused ?? 0
  const is = found.value
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {say.title}
        </h1>
        <Missing of={found} what={say.shown} />
        {is && is.known === 0 && <p class="sec">{say.none}</p>}
        {is && is.known > 0 && (
          <section class="stack tight">
            <p class="b">{say.sum(is.right, is.known)}</p>
            <p class="sec">{say.between(percent(is.low), percent(is.high))}</p>
            <Plot weeks={is.weeks} />
            <Table weeks={is.weeks} />
          </section>
        )}
        <Lines title={say.how} lines={say.reckoned} />
        <Lines title={say.means} lines={refused > 0 ? [...say.meant, say.refused(refused)] : say.meant} />
      </main>
    </Phone>
  )
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul class="rows small">
        {lines.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    </section>
  )
}

/** Shares as strokes with their intervals as hairlines, from none to all. */
function Plot({ weeks }: { weeks: Accuracy['weeks'] }) {
  const first = weeks[0]!
  const last = weeks.at(-1)!
  const share = percent(last.right / last.known)
  const drawn = marks(weeks)
  const end = drawn.at(-1)!
  return (
    <svg class="plot" viewBox={`0 0 ${box.width} 152`} role="img" aria-label={say.plot(weeks.length, utcDay(first.week), utcDay(last.week), share)}>
      {[box.all, (box.all + box.none) / 2, box.none].map((y) => (
        <path class="ax" d={`M0 ${y}H${box.width}`} />
      ))}
      <text x="0" y={box.all - 4}>
        {say.all}
      </text>
      {drawn.map((m) => (
        <path class="ax" stroke="currentColor" d={`M${m.x} ${m.top}V${m.bottom}`} />
      ))}
      {drawn.map((m, i) => (
        <rect class={i === drawn.length - 1 ? 'now' : 'pl'} x={m.x - 3.5} y={m.y - 3.5} width="7" height="7" rx="1.5" />
      ))}
      <text class="lab" x={Math.min(end.x + 4, box.width)} y={box.all - 4} text-anchor="end">
        {share}
      </text>
      <text x="0" y={box.none + 15}>
        {weeks.length > 1 && utcDay(first.week)}
      </text>
      <text class="lab" x={box.width} y={box.none + 15} text-anchor="end">
        {utcDay(last.week)}
      </text>
    </svg>
  )
}

function Table({ weeks }: { weeks: Accuracy['weeks'] }) {
  return (
    <details>
      <summary class="small">{say.table}</summary>
      <table class="table">
        <thead>
          <tr>
            {say.columns.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((w) => (
            <tr>
              <td>{utcDay(w.week)}</td>
              <td class="n">{w.right}</td>
              <td class="n">{w.known}</td>
              <td>
                {percent(w.low)} – {percent(w.high)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
