import { expect, it } from 'vitest'
import { placed } from './routes'

const files = ['/index.html', '/assets/main-abc.js']
it.each([
  ['/', 'GET', 'navigate', 'index'],
  ['/console/q/q_1?x=1', 'GET', 'navigate', 'index'],
  ['/assets/main-abc.js', 'GET', 'cors', 'shell'],
  ['/assets/old.js', 'GET', 'cors', 'network'],
  ['/media/ab12', 'GET', 'no-cors', 'media'],
  ['/media/ab12?w=320', 'GET', 'no-cors', 'network'],
  ['/v1/me', 'GET', 'cors', 'network'],
  ['/v1/answers', 'POST', 'cors', 'network'],
  ['/v1/records/questions/q_1', 'GET', 'navigate', 'network'],
  ['/docs', 'GET', 'navigate', 'network'],
  ['/openapi.json', 'GET', 'navigate', 'network'],
  ['/healthz', 'GET', 'navigate', 'network'],
  ['https://elsewhere.example/media/ab12', 'GET', 'no-cors', 'network'],
])('%s by %s (%s) comes from %s', (path, method, mode, want) => {
  expect(placed(new URL(path, 'https://here.example'), method, mode, 'https://here.example', files)).toBe(want)
})
