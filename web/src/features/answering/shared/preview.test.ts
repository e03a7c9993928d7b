import { expect, it } from 'vitest'
import { isAnswerable, type Card, type Medium } from './deck'
import { previewOf } from './preview'

const image = { url: '/media/ab', bytes: 60_000, width: 321 }

it('previews what is large, from this server only', () => {
  expect(previewOf(image)).toBe('/media/ab?w=320')
  expect(previewOf({ ...image, bytes: 59_999 })).toBeUndefined()
  expect(previewOf({ ...image, width: 320 })).toBeUndefined()
  for (const url of ['https://elsewhere.example/a', '//elsewhere.example/a', 'data:image/png,a']) expect(previewOf({ ...image, url })).toBeUndefined()
})

it('keeps the answer back while a preview stands for the picture, and only then', () => {
  const card = (bytes: number, medium: Medium) =>
    ({ sound: true, media: { ab: medium }, assignment: { question: { image: { ...image, hash: 'ab', bytes } } } }) as unknown as Card
  expect(isAnswerable(card(60_000, { state: 'loading' }))).toBe(false)
  expect(isAnswerable(card(60_000, { state: 'ready', url: 'blob:1' }))).toBe(true)
  expect(isAnswerable(card(60_000, { state: 'wrong' }))).toBe(false)
  expect(isAnswerable(card(59_999, { state: 'loading' }))).toBe(true)
})
