import type { Accuracy, Me } from '../../api/shared/wire'
import { accuracy as t } from '../../../language/en/accuracy'
import { number } from '../../../language/format'
import { utcDay } from '../../frame/shared/words'
import { Back } from '../../frame/view/back'
import { Missing, useLoad, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { box, marks, percent } from '../shared/accuracy'
import { asRespondent } from '../shared/session'

/** A person's own accuracy over time, how it is reckoned and what follows from it. */
export function AccuracyPage() {
  const heading = useTitle(t('title'))
  const found = useLoad(() => asRespondent<Accuracy>('/v1/me/accuracy'), [])
  const refused = useLoad(() => asRespondent<Me>('/v1/me'), []).value?.refused ?? 0
  const is = found.value
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('title')}
        </h1>
        <Missing of={found} what={t('missing')} />
        {is && is.known === 0 && <p class="sec">{t('none')}</p>}
        {is && is.known > 0 && (
          <section class="stack tight">
            <p class="b">{t('sum', { right: is.right, known: is.known })}</p>
            <p class="sec">{t('between', { low: percent(is.low), high: percent(is.high), sure: percent(0.95) })}</p>
            <Plot weeks={is.weeks} />
            <Table weeks={is.weeks} />
          </section>
        )}
        <Lines title={t('how')} lines={[t('countKnown'), t('countOthers'), t('countWithdrawn')]} />
        <Lines title={t('means')} lines={[t('meansPay'), t('meansQuestions'), t('meansNew'), ...(refused > 0 ? [t('refused', { n: refused })] : [])]} />
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
    <svg class="plot" direction="ltr" viewBox={`0 0 ${box.width} 152`} role="img" aria-label={t('plot', { n: weeks.length, first: utcDay(first.week), last: utcDay(last.week), share })}>
      {[box.all, (box.all + box.none) / 2, box.none].map((y) => (
        <path class="ax" d={`M0 ${y}H${box.width}`} />
      ))}
      <text x="0" y={box.all - 4}>
        {t('all')}
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
      <summary class="small">{t('table')}</summary>
      <table class="table">
        <thead>
          <tr>
            {[t('week'), t('right'), t('known'), t('range')].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((w) => (
            <tr>
              <td>{utcDay(w.week)}</td>
              <td class="n">{number(w.right)}</td>
              <td class="n">{number(w.known)}</td>
              <td>{t('fromTo', { low: percent(w.low), high: percent(w.high) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
