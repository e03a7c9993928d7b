import { Cell } from './cell'

/** Where the app is: a path and its query. */
export const place = new Cell(here())

function here(): string {
  return typeof location === 'undefined' ? '/' : location.pathname + location.search
}

/** Goes to a path of the app without loading the page again. */
export function go(path: string, replace = false): void {
  if (path === here()) return
  history[replace ? 'replaceState' : 'pushState'](null, '', path)
  arrive()
  scrollTo(0, 0)
}

function arrive(): void {
  place.set(here())
}

/** Follows the browser's own navigation and clicks on links within the app. */
export function listen(): void {
  window.addEventListener('popstate', arrive)
  window.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest?.('a')
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (/^\/(v1|media|docs|openapi|exit\.html)/.test(link.pathname)) return
    if (link.hash && link.pathname === location.pathname) return
    event.preventDefault()
    go(link.pathname + link.search)
  })
}
