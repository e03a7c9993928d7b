import { expect, it } from 'vitest'

const sheets = import.meta.glob<string>('../**/*.css', { eager: true, query: '?raw', import: 'default' })

/** What has a side of its own, whatever the direction of the text. */
const physical = /(?:^|[\s;{])((?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-[a-z-]+)?\s*:|border-(?:top|bottom)-(?:left|right)-radius|(?:float|clear|text-align|caption-side)\s*:\s*(?:left|right))/g

/** Pictures have no start and no end: what lies on them is the same for everybody. */
const allowed = '/* physical */'

it.each(Object.entries(sheets))('%s names no left and no right', (_, css) => {
  expect(css.length).toBeGreaterThan(0)
  const lines = css.split('\n').filter((line) => !line.includes(allowed))
  expect(lines.flatMap((line) => [...line.matchAll(physical)].map(([, rule]) => `${rule} in ${line.trim().slice(0, 60)}`))).toEqual([])
})
