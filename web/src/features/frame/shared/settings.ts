import { Cell } from './cell'

/** How this device shows the app. */
export interface Settings {
  theme: 'system' | 'light' | 'dark'
  hand: 'right' | 'left'
  /** Text, in percent of what the browser is set to. */
  size: 100 | 115 | 130 | 150
  contrast: 'system' | 'more' | 'less'
  motion: 'system' | 'reduced'
  /** Seconds to undo an answer or a skip; 0 sends at once. */
  undo: 0 | 5 | 10 | 20
  /** Whether an answer is felt, where the device can. */
  tick: boolean
  /** Whether a swipe skips a question, and takes the last step back. */
  swipe: boolean
  /** The language that the app speaks, where the person chose one. */
  language?: string
  /** Languages that the person reads, as BCP 47 tags; none: any. Unset: those of the browser. */
  reads?: string[]
  /** Warnings, topics and types of questions that the person does not want. */
  avoids?: string[]
  /** Topics that the person likes. */
  likes?: string[]
}

export const defaults: Settings = { theme: 'system', hand: 'right', size: 100, contrast: 'system', motion: 'system', undo: 5, tick: true, swipe: true }

export const settings = new Cell<Settings>(read())

function read(): Settings {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem('settings') ?? '{}') as Partial<Settings>) }
  } catch {
    return defaults // no storage here, or a damaged entry
  }
}

export function change(part: Partial<Settings>): void {
  settings.set({ ...settings.value, ...part })
  try {
    localStorage.setItem('settings', JSON.stringify(settings.value))
  } catch {
    // Without storage they last as long as the page.
  }
}
