import { useEffect, useRef, useState } from 'preact/hooks'
import { count } from '../../frame/shared/words'
import { bytes } from '../../projects/shared/upload'
import { tableOf } from '../shared/reading'
import { formOf, Unreadable, type Table } from '../shared/table'

/** The files that a job reads, and what is in them. */
export interface Data {
  files: { role: string; file: File }[]
  table?: Table
}

interface Props {
  kind: string
  data: Data | undefined
  set: (data: Data | undefined) => void
  /** They are being sent. */
  locked: boolean
}

/** The file that a job is about, read here before it is sent anywhere. */
export function DataFields({ kind, data, set, locked }: Props) {
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState('')
  const [read, setRead] = useState<{ done: number; of: number }>()
  const under = useRef<AbortController>(undefined)
  useEffect(() => () => under.current?.abort(), [])
  const file = data?.files[0]?.file
  const labels = data?.files[1]?.file
  const pictures = file && formOf(file.name) === 'idx'

  const take = async (file: File, labels: File | undefined) => {
    under.current?.abort()
    const { signal } = (under.current = new AbortController())
    const files = [{ role: 'data', file }, ...(labels ? [{ role: 'labels', file: labels }] : [])]
    setProblem('')
    set({ files })
    if (formOf(file.name) === 'idx' && !labels) return
    setRead({ done: 0, of: file.size })
    try {
      const table = await tableOf(file, labels, signal, (done) => setRead({ done, of: file.size }))
      set({ files, table })
    } catch (error) {
      if (signal.aborted) return
      setProblem(error instanceof Unreadable ? error.message : 'The file cannot be read: it may have been moved or changed since it was chosen.')
    }
    setRead(undefined)
  }

  return (
    <section class="card stack">
      <h2>{kind === 'infer' ? 'The tasks' : 'The labels'}</h2>
      <div
        class={`drop ${over ? 'over' : ''}`}
        onDragOver={(e) => (e.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault()
          setOver(false)
          const dropped = e.dataTransfer?.files[0]
          if (dropped && !locked) void take(dropped, undefined)
        }}
      >
        <label class="field">
          <span>File</span>
          <input class="input" type="file" disabled={locked} aria-invalid={problem !== ''} aria-describedby="data-hint" onChange={(e) => e.currentTarget.files?.[0] && void take(e.currentTarget.files[0], undefined)} />
        </label>
        <p class="cap" id="data-hint">
          A table (.csv) with {kind === 'infer' ? 'a column text, or columns of numbers' : 'a column label, and a column text or columns of numbers'}; rows.jsonl of a dataset’s export; or grey pictures in the IDX format. It is read here first, and sent when you say so.
        </p>
      </div>
      {pictures && (
        <label class="field">
          <span>File of their labels</span>
          <input class="input" type="file" disabled={locked} onChange={(e) => e.currentTarget.files?.[0] && void take(file, e.currentTarget.files[0])} />
          <span class="cap">IDX pictures have their labels in another file{labels ? `: ${labels.name}` : ''}.</span>
        </label>
      )}
      {read && (
        <>
          <span class="track" role="progressbar" aria-label="Reading the file" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round((100 * read.done) / Math.max(1, read.of))}>
            <i style={{ '--v': read.done / Math.max(1, read.of) }} />
          </span>
          <p class="cap">
            {bytes(read.done)} of {bytes(read.of)} read
          </p>
        </>
      )}
      {problem && (
        <p class="small bad breaking" role="alert">
          {problem}
        </p>
      )}
      {data?.table && !problem && <Found t={data.table} name={file!.name} />}
    </section>
  )
}

/** What was found in a file. */
function Found({ t, name }: { t: Table; name: string }) {
  return (
    <div class="small" role="status">
      <p class="breaking">
        <b class="n">{t.rows.toLocaleString('en')}</b> {t.rows === 1 ? 'row' : 'rows'} in {name}, {t.labeled === t.rows ? 'all with labels' : t.labeled === 0 ? 'none with a label' : `${t.labeled.toLocaleString('en')} with labels`}
        {t.size && `, pictures of ${t.size.height}×${t.size.width}`}.
      </p>
      {t.classes.length > 0 && (
        <p class="sec breaking">
          {count(t.classes.length, 'class', 'classes')}: {t.classes.slice(0, 12).join(', ')}
          {t.classes.length > 12 && ', …'}
        </p>
      )}
      {t.columns.length > 0 && (
        <p class="sec breaking">
          {count(t.columns.length, 'column')} of numbers: {t.columns.slice(0, 12).join(', ')}
          {t.columns.length > 12 && ', …'}
        </p>
      )}
      {t.wordy.length > 0 && <p class="sec breaking">Not used, since not all of it is numbers: {t.wordy.slice(0, 12).join(', ')}</p>}
    </div>
  )
}
