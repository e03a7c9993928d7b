import { Trouble } from '../../frame/view/parts'
import { bytes } from '../../projects/shared/upload'
import { large } from '../shared/says'
import { shape } from '../shared/spec'
import type { Checked } from './model'

interface Props {
  checked: Checked
  written: boolean
  /** What the server says is wrong with the spec. */
  refused: string | undefined
  /** Whether that is said beside a layer, and beside which. */
  beside: boolean
  layer: number | undefined
  /** What was taken for granted, for lack of data. */
  assumed: string[]
}

/** Whether the shapes of a model fit, and what it costs. */
export function Cost({ checked: { plan, error, busy }, written, refused, beside, layer, assumed }: Props) {
  return (
    <section class="card stack tight" aria-label="What it costs" aria-busy={busy}>
      <h2>What it costs</h2>
      {!written && <p class="small bad" role="status">A field holds no number yet.</p>}
      {written && refused !== undefined && (
        <p class="small bad" role="status">
          {beside ? `Layer ${layer! + 1} does not fit: see there.` : refused}
        </p>
      )}
      {written && error !== undefined && refused === undefined && <Trouble error={error} />}
      {written && plan && error === undefined && (
        <>
          <p class="small good" role="status">
            Its shapes fit.
          </p>
          <dl class="facts2 sums small">
            <dt>Looks at</dt>
            <dd class="n">{shape(plan.input)}</dd>
            <dt>Parameters</dt>
            <dd class="n" title={String(plan.parameters)}>
              {large(plan.parameters)}
            </dd>
            <dt>Operations an example</dt>
            <dd class="n" title={String(plan.multiply_adds)}>
              {large(plan.multiply_adds)}
            </dd>
            <dt>Memory to train, at least</dt>
            <dd class="n">{bytes(plan.memory_bytes)}</dd>
            <dt>Examples a second, on a node of a billion operations a second</dt>
            {/* A step goes forward and back, which takes three times as long as forward alone. */}
            <dd class="n">about {large(Math.max(1, Math.round(1e9 / (3 * Math.max(1, plan.multiply_adds)))))}</dd>
          </dl>
          {assumed.length > 0 && <p class="cap">Counted with {assumed.join(' and ')}: the data say how many there are.</p>}
        </>
      )}
    </section>
  )
}
