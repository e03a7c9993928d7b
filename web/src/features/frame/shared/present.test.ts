import { expect, it } from 'vitest'
import early from '../../../../public/early.js?raw'
import { present } from './present'
import { defaults, type Settings } from './settings'


/** What the script of the page's head makes of what is stored. */
function atFirst(stored: string | null): Record<string, string> {
  const dataset: Record<string, string> = {}
  new Function('localStorage', 'document', early)({ getItem: () => stored }, { documentElement: { dataset } })
  return Object.fromEntries(Object.entries(dataset).map(([k, v]) => [k, String(v)]))
}

function later(set: Settings): Record<string, string> {
  const dataset: Record<string, string> = { theme: 'dark', motion: 'reduced', contrast: 'less' }
  present(set, { dataset } as unknown as HTMLElement)
  return dataset
}

it.each<[string, Settings]>([
  ['what everybody begins with', defaults],
  ['all that can be set', { ...defaults, theme: 'dark', hand: 'left', size: 150, contrast: 'more', motion: 'reduced' }],
  ['less contrast in light', { ...defaults, theme: 'light', contrast: 'less', size: 115 }],
])('is shown the same before and after the app has started: %s', (_, set) => {
  expect(atFirst(JSON.stringify(set))).toEqual(later(set))
})

it.each([null, '{}', 'damaged', '7', '"x"'])('starts with nothing set, or with %s stored', (stored) => expect(atFirst(stored)).toEqual({}))
