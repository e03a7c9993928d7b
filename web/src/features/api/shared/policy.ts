/** What the server has a confidence policy fall back to when it says nothing. */
export function halfway(least: number, most: number): number {
  return Math.max(least, Math.floor(most / 2), Math.min(most, 3))
}

/** The policy that asks until one is so sure, and falls back to so many answers, to the model, or where that is empty to what the server chooses. */
export function confidence(target: string, fallback: string): string {
  const to = fallback.trim()
  if (to === '') return `confidence:${target}`
  return `confidence:${target},${to === 'model' ? to : `fixed:${Number(to)}`}`
}
