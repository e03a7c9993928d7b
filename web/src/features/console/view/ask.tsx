import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Image, Question } from '../../api/shared/wire'
import { halfway } from '../../api/shared/policy'
import { instance } from '../../identity/shared/session'
import { arrangement, split } from '../../answering/shared/text'
import { hex, random } from '../../proof/shared/bytes'
import { micro, shown } from '../../money/shared/amount'
import { go } from '../../frame/shared/route'
import { CopyButton, Icon, Money, Trouble, useCell, useLoad, useTitle } from '../../frame/view/parts'
import { PhonePreview } from '../../frame/view/preview'
import { fallback, isLabel, parts } from '../../answering/shared/types'
import { blank, body, choicesOf, curl, deadlines, holds, kinds, most, picturesOf, problems, retyped, type Draft } from '../shared/draft'
import { Choices, ClipField, Hint, Passage, Settings, useUpload } from './asked'
import { asRequester } from '../shared/requester'
import { ContentFields } from './content'
import { about, sharedAt, takeShared, type Shared } from '../shared/shared'
import { balance, Desk, refreshBalance } from './desk'
import { Foretold } from './foretold'

export default function Ask() {
  return (
    <Desk>
      <WithShared />
    </Desk>
  )
}

/** The form, with what another app has shared. */
function WithShared() {
  const shared = useLoad(async () => {
    const thing = sharedAt(location.hash)
    if (thing) history.replaceState(null, '', location.pathname) // once
    return { thing: thing ?? (await takeShared().catch(() => undefined)) }
  }, [])
  return shared.value ? <Form shared={shared.value.thing} /> : <div class="bone box" aria-busy="true" />
}

const keptDraft = 'draft'

function restored(): Draft {
  try {
    return { ...blank, ...(JSON.parse(sessionStorage.getItem(keptDraft) ?? '{}') as Partial<Draft>) }
  } catch {
    return blank
  }
}

