import { useEffect, useRef, useState } from 'preact/hooks'
import { Unreachable } from '../../api/shared/http'
import type { Import, Imports, Project } from '../../api/shared/projects'
import { regions } from '../../answering/shared/types'
import { asRequester } from '../../console/shared/requester'
import { balance } from '../../console/view/desk'
import { count, when } from '../../frame/shared/words'
import { Money, Trouble, useCell, useInterval } from '../../frame/view/parts'
import { usePages } from '../../frame/view/pages'
import { hex, random } from '../../proof/shared/bytes'
import { giveUp, pathOf, send, sendings, type Sending } from '../shared/sending'
import { bytes, continues, nameOfPasted } from '../shared/upload'
import { Room, type Inside } from './room'

export default function ImportsPage({ id }: { id: string }) {
  return (
    <Room id={id} at="imports">
      {(inside) => <List inside={inside} />}
    </Room>
  )
}

const sizeMax = 4 * 2 ** 30

function List({ inside }: { inside: Inside }) {
  const { project } = inside
  const sent = useCell(sendings)
  const path = `/v1/projects/${project.id}/imports`
  const { all: imports, next, error, load, change } = usePages(async (cursor, signal) => {
    const page = await asRequester<Imports>(`${path}?${new URLSearchParams({ limit: '20', ...(cursor && { cursor }) })}`, { signal })
    return { items: page.imports, next: page.next }
  }, [])
  const moving = imports?.some((i) => i.state === 'running' || i.state === 'receiving') ?? false
  const more = imports !== undefined && imports.length > 20
  // Rows come in by the hundreds; a page that was continued is read one by one, so that it stays as long as it is.
  useInterval(() => {
    if (!moving) return
    if (!more) void load()
    else for (const i of imports!.filter((each) => each.state === 'running')) void asRequester<Import>(pathOf(i)).then(replace, () => undefined)
  }, 1000)
  const replace = (i: Import) => change((before) => before?.map((b) => (b.id === i.id ? i : b)))
  const running = imports?.filter((i) => i.state === 'running').length
  useEffect(() => {
    if (imports) inside.again()
  }, [running])

  const begin = async (file: Blob, name: string, key: string) => {
    const i = await asRequester<Import>(path, { json: { name }, headers: { 'Idempotency-Key': key } })
    change((before) => [i, ...(before ?? []).filter((b) => b.id !== i.id)])
    void send(file, i).then(() => load())
  }

  return (
    <>
      {project.status === 'cancelled' ? (
        <p class="note">The project is cancelled. Reopen it under Overview to add tasks.</p>
      ) : (
        <Add project={project} begin={begin} />
      )}
      {error !== undefined && !(imports && error instanceof Unreachable) && <Trouble error={error} again={() => void load()} />}
      {imports === undefined && error === undefined && <div class="bone row" role="status" aria-label="Loading" />}
      {imports && imports.length > 0 && (
        <section class="stack" aria-label="Imports">
          {imports.map((i) => (
            <Card key={i.id} i={i} project={project} sending={sent.get(i.id)} replace={replace} />
          ))}
          {next && (
            <p>
              <button type="button" class="btn slim" onClick={() => void load(next)}>
                Older imports
              </button>
            </p>
          )}
        </section>
      )}
    </>
  )
}

