import type { ComponentChildren } from 'preact'

/** What is said below a field: how it is meant, or what is wrong. */
export function Hint({ id, problem, children }: { id: string; problem: string | undefined; children?: ComponentChildren }) {
  return (
    <span class={`cap ${problem ? 'bad' : ''}`} id={id} role={problem ? 'alert' : undefined}>
      {problem ?? children}
    </span>
  )
}

interface Props {
  id: string
  name: string
  value: string
  set: (value: string) => void
  problem?: string | undefined
  hint?: ComponentChildren
  /** Rows of a field for long text; one line without. */
  rows?: number
  mode?: 'numeric' | 'decimal' | undefined
  class?: string
}

/** A field with its name above and what is said of it below. */
export function TextField({ id, name, value, set, problem, hint, rows, mode, class: more = '' }: Props) {
  const told = { 'aria-invalid': problem !== undefined, 'aria-describedby': `${id}-hint` }
  return (
    <label class="field">
      <span>{name}</span>
      {rows ? (
        <textarea class={`input ${more}`} rows={rows} value={value} onInput={(e) => set(e.currentTarget.value)} {...told} />
      ) : (
        <input class={`input ${mode ? 'n' : ''} ${more}`} inputMode={mode} value={value} onInput={(e) => set(e.currentTarget.value)} {...told} />
      )}
      <Hint id={`${id}-hint`} problem={problem}>
        {hint}
      </Hint>
    </label>
  )
}