function Form({ shared }: { shared: Shared | undefined }) {
  const heading = useTitle('Ask a question')
  const here = useLoad(() => instance(), [])
  const money = useCell(balance)
  const [draft, setDraft] = useState<Draft>(() => about(restored(), shared))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  // The same body goes out under the same key, so that a second press after a lost reply does not ask twice.
  const sent = useRef({ json: '', key: '' })

  useEffect(() => {
    if (here.value && draft.price === '') set({ price: here.value.default_price })
  }, [here.value])
  const asked = JSON.stringify(body(draft))
  const command = useMemo(() => curl(location.origin, body(draft), hex(random(16))), [asked])
  const set = (part: Partial<Draft>) =>
    setDraft((before) => {
      const after = { ...before, ...part }
      try {
        sessionStorage.setItem(keptDraft, JSON.stringify(after))
      } catch {
        // It is kept by the page alone.
      }
      return after
    })

  if (here.error !== undefined && !here.value) return <Trouble error={here.error} again={here.again} />
  if (!here.value) return <div class="bone box" aria-busy="true" />
  const { limits, fee_basis_points, token } = here.value
  const wrong = problems(draft, limits)
  const hold = holds(draft, fee_basis_points)
  const short = hold !== undefined && money !== undefined && hold > micro(money.available)
  const told = (field: keyof typeof wrong) => (tried ? wrong[field] : undefined)

  const submit = async () => {
    setTried(true)
    setError(undefined)
    if (Object.keys(wrong).length > 0) {
      document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      return
    }
    if (sent.current.json !== asked) sent.current = { json: asked, key: hex(random(16)) }
    setBusy(true)
    try {
      const question = await asRequester<Question>('/v1/questions', { json: body(draft), headers: { 'Idempotency-Key': sent.current.key } })
      sessionStorage.removeItem(keptDraft)
      void refreshBalance()
      go(`/console/q/${question.id}`)
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }

  return (
    <>
      <h1 class="title" ref={heading} tabIndex={-1}>
        Ask a question
      </h1>
      <form
        class="askgrid"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div class="stack wide-gap">
          <div class="field">
            <span>
              <label for="type">What an answer is</label>
            </span>
            <select id="type" class="input" value={draft.type} onChange={(e) => set(retyped(draft, e.currentTarget.value as Draft['type']))} aria-describedby="type-hint">
              {kinds.map(([group, types]) => (
                <optgroup key={group} label={group}>
                  {types.map(([type, name]) => (
                    <option key={type} value={type}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
            <span class="cap" id="type-hint">
              {kinds.flatMap(([, types]) => types).find(([type]) => type === draft.type)?.[2]}
            </span>
          </div>
          <label class="field">
            <span>Question</span>
            <textarea class="input ask" rows={2} value={draft.text} onInput={(e) => set({ text: e.currentTarget.value })} aria-invalid={told('text') !== undefined} aria-describedby="text-hint" />
            <Hint id="text-hint" problem={told('text')}>
              {[...draft.text].length} of {limits.text_length}. Short questions are answered faster and better.
            </Hint>
          </label>
          <Passage draft={draft} set={set} problem={told('passage')} />
          <Choices draft={draft} set={set} told={told} most={limits.media_bytes} />
          <Settings draft={draft} set={set} told={told} />
          <PictureField draft={draft} shared={shared} set={set} most={limits.media_bytes} problem={told('image')} />
          <ClipField draft={draft} set={set} most={limits.media_bytes} />
          <ContentFields marks={draft} set={set} />
        </div>
        <div class="stack wide-gap">
          <div class="card stack snug2">
            <div class="seg" role="group" aria-label="When it stops">
              <button type="button" aria-pressed={draft.rule === 'fixed'} onClick={() => set({ rule: 'fixed' })}>
                Fixed number
              </button>
              <button type="button" aria-pressed={draft.rule === 'confidence'} disabled={!isLabel(draft.type)} onClick={() => set({ rule: 'confidence' })}>
                When sure
              </button>
            </div>
            {!isLabel(draft.type) && <p class="cap">Asking until one is sure needs an answer that is one choice.</p>}
            {draft.rule === 'fixed' ? (
              <label class="field">
                <span>Answers</span>
                <input class="input n" inputMode="numeric" value={draft.people} onInput={(e) => set({ people: e.currentTarget.value })} aria-invalid={told('people') !== undefined} aria-describedby="people-hint" />
                <Hint id="people-hint" problem={told('people')}>
                  By that many different people.
                </Hint>
              </label>
            ) : (
              <>
                <label class="field">
                  <span class="line">
                    Stop when this sure <b class="end n large">{draft.target}</b>
                  </span>
                  <input class="range" type="range" min="60" max="99" value={Math.round(Number(draft.target) * 100)} style={{ '--v': (Number(draft.target) * 100 - 60) / 39 }} onInput={(e) => set({ target: (Number(e.currentTarget.value) / 100).toFixed(2) })} />
                </label>
                <div class="pair2">
                  <label class="field">
                    <span>At least</span>
                    <input class="input n" inputMode="numeric" value={draft.least} onInput={(e) => set({ least: e.currentTarget.value })} aria-invalid={told('bounds') !== undefined} aria-describedby="bounds-hint" />
                  </label>
                  <label class="field">
                    <span>At most</span>
                    <input class="input n" inputMode="numeric" value={draft.most} onInput={(e) => set({ most: e.currentTarget.value })} aria-invalid={told('bounds') !== undefined} aria-describedby="bounds-hint" />
                  </label>
                </div>
                <Hint id="bounds-hint" problem={told('bounds')}>
                  Answers, by different people.
                </Hint>
                <label class="field">
                  <span>Until it can be trusted</span>
                  <input class="input n" inputMode="numeric" value={draft.fallback} placeholder={String(halfway(Number(draft.least), Number(draft.most)) || '')} onInput={(e) => set({ fallback: e.currentTarget.value })} aria-invalid={told('fallback') !== undefined} aria-describedby="fallback-hint" />
                  <Hint id="fallback-hint" problem={told('fallback')}>
                    So many answers while fewer than 59 known ones show that being sure means being right.
                  </Hint>
                </label>
              </>
            )}
            <div class="pair2">
              <label class="field">
                <span>Pay, {token.symbol}</span>
                <input class="input n" inputMode="decimal" value={draft.price} onInput={(e) => set({ price: e.currentTarget.value })} aria-invalid={told('price') !== undefined} aria-describedby="price-hint" />
                <Hint id="price-hint" problem={told('price')}>
                  For one answer, to the person who gives it.
                </Hint>
              </label>
              <label class="field">
                <span>Deadline</span>
                <select class="input" value={String(draft.deadline)} onChange={(e) => set({ deadline: Number(e.currentTarget.value) })}>
                  {deadlines
                    .filter(([s]) => s >= limits.deadline_seconds_min && s <= limits.deadline_seconds_max)
                    .map(([seconds, word]) => (
                      <option value={String(seconds)}>{word}</option>
                    ))}
                </select>
              </label>
            </div>
          </div>
          {Object.keys(wrong).length === 0 && <Foretold of={{ question: body(draft) }} pay={(price) => set({ price })} />}
          <div class="stack tight">
            {hold !== undefined && (
              <p class="small sec">
                Never more than <Money of={hold} symbol={token.symbol} />: {most(draft)} {most(draft) === 1 ? 'answer' : 'answers'} and a fee of {fee_basis_points / 100} %. What is not used comes back when it closes.
              </p>
            )}
            {short && (
              <p class="note">
                Your balance is {shown(money.available)} {money.symbol}. <a href="/console/money">Deposit</a> before you ask this.
              </p>
            )}
            {error !== undefined && <Trouble error={error} />}
            <button type="submit" class="btn main big" disabled={busy || short}>
              {busy ? 'Asking' : hold === undefined ? 'Ask now' : `Ask now, hold ${shown(hold)} ${token.symbol}`}
            </button>
          </div>
          <div class="stack tight">
            <div class="line">
              <h2 class="small">The same, by API</h2>
              <CopyButton class="end" text={command} />
            </div>
            <pre class="code" tabIndex={0} aria-label="The same question as a curl command">
              {command}
            </pre>
            <p class="cap">Sent twice under the same Idempotency-Key, it asks once. Each edit above gives it a fresh one.</p>
          </div>
        </div>
        <Preview draft={draft} symbol={token.symbol} />
      </form>
    </>
  )
}

function PictureField({ draft, shared, set, most: mostBytes, problem }: { draft: Draft; shared: Shared | undefined; set: (part: Partial<Draft>) => void; most: number; problem: string | undefined }) {
  const { send, busy, error, large } = useUpload<Image>(mostBytes, (image) => set({ image }))
  useEffect(() => {
    if (shared?.picture) void send(shared.picture)
  }, [])
  return (
    <div class="stack tight">
      <div class="field">
        <span id="picture-label">Picture</span>
        {draft.image ? (
          <span class="input line nowrap tight">
            <img class="thumbnail" src={draft.image.url} alt="" width={draft.image.width} height={draft.image.height} />
            <span class="cap">
              {draft.image.width} × {draft.image.height}, {Math.ceil(draft.image.bytes / 1024)} kB
            </span>
            <button type="button" class="btn bare slim end" aria-label="Remove the picture" onClick={() => set({ image: undefined, alt: '' })}>
              <Icon of="cross" size={16} />
            </button>
          </span>
        ) : (
          <input class="input" type="file" accept="image/png,image/jpeg,image/gif,image/webp" aria-labelledby="picture-label" aria-invalid={problem !== undefined} disabled={busy} onChange={(e) => e.currentTarget.files?.[0] && void send(e.currentTarget.files[0])} />
        )}
        <span class={`cap ${large || problem ? 'bad' : ''}`} role={large || problem ? 'alert' : undefined}>
          {problem && !large ? problem : large ? `The picture is too large; the most is ${Math.floor(mostBytes / 1024 / 1024)} MB.` : busy ? 'Sending the picture' : shared?.lost && !draft.image ? 'The picture that you shared did not come along. Choose it here.' : 'If the question needs one. Place and camera data are removed.'}
        </span>
      </div>
      {error !== undefined && <Trouble error={error} />}
      {draft.image && (
        <label class="field">
          <span>What it shows</span>
          <input class="input" maxLength={300} value={draft.alt} onInput={(e) => set({ alt: e.currentTarget.value })} />
          <span class="cap">For people who do not see it, without giving the answer away.</span>
        </label>
      )}
    </div>
  )
}

/** The question as a phone will show it. */
function Preview({ draft, symbol }: { draft: Draft; symbol: string }) {
  const { ask, passage } = draft.passage.trim() ? { ask: draft.text, passage: draft.passage.trim() } : split(draft.text)
  const alone = !draft.image && !passage && !draft.audio && draft.type !== 'ranking'
  const words = ask || fallback({ type: draft.type, audio: draft.audio })
  return (
    <PhonePreview price={draft.price} symbol={symbol} answers={<Answered draft={draft} />}>
      {!alone && <p class="ask">{words}</p>}
      {draft.image && (
        <div class="media" style={{ '--ratio': draft.image.width / draft.image.height }}>
          <img src={draft.image.url} alt="" width={draft.image.width} height={draft.image.height} />
        </div>
      )}
      {draft.audio && <div class="previewclip">▶</div>}
      {passage && (
        <div class={`quote ${passage.length > 280 ? 'reading' : ''}`}>
          <p>{passage}</p>
        </div>
      )}
      {alone && (
        <div class="quote alone">
          <p class="ask">{ask || 'Your question'}</p>
        </div>
      )}
    </PhonePreview>
  )
}

/** What is answered on, in the preview. */
function Answered({ draft }: { draft: Draft }) {
  const choices = draft.type === 'yes_no' ? ['Yes', 'No'] : choicesOf(draft)
  const named = choices.map((c, i) => c || `${parts[draft.type].classes ? 'Class' : 'Choice'} ${i + 1}`)
  const send = <span class="btn main big">Send</span>
  switch (draft.type) {
    case 'number':
      return (
        <div class="stack tight">
          <span class="answer centred">
            {draft.from} to {draft.to} {draft.unit}
          </span>
          {send}
        </div>
      )
    case 'text':
      return (
        <div class="stack tight">
          <span class="answer">0 of {draft.length}</span>
          {send}
        </div>
      )
    case 'boxes':
    case 'polygons':
    case 'mask':
    case 'spans':
      return (
        <div class="stack tight">
          <span class="line tight">
            {named.map((name) => (
              <span class="chip">{name}</span>
            ))}
          </span>
          {send}
        </div>
      )
    default:
      return (
        <div class={`answers ${draft.type === 'ranking' ? 'list' : draft.type === 'yes_no' ? 'two' : arrangement(named)}`}>
          {named.map((name, i) => (
            <span class="answer">
              {picturesOf(draft)[i] && <img class="thumbnail" src={picturesOf(draft)[i]!.url} alt="" width="28" height="28" />}
              {name}
            </span>
          ))}
          {(draft.type === 'multiple' || draft.type === 'ranking') && send}
        </div>
      )
  }
}
