import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Audio, Image } from '../../api/shared/wire'
import { parts } from '../../answering/shared/types'
import { Icon, Trouble } from '../../frame/view/parts'
import { passageLength, type Draft, type Field } from '../shared/draft'
import { asRequester } from '../shared/requester'
import './asked.css'

// The fields of a question that depend on its type.

interface Props {
  draft: Draft
  set: (part: Partial<Draft>) => void
}

export function Hint({ id, problem, children }: { id: string; problem: string | undefined; children: ComponentChildren }) {
  return (
    <span class={`cap ${problem ? 'bad' : ''}`} id={id} role={problem ? 'alert' : undefined}>
      {problem ?? children}
    </span>
  )
}

/** Sends a file to the server, unless it is too large. */
export function useUpload<T>(mostBytes: number, done: (stored: T) => void): { send: (file: File) => Promise<void>; busy: boolean; error: unknown; large: boolean } {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [large, setLarge] = useState(false)
  const send = async (file: File) => {
    setError(undefined)
    setLarge(file.size > mostBytes)
    if (file.size > mostBytes) return
    setBusy(true)
    try {
      done(await asRequester<T>('/v1/media', { body: file, headers: { 'Content-Type': file.type || 'application/octet-stream' } }))
    } catch (e) {
      setError(e)
    }
    setBusy(false)
  }
  return { send, busy, error, large }
}

export function Passage({ draft, set, problem }: Props & { problem: string | undefined }) {
  const needed = parts[draft.type].passage === true
  const [open, setOpen] = useState(draft.passage !== '')
  if (!needed && !open) {
    return (
      <button type="button" class="btn slim self" onClick={() => setOpen(true)}>
        <Icon of="plus" size={14} /> A passage to read
      </button>
    )
  }
  return (
    <label class="field">
      <span>Passage</span>
      <textarea class="input" rows={4} value={draft.passage} onInput={(e) => set({ passage: e.currentTarget.value })} aria-invalid={problem !== undefined} aria-describedby="passage-hint" />
      <Hint id="passage-hint" problem={problem}>
        {[...draft.passage].length} of {passageLength}. {needed ? 'Its words are marked.' : 'What the question is about.'}
      </Hint>
    </label>
  )
}

const hints: Partial<{ [type in Draft['type']]: string }> = {
  scale: 'From the lowest to the highest.',
  pair: 'What the two are called, such as First and Second.',
  ranking: 'Shown in this order at first.',
}

