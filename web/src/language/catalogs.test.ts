import { expect, it } from 'vitest'
import problems from '../../../server/api/problems.json'
import ar from './ar'
import es from './es'
import hi from './hi'
import type { Message, Messages } from './message'
import type { Part } from './part'
import { appCodes, problemCodes } from './problems'

const languages = { es, hi, ar }
const parts = Object.entries(import.meta.glob<Record<string, Part<Messages>>>('./en/*.ts', { eager: true })).map(([file, all]) => ({ name: /(\w+)\.ts$/.exec(file)![1]!, english: Object.values(all)[0]!.english }))

const forms = (message: Message): [string, string][] => (typeof message === 'string' ? [['', message]] : Object.entries(message))
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}|<\/?\w+>/g)].map(([hole]) => hole).sort()
/** What stays the same in every form: a plural may leave its own number out, as "one answer" does. */
const fixed = (text: string): string[] => holes(text).filter((hole) => hole !== '{n}')

it('has English messages in every part', () => expect([...parts.map((p) => p.name), 'problem'].sort()).toEqual(Object.keys(es).sort()))

it('says problems that there are', () => expect(problemCodes.filter((code) => !problems.some((p) => p.code === code))).toEqual([]))

it('says what the apps report, and no server', () => {
  const sources = Object.values(import.meta.glob<string>(['../../../mobile/sdk/errors.go', '../../../mobile/android/src/main/java/**/*.java'], { eager: true, query: '?raw', import: 'default' })).join('\n')
  expect(appCodes.filter((code) => !new RegExp(`"${code}(: |")`).test(sources))).toEqual([])
  expect(appCodes.filter((code) => problems.some((p) => p.code === code))).toEqual([])
})

it.each(parts)('English $name has the plural forms that English has, each with the same places', ({ english }) => {
  for (const [key, message] of Object.entries(english)) {
    if (typeof message !== 'string') expect(Object.keys(message).sort(), key).toEqual(['one', 'other'])
    for (const [form, text] of forms(message)) expect(fixed(text), `${key} ${form}`).toEqual(fixed(forms(message).at(-1)![1]))
  }
})

for (const [tag, words] of Object.entries(languages)) {
  const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.slice().sort()
  it.each(parts)(`${tag} says all of $name, and nothing else`, ({ name, english }) => {
    const said = words[name as keyof typeof words] as Messages
    expect(Object.keys(said)).toEqual(Object.keys(english))
    for (const [key, message] of Object.entries(english)) {
      const theirs = said[key]!
      if (typeof message !== 'string') expect(Object.keys(theirs).sort(), `${tag} ${name}.${key}`).toEqual(categories)
      const own = fixed(forms(message).at(-1)![1])
      for (const [form, text] of forms(theirs)) {
        expect(fixed(text), `${tag} ${name}.${key} ${form}`).toEqual(own)
        expect(text.trim(), `${tag} ${name}.${key} ${form}`).not.toBe('')
        // What a plural's number leaves out must be one that its form is said of alone.
        if (typeof message !== 'string' && !['zero', 'one', 'two'].includes(form) && holes(forms(message).at(-1)![1]).includes('{n}')) expect(text, `${tag} ${name}.${key} ${form}`).toContain('{n}')
      }
    }
  })
}
