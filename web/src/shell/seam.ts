import type { Shell } from './shell'

/** The Android or iOS app that shows these pages, undefined in a browser: then all of this is done by the pages themselves. */
export let shell: Shell | undefined

/** Takes the app's place in all that asks for it. It is set before anything is shown, and never again. */
export function inhabit(app: Shell | undefined): void {
  shell = app
}
