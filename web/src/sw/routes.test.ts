import { expect, it } from 'vitest'
import { placed, routesTo } from './routes'

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

it('the browser takes by itself only what the worker would take from the same place', () => {
  const routes = routesTo('shell-1')
  const taken = (path: string, mode: string) =>
    routes.find(({ condition: { urlPattern, requestMode } }) => {
      const { pathname, search } = new URL(path, 'https://here.example')
      const [begin, rest] = urlPattern.pathname.split('*')
      return (rest === undefined ? pathname === begin : pathname.startsWith(begin!)) && (urlPattern.search === undefined || urlPattern.search === search) && (requestMode === undefined || requestMode === mode)
    })?.source
  const shell = { cacheName: 'shell-1' }
  expect(['/', '/assets/main-abc.js', '/assets/language/es-abc.js', '/early.js'].map((path) => taken(path, 'navigate'))).toEqual([shell, shell, shell, shell])
  expect(taken('/v1/me?reads=en', 'cors')).toBe('network')
  expect(['/?question=q_1', '/console', '/media/ab12', '/docs', '/sw.js'].map((path) => taken(path, 'navigate'))).toEqual([undefined, undefined, undefined, undefined, undefined])
  expect(taken('/', 'cors')).toBeUndefined()
})
