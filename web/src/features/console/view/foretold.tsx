import { useEffect, useState } from 'preact/hooks'
import type { Estimate, NewEstimate } from '../../api/shared/money'
import { Refused } from '../../api/shared/http'
import { shown } from '../../money/shared/amount'
import { foretold, refused } from '../shared/foretold'
import { asRequester } from '../shared/requester'

/** How long after the last change the server is asked. */
const calmMs = 500

/** What something would take and cost, by the server, before it is made. pay sets the price that it must be at least. */
export function Foretold({ of, pay }: { of: NewEstimate; pay?: (price: string) => void }) {
  const title = of.open ? 'What is still to come' : 'What it would take'
  const json = JSON.stringify(of)
  const [known, setKnown] = useState<{ json: string; estimate?: Estimate; error?: string }>()
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(() => {
      asRequester<Estimate>('/v1/estimates', { json: JSON.parse(json) as NewEstimate, signal: abort.signal }).then(
        (estimate) => abort.signal.aborted || setKnown({ json, estimate }),
        (error: unknown) => abort.signal.aborted || setKnown({ json, error: error instanceof Refused ? error.message : 'The server did not answer, so what it would take is not known.' }),
      )
    }, calmMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [json])
  const estimate = known?.estimate
  const low = estimate && refused(estimate)
  return (
    <section class="card stack tight" aria-label={title} aria-busy={known?.json !== json}>
      <h2>{title}</h2>
      <div class="stack tight small" role="status">
        {known === undefined && <div class="bone line" />}
        {known?.error && <p class="sec">{known.error}</p>}
        {estimate && foretold(estimate, of.open).map((said) => <p key={said}>{said}</p>)}
      </div>
      {low && !of.open && (
        <div class="note wrong" role="alert">
          <p>
            {low} <code>price_too_low</code>
          </p>
          {pay && (
            <button type="button" class="btn slim" onClick={() => pay(estimate.fair_pay.least_price!)}>
              Pay {shown(estimate.fair_pay.least_price!)} {estimate.symbol}
            </button>
          )}
        </div>
      )}
    </section>
  )
}