/** A file, or rows that are pasted. */
function Add({ project, begin }: { project: Project; begin: (file: Blob, name: string, key: string) => Promise<void> }) {
  const [way, setWay] = useState<'file' | 'paste'>('file')
  const [text, setText] = useState('')
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState('')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const attempt = useRef({ of: '', key: '' })
  const take = async (file: Blob, name: string) => {
    setError(undefined)
    setProblem(file.size > sizeMax ? 'A file of tasks may have 4 GiB; cut it into several.' : file.size === 0 ? 'The file is empty.' : '')
    if (file.size > sizeMax || file.size === 0) return false
    // The same file goes under the same key until it is taken, so that a second press after a lost reply begins one import.
    const of = `${name} ${file.size} ${file instanceof File ? file.lastModified : ''}`
    if (attempt.current.of !== of) attempt.current = { of, key: hex(random(16)) }
    setBusy(true)
    try {
      await begin(file, name, attempt.current.key)
      attempt.current = { of: '', key: '' }
      setBusy(false)
      return true
    } catch (e) {
      setError(e)
      setBusy(false)
      return false
    }
  }
  const paste = async () => {
    if (text.trim() === '') setProblem('Paste at least a header and a row.')
    else if (await take(new Blob([text]), nameOfPasted(text))) setText('')
  }
  return (
    <section class="card stack">
      <div class="line">
        <h2>Add tasks</h2>
        <div class="seg end" role="group" aria-label="From where">
          <button type="button" aria-pressed={way === 'file'} onClick={() => setWay('file')}>
            A file
          </button>
          <button type="button" aria-pressed={way === 'paste'} onClick={() => setWay('paste')}>
            Paste rows
          </button>
        </div>
      </div>
      {project.status === 'paused' && <p class="note">The project is paused: a file is taken, and read once you resume.</p>}
      {way === 'file' ? (
        <div
          class={`drop ${over ? 'over' : ''}`}
          onDragOver={(e) => (e.preventDefault(), setOver(true))}
          onDragLeave={() => setOver(false)}
          onDrop={(e) => {
            e.preventDefault()
            setOver(false)
            const file = e.dataTransfer?.files[0]
            if (file) void take(file, file.name)
          }}
        >
          <label class="field">
            <span>File of tasks</span>
            <input
              class="input"
              type="file"
              disabled={busy}
              aria-describedby="file-hint"
              onChange={(e) => {
                const input = e.currentTarget
                const file = input.files?.[0]
                if (file) void take(file, file.name).then(() => (input.value = ''))
              }}
            />
          </label>
          <p class="cap" id="file-hint">
            Choose it, or drop it here. CSV, JSON lines, Parquet, Label Studio’s JSON, COCO, or a zip or tar of pictures or clips; up to 4 GiB.
          </p>
        </div>
      ) : (
        <form
          class="stack tight"
          onSubmit={(event) => {
            event.preventDefault()
            void paste()
          }}
        >
          <label class="field">
            <span>Rows</span>
            <textarea class="input fact" rows={8} spellcheck={false} value={text} onInput={(e) => (setText(e.currentTarget.value), setProblem(''))} aria-invalid={problem !== ''} aria-describedby="rows-hint" />
            <span class="cap" id="rows-hint">
              As CSV with a header, with tabs as a table of a spreadsheet copies, or one JSON object a line.
            </span>
          </label>
          <button type="submit" class="btn main self" disabled={busy}>
            Add these rows
          </button>
        </form>
      )}
      {problem && (
        <p class="bad small" role="alert">
          {problem}
        </p>
      )}
      {error !== undefined && <Trouble error={error} />}
      <Columns project={project} />
    </section>
  )
}

