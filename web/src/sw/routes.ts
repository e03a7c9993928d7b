/** The files of the app's shell, and what names their version. */
export interface Precached {
  version: string
  files: string[]
  /** The file of each language's messages, but English; kept when it is spoken. */
  languages: { [tag: string]: string }
}

/** Where the service worker takes a request from: its shell, the page for all routes, its pictures, or the network. */
export function placed(url: URL, method: string, mode: string, origin: string, files: string[]): 'shell' | 'index' | 'media' | 'network' {
  if (method !== 'GET' || url.origin !== origin) return 'network'
  if (url.pathname.startsWith('/media/')) return url.search ? 'network' : 'media' // a preview is not kept: the picture follows
  if (files.includes(url.pathname)) return 'shell'
  // The server's own pages are not the app's.
  if (/^\/(v1|log|docs|openapi[^/]*|healthz|readyz|metrics|schemas)(\/|$)/.test(url.pathname)) return 'network'
  return mode === 'navigate' ? 'index' : 'network'
}

/** An install event where the browser knows static routes, which the DOM's types do not have. */
export interface RoutedEvent extends ExtendableEvent {
  addRoutes?: (routes: Route[]) => Promise<void>
}

interface Route {
  condition: { urlPattern: { pathname: string; search?: string }; requestMethod: 'GET'; requestMode?: 'navigate' }
  source: 'network' | { cacheName: string }
}

/** What the browser does by itself, so that a start does not wait until the worker is awake: the same as placed says. */
export function routesTo(cacheName: string): Route[] {
  const shell = { cacheName }
  return [
    { condition: { urlPattern: { pathname: '/', search: '' }, requestMethod: 'GET', requestMode: 'navigate' }, source: shell },
    ...['/assets/*', '/early.js', '/mark.svg'].map((pathname): Route => ({ condition: { urlPattern: { pathname }, requestMethod: 'GET' }, source: shell })),
    { condition: { urlPattern: { pathname: '/v1/*' }, requestMethod: 'GET' }, source: 'network' },
  ]
}
