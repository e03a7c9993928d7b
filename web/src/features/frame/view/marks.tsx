/** Marks that one chooses among. */
export function MarkChips({ name, hint, known, chosen, set }: { name: string; hint?: string; known: { [mark: string]: string }; chosen: readonly string[]; set: (marks: string[]) => void }) {
  return (
    <div class="field">
      <span>{name}</span>
      <div class="line tight marks" role="group" aria-label={name}>
        {Object.entries(known).map(([mark, word]) => (
          <button type="button" class="chip" aria-pressed={chosen.includes(mark)} onClick={() => set(chosen.includes(mark) ? chosen.filter((m) => m !== mark) : [...chosen, mark])}>
            {word}
          </button>
        ))}
      </div>
      {hint && <p class="cap">{hint}</p>}
    </div>
  )
}
