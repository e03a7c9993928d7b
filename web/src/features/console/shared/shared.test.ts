import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { blank } from './draft'
import { about, keepShared, sharedAt, sharedIn, takeShared } from './shared'

function form(fields: { [name: string]: string | File }): FormData {
  const out = new FormData()
  for (const [name, value] of Object.entries(fields)) out.append(name, value)
  return out
}

const picture = (type = 'image/png', bytes = 3) => new File([new Uint8Array(bytes)], 'roof', { type })

it.each([
  ['a link', { title: 'A storm', url: 'https://example.org/storm' }, 'A storm\nhttps://example.org/storm'],
  ['a link as the text', { text: 'https://example.org/storm', url: 'https://example.org/storm' }, 'https://example.org/storm'],
  ['words with the link in them', { text: 'Look: https://example.org/storm', url: 'https://example.org/storm' }, 'Look: https://example.org/storm'],
  ['nothing', { title: ' ' }, ''],
  ['a book', { text: 'x'.repeat(20_000) }, 'x'.repeat(10_000)],
])('reads %s', (_, fields, text) => expect(sharedIn(form(fields as { [name: string]: string }))).toEqual({ text }))

it('takes a picture, and nothing else for one', () => {
  expect(sharedIn(form({ picture: picture() })).picture?.size).toBe(3)
  expect(sharedIn(form({ picture: picture('text/html') })).picture).toBeUndefined()
  expect(sharedIn(form({ picture: picture('image/png', (32 << 20) + 1) })).picture).toBeUndefined()
  expect(sharedIn(form({ picture: 'roof.png' })).picture).toBeUndefined()
})

it('gives what was shared once', async () => {
  expect(await takeShared()).toBeUndefined()
  await keepShared({ text: 'one' })
  await keepShared({ text: 'two' })
  expect(await takeShared()).toEqual({ text: 'two' })
  expect(await takeShared()).toBeUndefined()
})

it('reads what the server wrote into the address', () => {
  expect(sharedAt('#text=a+%26+b&title=A+storm')).toEqual({ text: 'A storm\na & b' })
  expect(sharedAt('#picture=lost')).toEqual({ text: '', lost: true })
  for (const hash of ['', '#', '#main', '#text=+']) expect(sharedAt(hash)).toBeUndefined()
})

it('puts the words beside what was written', () => {
  const draft = { ...blank, text: 'Is it true?' }
  expect(about(draft, { text: 'A storm' })).toEqual({ ...draft, passage: 'A storm' })
  expect(about(draft, { text: '' })).toBe(draft)
  expect(about(draft, undefined)).toBe(draft)
})
