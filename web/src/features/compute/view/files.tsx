import { useEffect, useRef, useState } from 'preact/hooks'
import type { JobFile } from '../../api/shared/jobs'
import { Trouble } from '../../frame/view/parts'
import { save } from '../../frame/view/download'
import { bytes } from '../../projects/shared/upload'
import { Damaged } from '../shared/artefact'
import { fetchArtefact, type Moving } from '../shared/fetching'
import { output } from '../shared/says'

export interface Made {
  role: string
  /** The parts' files, in their order. */
  files: JobFile[]
}

/** What a job has made, to be saved. Each piece is checked on its way. */
export function Files({ made, title, partial }: { made: Made[]; title: string; partial: boolean }) {
  return (
    <section class="card">
      <h2>Files</h2>
      {partial && <p class="cap">Of the parts that are done and listed below; load all parts to save all of it.</p>}
      <ul class="rows downloads">
        {made.map((m) => (
          <File key={m.role} made={m} title={title} />
        ))}
      </ul>
    </section>
  )
}

function File({ made, title }: { made: Made; title: string }) {
  const [moving, setMoving] = useState<Moving>()
  const [error, setError] = useState<unknown>()
  const under = useRef<AbortController>(undefined)
  useEffect(() => () => under.current?.abort(), [])
  const { name, file } = output(made.role)
  const size = made.files.reduce((n, f) => n + f.bytes, 0)
  const take = async () => {
    const abort = (under.current = new AbortController())
    setError(undefined)
    setMoving({ done: 0, of: size, waiting: false })
    try {
      const got: Blob[] = []
      let before = 0
      for (const f of made.files) {
        got.push(await fetchArtefact(f.artefact, abort.signal, (at) => setMoving({ done: before + at.done, of: size, waiting: at.waiting })))
        before += f.bytes
      }
      await save(new Blob(got), `${title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}-${file}`)
    } catch (e) {
      if (!abort.signal.aborted) setError(e)
    }
    setMoving(undefined)
  }
  return (
    <li>
      <span>
        {name} <span class="cap block">{`${file}, ${bytes(size)}${made.files.length > 1 ? ` in ${made.files.length} parts` : ''}`}</span>
        {moving && (
          <>
            <span class="track" role="progressbar" aria-label={`Saving ${file}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round((100 * moving.done) / Math.max(1, moving.of))}>
              <i style={{ '--v': moving.done / Math.max(1, moving.of) }} />
            </span>
            {moving.waiting && <span class="cap">The server does not answer. It is asked again by itself.</span>}
          </>
        )}
        {error instanceof Damaged ? (
          <span class="small bad block" role="alert">
            {error.message} Nothing was saved. Try again, and tell the operator if it stays so.
          </span>
        ) : (
          error !== undefined && <Trouble error={error} />
        )}
      </span>
      <button type="button" class="btn slim end" onClick={() => (moving ? under.current?.abort() : void take())}>
        {moving ? 'Stop' : 'Save'}
        <span class="sr"> {file}</span>
      </button>
    </li>
  )
}
