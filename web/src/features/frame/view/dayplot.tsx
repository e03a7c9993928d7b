import { frame as t } from '../../../language/en/frame'
import { shown } from '../../money/shared/amount'
import { height, plotBars } from '../shared/plot'
import { utcDay } from '../shared/words'

/** A sum of money for each day of UTC, up to today. `name` says it to who does not see it. */
export function DayPlot({ days, name }: { days: { day: string; sum: bigint }[]; name: string }) {
  const bars = plotBars(days.map((d) => d.sum))
  const last = days.length - 1
  const peak = days.reduce((best, d, i) => (d.sum > days[best]!.sum ? i : best), 0)
  const empty = days[peak]?.sum === 0n
  return (
    <svg class="plot" direction="ltr" viewBox="0 0 350 140" role="img" aria-label={name}>
      <path class="ax" d="M0 123H350" />
      {bars.map((bar, i) => (
        <rect key={i} class={i === last ? 'now' : 'pl'} x={bar.x} y={bar.y} width={i === last ? 7 : 5} height={bar.height} rx="1.5" />
      ))}
      <text x="0" y={height + 15}>
        {utcDay(days[0]!.day)}
      </text>
      {peak !== last && !empty && (
        <text x={Math.min(330, Math.max(20, bars[peak]!.x + 2))} y={bars[peak]!.y - 6} text-anchor="middle">
          {shown(days[peak]!.sum)}
        </text>
      )}
      {!empty && (
        <text class="lab" x="350" y={bars[last]!.y - 6} text-anchor="end">
          {shown(days[last]!.sum)}
        </text>
      )}
      <text class="lab" x="350" y={height + 15} text-anchor="end">
        {t('today')}
      </text>
    </svg>
  )
}
