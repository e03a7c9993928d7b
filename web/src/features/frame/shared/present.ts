import type { Settings } from './settings'

const told = ['theme', 'hand', 'size', 'contrast', 'motion'] as const

/** Has the page shown as the settings say. public/early.js does the same before the first drawing. */
export function present(set: Settings, root: HTMLElement): void {
  for (const name of told) {
    const value = set[name]
    if (value === 'system') delete root.dataset[name]
    else root.dataset[name] = String(value)
  }
}

/** Whether things should not move. */
export function still(set: Settings): boolean {
  return set.motion === 'reduced' || matchMedia('(prefers-reduced-motion: reduce)').matches
}
