import { beforeEach, expect, it, vi } from 'vitest'

let stored: Map<string, string>
let full: boolean

beforeEach(() => {
  vi.resetModules()
  stored = new Map()
  full = false
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (full) throw new DOMException('full', 'QuotaExceededError')
      stored.set(key, value)
    },
  })
})

/** The module as a page that is loaded anew has it. */
const fresh = async () => {
  vi.resetModules()
  return import('./drafts')
}

it('is there again after the page is loaded anew', async () => {
  ;(await fresh()).keepDraft('asg_1', [{ class: 0 }])
  expect((await fresh()).draftOf('asg_1')).toEqual([{ class: 0 }])
})

it('holds the newest only', async () => {
  const { keepDraft, draftOf } = await fresh()
  for (let i = 0; i < 13; i++) keepDraft(`asg_${i}`, i)
  expect([draftOf('asg_0'), draftOf('asg_1'), draftOf('asg_12')]).toEqual([undefined, 1, 12])
})

it('lasts as long as the page where there is no room', async () => {
  const { keepDraft, draftOf } = await fresh()
  full = true
  keepDraft('asg_1', 'x')
  expect(draftOf('asg_1')).toBe('x')
  expect((await fresh()).draftOf('asg_1')).toBeUndefined()
})

it('forgets what it cannot read', async () => {
  stored.set('drafts', '{oops')
  expect((await fresh()).draftOf('asg_1')).toBeUndefined()
})
