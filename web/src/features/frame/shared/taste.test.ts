import { expect, it } from 'vitest'
import { defaults } from './settings'
import { meOf, taste } from './taste'

it('says what was set, and leaves out what was not', () => {
  expect(taste(defaults, ['de'])).toEqual({ reads: ['de'] })
  expect(taste({ ...defaults, reads: [], avoids: ['adult', 'text'], likes: ['food'] }, ['de'])).toEqual({ reads: [], avoids: ['adult', 'text'], likes: ['food'] })
})

it('counts for who avoids something what they would get', () => {
  expect(meOf({ reads: [] })).toBe('/v1/me')
  expect(meOf({ reads: ['de', 'pt-BR'] })).toBe('/v1/me?reads=de,pt-BR')
  expect(meOf({ reads: ['de'], avoids: ['adult', 'text'], likes: ['food'] })).toBe('/v1/me?reads=de&avoids=adult,text')
})
