import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Plan } from '../../api/shared/jobs'
import { count } from '../../frame/shared/words'
import { added, changed, layerTypes, moved, removed, shape, type Draft, type LayerDraft } from '../shared/spec'
import { large } from '../shared/says'
import { Activation, NumberField } from './modelfields'

interface Props {
  d: Draft
  set: (d: Draft) => void
  plan: Plan | undefined
  problem: { layer: number; text: string } | undefined
}

/** The layers of a model in their order, which buttons change: what has the focus keeps it, and what happened is said. */
export function Layers({ d, set, plan, problem }: Props) {
  const [type, setType] = useState('dense')
  const [said, setSaid] = useState('')
  const list = useRef<HTMLElement>(null)
  const wanted = useRef<string>(undefined)
  useLayoutEffect(() => {
    if (!wanted.current) return
    const [id, verb] = wanted.current.split(' ')
    wanted.current = undefined
    // A layer that has come to an end of the list can go no further: the button that leads back has the focus then.
    const buttons = [...list.current!.querySelectorAll<HTMLButtonElement>(`[data-layer="${id}"] button`)]
    ;(buttons.find((b) => b.dataset.verb === verb && !b.disabled) ?? buttons.find((b) => !b.disabled) ?? list.current!.querySelector('select.adding') as HTMLElement | null)?.focus()
  }, [d.layers])
  const act = (after: Draft, words: string, focus: string) => {
    wanted.current = focus
    setSaid(words)
    set(after)
  }
  const fits = plan?.layers.length === d.layers.length + 1 && d.layers.every((l, i) => plan.layers[i]!.type === l.type) ? plan : undefined
  return (
    <section class="card list" ref={list} aria-label="Layers">
      <h2>{d.layers.length === 0 ? 'No layers' : `Its ${count(d.layers.length, 'layer')}`}</h2>
      <ol class="rows long">
        {d.layers.map((l, i) => (
          <LayerRow
            key={l.id}
            l={l}
            at={i}
            of={d.layers.length}
            step={problem ? undefined : fits?.layers[i]}
            problem={problem?.layer === i ? problem.text : undefined}
            change={(part) => set(changed(d, l.id, part))}
            move={(by) => act(moved(d, l.id, by), `${layerTypes[l.type]!.name} is layer ${i + 1 + by} now.`, `${l.id} ${by < 0 ? 'up' : 'down'}`)}
            remove={() => act(removed(d, l.id), `${layerTypes[l.type]!.name} was removed.`, `${(d.layers[i + 1] ?? d.layers[i - 1])?.id ?? 'none'} remove`)}
          />
        ))}
        {fits && (
          <li class="line tight small sec">
            <span>The classes, by themselves</span>
            <span class="end">
              {shape(fits.layers.at(-1)!.in)} to {shape(fits.layers.at(-1)!.out)}, {large(fits.layers.at(-1)!.parameters)} parameters
            </span>
          </li>
        )}
      </ol>
      <div class="line tight bottom pad">
        <label class="field">
          <span>Another layer</span>
          <select class="input adding" value={type} onChange={(e) => setType(e.currentTarget.value)}>
            {Object.entries(layerTypes).map(([id, { name }]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="btn"
          onClick={() => {
            const after = added(d, type)
            act(after, `${layerTypes[type]!.name} is layer ${after.layers.length} now.`, `${after.layers.at(-1)!.id} up`)
          }}
        >
          Add it
        </button>
      </div>
      <p class="cap">{layerTypes[type]!.about[0]!.toUpperCase() + layerTypes[type]!.about.slice(1)}.</p>
      <p class="sr" role="status">
        {said}
      </p>
    </section>
  )
}

interface RowProps {
  l: LayerDraft
  at: number
  of: number
  step: Plan['layers'][number] | undefined
  problem: string | undefined
  change: (part: { activation?: string; values?: { [key: string]: string } }) => void
  move: (by: number) => void
  remove: () => void
}

function LayerRow({ l, at, of, step, problem, change, move, remove }: RowProps) {
  const { name, fields, activation } = layerTypes[l.type]!
  const called = `layer ${at + 1}, ${name}`
  return (
    <li class="stack tight" data-layer={l.id}>
      <div class="line tight">
        <b>
          <span class="n sec">{at + 1}</span> {name}
        </b>
        <span class="small sec">{step && `${shape(step.in)} to ${shape(step.out)}${step.parameters > 0 ? `, ${large(step.parameters)} parameters` : ''}`}</span>
        <span class="line tight end">
          <button type="button" class="btn slim" data-verb="up" disabled={at === 0} onClick={() => move(-1)} aria-label={`Up: ${called}`}>
            Up
          </button>
          <button type="button" class="btn slim" data-verb="down" disabled={at === of - 1} onClick={() => move(1)} aria-label={`Down: ${called}`}>
            Down
          </button>
          <button type="button" class="btn slim" data-verb="remove" onClick={remove} aria-label={`Remove: ${called}`}>
            Remove
          </button>
        </span>
      </div>
      {problem && (
        <p class="small bad" role="alert">
          {problem}
        </p>
      )}
      {(fields.length > 0 || activation) && (
        <div class="pair3 even">
          {fields.map((field) => (
            <NumberField key={field.key} id={`l-${l.id}-${field.key}`} field={field} value={l.values[field.key] ?? ''} set={(value) => change({ values: { [field.key]: value } })} />
          ))}
          {activation && <Activation name="Activation" value={l.activation} set={(activation) => change({ activation })} />}
        </div>
      )}
    </li>
  )
}
