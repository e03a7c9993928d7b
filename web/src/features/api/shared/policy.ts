/** The policy that asks until one is so sure, and falls back to so many answers, to the model, or where that is empty to what the server chooses. */
export function confidence(target: string, fallback: string): string {
  const to = fallback.trim()
  if (to === '') return `confidence:${target}`
  return `confidence:${target},${to === 'model' ? to : `fixed:${Number(to)}`}`
}
