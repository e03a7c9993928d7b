import { useEffect, useState } from 'preact/hooks'
import type { Epoch, Epochs } from '../../api/shared/wire'

/** How many epochs are offered: the newest is not in force yet, and the one before may have been voided. */
const offered = 3

/** The newest epochs that have a root, of the server that this page came from; none when there is none any more. */
async function newest(signal: AbortSignal): Promise<number[]> {
  if (!location.protocol.startsWith('http')) return []
  let all: Epoch[] = []
  let next: string | undefined = ''
  while (next !== undefined) {
    const response: Response = await fetch(`/v1/records/epochs?limit=100${next && `&cursor=${encodeURIComponent(next)}`}`, { signal, credentials: 'omit' })
    if (!response.ok) return []
    const page = (await response.json()) as Epochs
    all = [...all, ...page.epochs].filter((e) => e.header).slice(-offered)
    next = page.next
  }
  return all.map((e) => e.number)
}

/** What is to be saved while there is a server. */
export function Save() {
  const [epochs, setEpochs] = useState<number[]>([])
  useEffect(() => {
    const abort = new AbortController()
    newest(abort.signal).then(setEpochs, () => undefined) // no server: that is what this page is for
    return () => abort.abort()
  }, [])
  if (epochs.length === 0) return null
  return (
    <section class="note stack tight">
      <h2>Save these now, and again now and then.</h2>
      <p>They are all that you need to leave without this server, beside your key.</p>
      <p class="line tight">
        <a class="btn slim" href={location.pathname} download="tasknet-exit.html">
          This page
        </a>
        {epochs.map((n) => (
          <a class="btn slim" href={`/v1/records/epochs/${n}/tree`} download={`epoch-${n}.json`}>
            Epoch {n}
          </a>
        ))}
      </p>
    </section>
  )
}
