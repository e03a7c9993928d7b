import { afterEach, expect, it } from 'vitest'
import es from '../../../language/es'
import { warnings } from '../../../language/en/warnings'
import { english, spoken } from '../../../language/spoken'
import { named, warned } from './marks'

afterEach(() => spoken.set(english()))

it('says marks in the language spoken now, and one that is not known as it is', () => {
  expect([warned(undefined), warned(['blood', 'violence', 'toString'])]).toEqual(['', 'Blood and injuries, Violence, toString'])
  spoken.set({ tag: 'es', dir: 'ltr', locale: 'es', words: es })
  expect(warned(['blood', 'smoke'])).toBe('Sangre y heridas y smoke')
  expect(named(warnings)).toMatchObject({ violence: 'Violencia', drugs: 'Drogas' })
})
