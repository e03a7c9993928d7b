/** Where the page is hidden, or the browser draws nothing, nobody waits longer. */
const patienceMs = 100

/** Resolves when what was changed is on the screen; at once where the page is hidden or left meanwhile. */
export function drawn(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', done)
      resolve()
    }
    const timer = setTimeout(done, document.hidden ? 0 : patienceMs)
    document.addEventListener('visibilitychange', done)
    requestAnimationFrame(() => setTimeout(done))
  })
}

/** Does what nobody waits for, when the page has nothing else to do. */
export function whenIdle(work: () => void): void {
  // Not every browser has it.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 })
  else setTimeout(work, 200)
}
