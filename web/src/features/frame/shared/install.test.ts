import { expect, it } from 'vitest'
import { decline, declined, install, offer, watchForOffer } from './install'

it('keeps the offer for later, and uses it once', async () => {
  const target = new EventTarget()
  let installed = 0
  let prompts = 0
  watchForOffer(target as Window, () => installed++)
  const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt: async () => (prompts++, { outcome: 'accepted' }) })
  target.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(true)
  expect(offer.value).toBe(event)
  await install()
  await install()
  expect([prompts, offer.value]).toEqual([1, undefined])
  target.dispatchEvent(event)
  target.dispatchEvent(new Event('appinstalled'))
  expect([installed, offer.value]).toEqual([1, undefined])
})

it('does not ask again for two months', () => {
  const kept = new Map<string, string>()
  const notes = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) }
  const day = 86_400_000
  const now = 1000 * day
  expect(declined(now, notes)).toBe(false)
  decline(now, notes)
  expect(declined(now + 59 * day, notes)).toBe(true)
  expect(declined(now + 61 * day, notes)).toBe(false)
})
