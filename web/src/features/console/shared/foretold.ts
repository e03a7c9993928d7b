import type { Basis, Estimate } from '../../api/shared/money'
import { shown } from '../../money/shared/amount'
import { count, span } from '../../frame/shared/words'

const bases: { [basis in Basis]: string } = {
  policy: 'as the rule asks for',
  project: 'as its closed tasks took',
  organisation: 'as your closed questions of this kind took',
  instance: 'as everybody’s closed questions of this kind took',
  prior: 'nothing like it has closed here yet, so this stands on made-up questions',
  stated: 'as you say',
  nothing: 'nobody knows',
}

/** What an estimate says, as sentences: answers, cost, time, and pay for an hour. Open says that the tasks are being asked. */
export function foretold(e: Estimate, open = false): string[] {
  const tasks = count(e.tasks, open ? 'open task' : 'task')
  const more = open ? 'more ' : ''
  const { each, all, cost, pace, fair_pay: fair, symbol } = e
  const said = []
  if (each.low === each.high) said.push(`${tasks}: ${count(all.expected, `${more}answer`)}, ${bases[each.basis]}. That costs ${shown(cost.expected)} ${symbol} with the fee${cost.most === cost.expected ? '' : `, and never over ${shown(cost.most)}`}.`)
  else {
    said.push(`${tasks}: about ${all.expected.toLocaleString('en')} ${more}answers, mostly ${all.low.toLocaleString('en')} to ${all.high.toLocaleString('en')} (${bases[each.basis]}).`)
    said.push(`About ${shown(cost.expected)} ${symbol} with the fee, mostly ${shown(cost.low)} to ${shown(cost.high)}, and never over ${shown(cost.most)}.`)
  }
  said.push(pace.known ? `At the pace of the last days, done in about ${span(pace.seconds ?? 0)}.` : 'How long it takes is not known: too few questions of this kind have closed lately.')
  if (fair.pays_per_hour !== undefined) said.push(`It pays about ${shown(fair.pays_per_hour)} ${symbol} for an hour’s work, at ${Math.round(Number(fair.seconds_per_answer) * 10) / 10} s an answer.`)
  return said
}

/** Why the price would be refused; nothing when it is not. */
export function refused(e: Estimate): string | undefined {
  const { fair, least_price, floor_per_hour } = e.fair_pay
  if (fair || least_price === undefined) return undefined
  return `This server takes no price that pays less than ${shown(floor_per_hour!)} ${e.symbol} for an hour’s work. For such an answer that is ${shown(least_price)} ${e.symbol}.`
}
