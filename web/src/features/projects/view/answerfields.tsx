import type { Balance, Instance } from '../../api/shared/wire'
import { Money } from '../../frame/view/parts'
import { plain } from '../../money/shared/amount'
import { cost, covered, stopsWhenSure } from '../shared/plan'
import { Hint, TextField } from './field'
import type { Fields } from './questionfields'

const deadlines: [number, string][] = [
  [3600, '1 hour'],
  [86_400, '1 day'],
  [7 * 86_400, '7 days'],
  [30 * 86_400, '30 days'],
]

/** How many answers a task wants, what one pays, and how closely people are checked. */
export function AnswerFields({ plan, set, told, here, money }: Fields & { here: Instance; money: Balance | undefined }) {
  const sure = stopsWhenSure(plan.type)
  const { symbol } = here.token
  return (
    <>
      {sure && (
        <div class="seg" role="group" aria-label="When a task is done">
          <button type="button" aria-pressed={plan.rule === 'fixed'} onClick={() => set({ rule: 'fixed' })}>
            Fixed number
          </button>
          <button type="button" aria-pressed={plan.rule === 'confidence'} onClick={() => set({ rule: 'confidence' })}>
            When sure
          </button>
        </div>
      )}
      {plan.rule === 'fixed' || !sure ? (
        <TextField id="people" name="Answers for each task" mode="numeric" value={plan.people} set={(people) => set({ people })} problem={told.people} hint="By that many different people." />
      ) : (
        <>
          <label class="field">
            <span class="line">
              A task is done when this sure <b class="end n large">{plan.target}</b>
            </span>
            <input class="range" type="range" min="60" max="99" value={Math.round(Number(plan.target) * 100)} style={{ '--v': (Number(plan.target) * 100 - 60) / 39 }} onInput={(e) => set({ target: (Number(e.currentTarget.value) / 100).toFixed(2) })} />
          </label>
          <div class="pair3">
            <TextField id="fewest" name="At least" mode="numeric" value={plan.fewest} set={(fewest) => set({ fewest })} problem={told.bounds} hint="answers" />
            <TextField id="highest" name="At most" mode="numeric" value={plan.highest} set={(highest) => set({ highest })} hint="by different people" />
            <TextField id="fallback" name="Until it can be trusted" mode="numeric" value={plan.fallback} set={(fallback) => set({ fallback })} problem={told.fallback} hint="So many while fewer than 59 known answers show that being sure means being right. Empty: half of the most, and no fewer than 3." />
          </div>
        </>
      )}
      <div class="pair3">
        <TextField id="price" name={`Pay, ${symbol}`} mode="decimal" value={plan.price} set={(price) => set({ price })} problem={told.price} hint="For one answer, to the person who gives it." />
        <TextField id="gold" name="Known tasks, %" mode="decimal" value={plan.gold} set={(gold) => set({ gold })} problem={told.gold} hint="How many of the questions that somebody gets have a truth that you gave. They measure people." />
        <TextField id="each" name="Tasks for one person" mode="numeric" value={plan.each} set={(each) => set({ each })} problem={told.each} hint="At most. Empty: any number." />
      </div>
      {sure && plan.rule === 'confidence' && (
        <TextField id="rise" name="More pay for hard tasks, %" mode="decimal" value={plan.rise} set={(rise) => set({ rise })} problem={told.rise} hint="So much more for each answer that tasks take beyond the fewest, on average. For tasks that are added once 20 have closed; 0: the pay stays." />
      )}
      <label class="field">
        <span>Deadline of a task</span>
        <select class="input" value={String(plan.deadline)} aria-describedby="deadline-hint" onChange={(e) => set({ deadline: Number(e.currentTarget.value) })}>
          {!deadlines.some(([s]) => s === plan.deadline) && <option value={String(plan.deadline)}>{Math.round(plan.deadline / 3600)} hours</option>}
          {deadlines.map(([seconds, word]) => (
            <option value={String(seconds)}>{word}</option>
          ))}
        </select>
        <Hint id="deadline-hint" problem={undefined}>
          Then it ends with the answers that it has.
        </Hint>
      </label>
      <Cost plan={plan} here={here} money={money} />
    </>
  )
}

/** What a task costs, and how far the balance goes. */
export function Cost({ plan, here, money }: Pick<Fields, 'plan'> & { here: Instance; money: Balance | undefined }) {
  const { symbol } = here.token
  const known = cost(plan, here.fee_basis_points)
  if (!known) return null
  const n = money && covered(money.available, known.most)
  return (
    <div class="note" role="status">
      <p>
        A task costs{' '}
        {known.least === known.most ? (
          <Money of={known.most} symbol={symbol} />
        ) : (
          <>
            between <b class="n">{plain(known.least)}</b> and <Money of={known.most} symbol={symbol} />
          </>
        )}
        , with the fee of {here.fee_basis_points / 100} %. 1,000 tasks: at most <Money of={known.most * 1000n} symbol={symbol} />.
      </p>
      {n !== undefined && (
        <p>
          Your balance covers {n.toLocaleString('en')} {n === 1 ? 'task' : 'tasks'} at once; what a task does not use comes back when it closes.{n < 1000 && <> <a href="/console/money">Deposit</a></>}
        </p>
      )}
    </div>
  )
}
