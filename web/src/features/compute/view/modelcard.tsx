import type { ComponentChildren } from 'preact'
import type { Card, Metrics } from '../../api/shared/jobs'
import { count } from '../../frame/shared/words'
import { Hash } from '../../frame/view/parts'
import { Calibration, Heat, Plot } from '../../projects/view/plots'
import { large } from '../shared/says'

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`

/** More classes than these have no room in a table. */
const classesMost = 30

/** How good a model is on what it has not seen: figures, what it takes for what, and whether its confidence is true. */
export function Measured({ metrics: m, classes, children }: { metrics: Metrics; classes: string[]; children?: ComponentChildren }) {
  const bins = m.reliability.filter((b) => b.examples > 0)
  const wrong = classes.flatMap((truth, i) => classes.map((said, j) => ({ truth, said, n: i === j ? 0 : (m.confusion[i]?.[j] ?? 0) }))).sort((a, b) => b.n - a.n)[0]
  return (
    <>
      <section class="figures" aria-label="How good it is">
        {(
          [
            [percent(m.accuracy), `right on ${count(m.examples, 'task')} that it has not seen`],
            [m.log_loss.toFixed(3), 'log loss'],
            [percent(m.calibration_error), `calibration error, before calibration ${percent(m.calibration_error_before)}`],
          ] as const
        ).map(([figure, words]) => (
          <div class="stat" key={words}>
            <span class="figure n">{figure}</span>
            <span class="small sec">{words}</span>
          </div>
        ))}
      </section>
      {children}
      <div class="plots">
        <Plot
          title="Is its confidence true?"
          says={`share right by how sure it is, on ${count(m.examples, 'task')}; 95 % intervals`}
          table={{ head: ['Sure to', 'Right', 'Tasks'], rows: bins.map((b) => [b.confidence.toFixed(2), b.accuracy.toFixed(2), b.examples]) }}
        >
          <Calibration name={`How often it is right by how sure it is: ${bins.map((b) => `${percent(b.accuracy, 0)} where it is sure to ${percent(b.confidence, 0)}`).join(', ')}.`} points={bins.map((b) => ({ stated: b.confidence, right: Math.round(b.accuracy * b.examples), of: b.examples }))} />
        </Plot>
        <Plot title="What it takes for what" says={wrong && wrong.n > 0 ? `share of what it says of each label; most often it says ${wrong.said} of ${wrong.truth}, ${wrong.n} times` : 'share of what it says of each label; it was never wrong'}>
          {classes.length <= classesMost ? (
            <Heat name="What the model says, by label" truths={classes} answers={classes} counts={m.confusion} of="Tasks" />
          ) : (
            <p class="small sec">The table of {classes.length} classes is in the card’s file.</p>
          )}
        </Plot>
      </div>
    </>
  )
}

/** Where a model comes from. */
export function Provenance({ card }: { card: Card }) {
  return (
    <section class="card stack tight">
      <h2>Where it comes from</h2>
      <dl class="facts2 small">
        {card.hidden && (
          <>
            <dt>Judged</dt>
            <dd>
              On {count(card.hidden.tasks, 'task')} that no node had: right in {percent(card.hidden.accuracy)}, log loss {card.hidden.log_loss.toFixed(3)} ({card.hidden.low.toFixed(3)} to {card.hidden.high.toFixed(3)}); saying how
              frequent each label is has {card.hidden.guess_log_loss.toFixed(3)}
            </dd>
          </>
        )}
        <dt>Learned from</dt>
        <dd>
          {count(card.trained_on, 'example')}; {card.held_out.toLocaleString('en')} others stopped and calibrated it
        </dd>
        <dt>Epochs</dt>
        <dd>
          {card.epochs}, the best after {card.best_epoch}
        </dd>
        <dt>Size</dt>
        <dd>{large(card.parameters)} parameters</dd>
        <dt>Temperature</dt>
        <dd class="n">{card.temperature.toFixed(3)}</dd>
        <dt>Trainer</dt>
        <dd class="breaking">
          {card.trainer}, seed {card.seed}, <span class="fact">{card.code}</span>
        </dd>
        <dt>Labels</dt>
        <dd>
          <Hash of={card.data_sha256} name="hash of the labels" />
        </dd>
      </dl>
      <p class="cap">Right means as its labels say, which are people’s. What it has not seen was drawn from the same tasks: on others it may do worse.</p>
    </section>
  )
}