/** Which columns are read, with an example that fits the project. */
function Columns({ project }: { project: Project }) {
  return (
    <details class="small">
      <summary>What is read of a row</summary>
      <div class="scroll">
        <table class="table">
          <thead>
            <tr>
              <th>Column</th>
              <th>What it is</th>
            </tr>
          </thead>
          <tbody>
            {columns(project).map(([name, says]) => (
              <tr key={name}>
                <td class="fact">{name}</td>
                <td>{says}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <pre class="code" tabIndex={0} aria-label="Example">
        {sample(project)}
      </pre>
    </details>
  )
}

function columns({ type, text, choices }: Project): [string, string][] {
  const items = (type === 'pair' || type === 'ranking') && choices.length === 0
  return [
    ['key', 'Your own word for the row. One that is there already changes nothing, so that a file can be sent again. Left out: made of the content.'],
    ['text', text ? 'What the question is about, to be read.' : 'The question of this row.'],
    ...(text ? [] : ([['passage', 'A longer text that the question is about.']] as [string, string][])),
    ['image, audio', 'An address that it is fetched from, the name of a file in the same archive, or the hash of an upload.'],
    ...(items ? ([['choices', 'The items that are compared, as a JSON list, or left and right.']] as [string, string][]) : []),
    ['importance', 'How many times your price the task pays, from 1 to 10.'],
    ['truth', 'What is known to be the answer. People never see it; it measures them.'],
  ]
}

function sample({ type, text, choices }: Project): string {
  const items = (type === 'pair' || type === 'ranking') && choices.length === 0
  if (items) return 'key,left,right\nrow-1,First text,Second text\nrow-2,Another,And one more'
  const truth = choices[0] ?? (type === 'number' ? '12' : 'known')
  if (regions(type)) return 'key,image\nrow-1,https://example.org/street-1.jpg\nrow-2,https://example.org/street-2.jpg'
  const words = text ? ['You have won a prize', 'See you at eight'] : ['Is 17 a prime number?', 'Is 21 a prime number?']
  return `key,text,truth\nrow-1,${words[0]},${truth}\nrow-2,${words[1]},`
}

const states: { [state in Import['state']]: string } = { receiving: 'uploading', running: 'reading', stopped: 'stopped', done: 'done', cancelled: 'cancelled' }

function Card({ i, project, sending, replace }: { i: Import; project: Project; sending: Sending | undefined; replace: (i: Import) => void }) {
  const [error, setError] = useState<unknown>()
  const over = i.state === 'done' || i.state === 'cancelled'
  const act = async (verb: 'start' | 'cancel') => {
    setError(undefined)
    try {
      if (verb === 'cancel') giveUp(i.id)
      replace(await asRequester<Import>(`${pathOf(i)}/${verb}`, { method: 'POST' }))
    } catch (e) {
      setError(e)
    }
  }
  const tone = i.state === 'stopped' ? 'bad' : i.state === 'done' ? 'good' : over ? '' : 'live'
  return (
    <article class="card stack tight" aria-label={i.name}>
      <div class="line">
        <h3 class="b breaking">{i.name}</h3>
        <span class={`chip ${tone}`}>{i.state === 'receiving' && !sending ? 'not all here' : i.problem === 'insufficient_funds' ? 'stopped: no money' : states[i.state]}</span>
        <span class="cap">{when(i.created_at)}</span>
        {!over && (
          <button type="button" class="btn slim end" onClick={() => void act('cancel')}>
            {i.state === 'receiving' ? 'Give it up' : 'End it'}
          </button>
        )}
      </div>
      {i.state === 'receiving' && <Upload i={i} sending={sending} />}
      {i.state !== 'receiving' && (
        <p class="line small" role={i.state === 'running' ? 'status' : undefined}>
          <span>
            <b class="n">{i.made.toLocaleString('en')}</b> {i.made === 1 ? 'task' : 'tasks'} made
          </span>
          {i.known > 0 && (
            <span class="sec">
              <b class="n">{i.known.toLocaleString('en')}</b> {i.known === 1 ? 'was' : 'were'} there already
            </span>
          )}
          {i.repeated > 0 && (
            <span class="sec">
              <b class="n">{i.repeated.toLocaleString('en')}</b> {i.repeated === 1 ? 'repeats' : 'repeat'} a key
            </span>
          )}
          {i.malformed > 0 && (
            <span class="bad">
              <b class="n">{i.malformed.toLocaleString('en')}</b> malformed
            </span>
          )}
          <span class="sec end">
            {count(i.rows, 'row')} read of {bytes(i.bytes)}
          </span>
        </p>
      )}
      {i.state === 'running' && project.status === 'paused' && <p class="small sec">It waits until the project is resumed.</p>}
      {i.state === 'stopped' && <Stopped i={i} project={project} start={() => void act('start')} />}
      {i.first_malformed.length > 0 && <BadRows i={i} />}
      {i.state === 'cancelled' && i.made > 0 && <p class="small sec">Ended. The tasks that it made stay.</p>}
      {error !== undefined && <Trouble error={error} />}
    </article>
  )
}

function Upload({ i, sending }: { i: Import; sending: Sending | undefined }) {
  const [problem, setProblem] = useState('')
  if (sending && sending.error === undefined) {
    const share = sending.size === 0 ? 0 : sending.sent / sending.size
    return (
      <>
        <span class="track" role="progressbar" aria-label={`Uploading ${i.name}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
          <i style={{ '--v': share }} />
        </span>
        <p class="cap" role="status">
          {sending.waiting ? 'The server does not answer. It goes on by itself from ' : ''}
          {bytes(sending.sent)} of {bytes(sending.size)}
        </p>
      </>
    )
  }
  return (
    <>
      {sending?.error !== undefined && <Trouble error={sending.error} />}
      <label class="field">
        <span>The same file again</span>
        <input
          class="input"
          type="file"
          onChange={(e) => {
            const file = e.currentTarget.files?.[0]
            if (!file) return
            if (continues(file, i)) void send(file, i)
            else setProblem(`That is another file. This upload is of ${i.name}, and ${bytes(i.bytes)} of it are here.`)
          }}
        />
        <span class={`cap ${problem ? 'bad' : ''}`} role={problem ? 'alert' : undefined}>
          {problem || `The upload was interrupted at ${bytes(i.bytes)}. Choose the file again, and it goes on from there.`}
        </span>
      </label>
    </>
  )
}

/** Why an import stopped, and how it goes on. */
function Stopped({ i, project, start }: { i: Import; project: Project; start: () => void }) {
  const money = useCell(balance)
  const poor = i.problem === 'insufficient_funds'
  return (
    <div class="note wrong act" role="alert">
      <p>
        {poor ? (
          <>
            The balance did not cover the next tasks.{money && <> Each sets aside <Money of={project.hold} symbol={money.symbol} />, and you have <Money of={money.available} symbol={money.symbol} /> now.</>} Deposit what is missing, then go on: it continues where it stopped.
          </>
        ) : (
          i.detail
        )}{' '}
        <code>{i.problem}</code>
      </p>
      <div class="line tight">
        {poor && (
          <a class="btn" href="/console/money">
            Deposit
          </a>
        )}
        <button type="button" class="btn main" onClick={start}>
          Go on
        </button>
      </div>
    </div>
  )
}

function BadRows({ i }: { i: Import }) {
  return (
    <details class="small" open={i.malformed <= 5}>
      <summary>{i.malformed > i.first_malformed.length ? `The first ${i.first_malformed.length} malformed rows` : count(i.malformed, 'malformed row')}</summary>
      <table class="table">
        <thead>
          <tr>
            <th class="r">Where</th>
            <th>What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {i.first_malformed.map((row, n) => (
            <tr key={n}>
              <td class="r n">{row.file ?? row.line}</td>
              <td class="breaking">{row.problem}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
