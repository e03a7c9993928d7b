/** What is drawn, and what it was before each step. */
export interface History<T> {
  now: T
  past: T[]
}

/** Steps that can be taken back. */
const depth = 100

export function begin<T>(now: T): History<T> {
  return { now, past: [] }
}

export function next<T>(history: History<T>, now: T): History<T> {
  return now === history.now ? history : { now, past: [...history.past, history.now].slice(-depth) }
}

export function back<T>(history: History<T>): History<T> {
  const before = history.past.at(-1)
  return before === undefined ? history : { now: before, past: history.past.slice(0, -1) }
}
