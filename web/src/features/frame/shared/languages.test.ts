import { expect, it } from 'vitest'
import { reads, tagsOf } from './languages'

it('reads tags with commas or spaces between them', () => {
  expect(tagsOf('en, pt-BR  zh-Hant-TW')).toEqual(['en', 'pt-BR', 'zh-Hant-TW'])
  expect(tagsOf(' ')).toEqual([])
  for (const bad of ['e', 'en_US', 'en, 1', 'en-', 'English']) expect(tagsOf(bad)).toBeUndefined()
})

it('takes what was set before what the browser says', () => {
  expect(reads(undefined, ['de-DE', 'en', 'x'])).toEqual(['de-DE', 'en'])
  expect(reads(['fr'], ['de'])).toEqual(['fr'])
  expect(reads([], ['de'])).toEqual([])
  expect(reads(undefined, Array.from({ length: 30 }, () => 'en'))).toHaveLength(20)
})
