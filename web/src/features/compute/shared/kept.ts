import { Cell } from '../../frame/shared/cell'
import { presets } from './presets'
import { draftOf, type Draft } from './spec'

const place = 'job-model'

/** The model that is being built in this tab. */
export const draft = new Cell<Draft>(read())

function read(): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null') as Draft | null
    if (kept) return kept
  } catch {
    // no storage here, or a damaged entry
  }
  return draftOf(presets.text!.spec)
}

export function keepDraft(d: Draft): void {
  try {
    sessionStorage.setItem(place, JSON.stringify(d))
  } catch {
    // Without storage it lasts as long as the page.
  }
  draft.set(d)
}