/** The choices, or the classes of what is marked. */
export function Choices({ draft, set, told, most }: Props & { told: (field: Field) => string | undefined; most: number }) {
  const shape = parts[draft.type]
  if (shape.most === 0) return null
  const noun = shape.classes ? 'Class' : 'Choice'
  const choices = draft.choices.slice(0, shape.most)
  const fixed = shape.least === shape.most
  const wrong = (choice: string, i: number) => told('choices') !== undefined && (choice.trim() === '' || choices.indexOf(choice) !== i)
  return (
    <div class="field" role="group" aria-label={shape.classes ? 'Classes' : 'Choices'}>
      <span>{shape.classes ? 'Classes' : 'Choices'}</span>
      <ul class="stack tight">
        {choices.map((choice, i) => (
          <li key={i} class="line nowrap tight">
            <span class="cap n ordinal">{i + 1}</span>
            <input class="input" value={choice} aria-label={`${noun} ${i + 1}`} aria-invalid={wrong(choice, i)} onInput={(e) => set({ choices: draft.choices.map((c, j) => (j === i ? e.currentTarget.value : c)) })} />
            {shape.pictures && <ChoicePicture draft={draft} set={set} at={i} most={most} />}
            {!fixed && choices.length > shape.least && (
              <button type="button" class="btn bare" aria-label={`Remove ${noun.toLowerCase()} ${i + 1}`} onClick={() => set({ choices: draft.choices.filter((_, j) => j !== i), pictures: draft.pictures.filter((_, j) => j !== i) })}>
                <Icon of="cross" size={16} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {choices.length < shape.most && (
        <button type="button" class="btn slim self" onClick={() => set({ choices: [...draft.choices, ''] })}>
          <Icon of="plus" size={14} /> Another {noun.toLowerCase()}
        </button>
      )}
      <Hint id="choices-hint" problem={told('choices') ?? told('pictures')}>
        {hints[draft.type]} Everyone may also say “Can’t tell”.
      </Hint>
    </div>
  )
}

/** The picture of one choice: a small one that is pressed to remove it, or a button that takes a file. */
function ChoicePicture({ draft, set, at, most }: Props & { at: number; most: number }) {
  const put = (image: Image | undefined) => set({ pictures: Array.from({ length: Math.max(draft.pictures.length, at + 1) }, (_, i) => (i === at ? image : draft.pictures[i])) })
  const { send, busy, error, large } = useUpload<Image>(most, put)
  const image = draft.pictures[at]
  if (image) {
    return (
      <button type="button" class="btn bare choicepicture" aria-label={`Remove the picture of choice ${at + 1}`} onClick={() => put(undefined)}>
        <img class="thumbnail" src={image.url} alt="" width={image.width} height={image.height} />
      </button>
    )
  }
  return (
    <label class={`btn bare choicepicture ${error !== undefined || large ? 'bad' : ''}`}>
      <span class="sr">Picture of choice {at + 1}</span>
      <input class="sr" type="file" accept="image/png,image/jpeg,image/gif,image/webp" disabled={busy} onChange={(e) => e.currentTarget.files?.[0] && void send(e.currentTarget.files[0])} />
      <span class="small" aria-hidden="true">
        {busy ? 'Sending' : large ? 'Too large' : error !== undefined ? 'Failed' : 'Picture'}
      </span>
    </label>
  )
}

/** What only one type has: a number's range, how many may be selected, how long a text may be. */
export function Settings({ draft, set, told }: Props & { told: (field: Field) => string | undefined }) {
  if (draft.type === 'number') {
    return (
      <div class="field" role="group" aria-label="Range">
        <div class="quad">
          <Small label="From" value={draft.from} set={(from) => set({ from })} wrong={told('number')} hint="number-hint" />
          <Small label="To" value={draft.to} set={(to) => set({ to })} wrong={told('number')} hint="number-hint" />
          <Small label="Digits after the point" value={draft.decimals} set={(decimals) => set({ decimals })} wrong={told('number')} hint="number-hint" />
          <Small label="Unit" value={draft.unit} set={(unit) => set({ unit })} wrong={told('number')} hint="number-hint" text />
        </div>
        <Hint id="number-hint" problem={told('number')}>
          Numbers outside the range are not taken.
        </Hint>
      </div>
    )
  }
  if (draft.type === 'multiple') {
    return (
      <div class="field" role="group" aria-label="How many are chosen">
        <div class="pair2">
          <Small label="Choose at least" value={draft.fewest} set={(fewest) => set({ fewest })} wrong={told('selection')} hint="selection-hint" />
          <Small label="Choose at most" value={draft.upto} set={(upto) => set({ upto })} wrong={told('selection')} hint="selection-hint" />
        </div>
        <Hint id="selection-hint" problem={told('selection')}>
          Leave the second empty for all.
        </Hint>
      </div>
    )
  }
  if (draft.type !== 'text') return null
  return (
    <div class="field">
      <Small label="Most characters" value={draft.length} set={(length) => set({ length })} wrong={told('length')} hint="length-hint" />
      <Hint id="length-hint" problem={told('length')}>
        Up to 1000.
      </Hint>
    </div>
  )
}

function Small({ label, value, set, wrong, hint, text = false }: { label: string; value: string; set: (value: string) => void; wrong: string | undefined; hint: string; text?: boolean }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input class="input n" inputMode={text ? 'text' : 'decimal'} value={value} onInput={(e) => set(e.currentTarget.value)} aria-invalid={wrong !== undefined} aria-describedby={hint} />
    </label>
  )
}

export function ClipField({ draft, set, most }: Props & { most: number }) {
  const { send, busy, error, large } = useUpload<Audio>(most, (audio) => set({ audio }))
  return (
    <div class="field">
      <span id="clip-label">Clip</span>
      {draft.audio ? (
        <span class="input line nowrap tight">
          <span class="cap">
            {draft.audio.type.replace('audio/', '')}, {Math.ceil(draft.audio.bytes / 1024)} kB
          </span>
          <button type="button" class="btn bare slim end" aria-label="Remove the clip" onClick={() => set({ audio: undefined })}>
            <Icon of="cross" size={16} />
          </button>
        </span>
      ) : (
        <input class="input" type="file" accept="audio/mpeg,audio/ogg,audio/wav,audio/mp4" aria-labelledby="clip-label" disabled={busy} onChange={(e) => e.currentTarget.files?.[0] && void send(e.currentTarget.files[0])} />
      )}
      <span class={`cap ${large ? 'bad' : ''}`} role={large ? 'alert' : undefined}>
        {large ? `The clip is too large; the most is ${Math.floor(most / 1024 / 1024)} MB.` : busy ? 'Sending the clip' : 'If the question is about something to hear: MP3, Ogg, WAV or M4A.'}
      </span>
      {error !== undefined && <Trouble error={error} />}
    </div>
  )
}
