// The app's own sources, for programs of Node that sign and check as the app does.
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
let vite

/** A module of src/features. All who ask share one loader, since making one takes half a second. */
export async function load(path) {
  vite ??= createServer({ root, server: { middlewareMode: true, hmr: false, ws: false, watch: null }, appType: 'custom', logLevel: 'error', optimizeDeps: { noDiscovery: true } })
  return (await vite).ssrLoadModule(`/src/features/${path}`)
}

/** Ends the loader: while there is one, the program does not end by itself. */
export async function unload() {
  await (await vite)?.close()
  vite = undefined
}
