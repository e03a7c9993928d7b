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
