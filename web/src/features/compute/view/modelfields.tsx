import { TextField } from '../../projects/view/field'
import { activations, inputKinds, isOwn, learning, losses, problemOf, type Draft, type Field } from '../shared/spec'

interface Props {
  d: Draft
  set: (d: Draft) => void
}

/** A number, with what it is when it is left empty. */
export function NumberField({ field, id, value, set, name = field.name }: { field: Field; id: string; value: string; set: (value: string) => void; name?: string }) {
  return <TextField id={id} name={name} mode={field.whole ? 'numeric' : 'decimal'} value={value} set={set} problem={problemOf(field, value)} hint={field.empty !== undefined && value.trim() === '' ? `${field.empty} if left empty` : undefined} />
}

function Numbers({ d, set, fields }: Props & { fields: Field[] }) {
  return (
    <div class="pair3 even">
      {fields.map((field) => (
        <NumberField key={field.key} id={`m-${field.key}`} field={field} value={d.values[field.key] ?? ''} set={(value) => set({ ...d, values: { ...d.values, [field.key]: value } })} />
      ))}
    </div>
  )
}

export function InputFields({ d, set }: Props) {
  return (
    <>
      <label class="field">
        <span>Each example is</span>
        <select class="input" value={d.input} onChange={(e) => set({ ...d, input: e.currentTarget.value })}>
          {Object.entries(inputKinds).map(([kind, { name }]) => (
            <option key={kind} value={kind}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {inputKinds[d.input]!.fields.length > 0 && <Numbers d={d} set={set} fields={inputKinds[d.input]!.fields} />}
      {d.input === 'numbers' && <TextField id="m-columns" name="Columns, one a line" rows={3} value={d.columns} set={(columns) => set({ ...d, columns })} hint="Left empty: those of the table." />}
    </>
  )
}

export function LearningFields({ d, set }: Props) {
  return (
    <>
      <label class="field">
        <span>What it makes small</span>
        <select class="input" value={d.loss} onChange={(e) => set({ ...d, loss: e.currentTarget.value })}>
          {Object.entries(losses).map(([type, name]) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div class="pair2">
        <label class="field">
          <span>Optimiser</span>
          <select class="input" value={d.optimizer} onChange={(e) => set({ ...d, optimizer: e.currentTarget.value })}>
            <option value="adamw">AdamW</option>
            <option value="sgd">SGD with momentum</option>
          </select>
        </label>
        <label class="field">
          <span>Learning rate over time</span>
          <select class="input" value={d.schedule} onChange={(e) => set({ ...d, schedule: e.currentTarget.value })}>
            <option value="cosine">falls along a cosine</option>
            <option value="constant">stays as it is</option>
          </select>
        </label>
      </div>
      <Numbers d={d} set={set} fields={learning.optimizer!.filter((f) => isOwn(d, f))} />
      <Numbers d={d} set={set} fields={learning.training!.filter((f) => isOwn(d, f))} />
      {d.input === 'image' && (
        <>
          <h3 class="b small">Pictures are changed a little each time they are seen</h3>
          <Numbers d={d} set={set} fields={learning.augment!} />
          <label class="line tight">
            <input type="checkbox" class="switch" checked={d.flip} onChange={(e) => set({ ...d, flip: e.currentTarget.checked })} />
            <span class="small">Left and right change places, half the time</span>
          </label>
        </>
      )}
    </>
  )
}

export function ClassFields({ d, set }: Props) {
  return <TextField id="m-classes" name="Classes, one a line" rows={3} value={d.classes} set={(classes) => set({ ...d, classes })} hint="Left empty: the labels of the data." />
}

/** What a layer does to its outputs. */
export function Activation({ value, set, name }: { value: string; set: (value: string) => void; name: string }) {
  return (
    <label class="field">
      <span>{name}</span>
      <select class="input" value={value} onChange={(e) => set(e.currentTarget.value)}>
        {activations.map((a) => (
          <option key={a} value={a}>
            {a}
          </option>
        ))}
      </select>
    </label>
  )
}
