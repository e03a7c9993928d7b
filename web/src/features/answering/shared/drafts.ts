import type { Canonical } from '../../proof/shared/canonical'

// What was drawn or typed and is not sent yet: it survives an undo, a visit to another page, and loading anew.

const place = 'drafts'
/** More than a deck and its undo hold. */
const most = 12

let drafts: Map<string, Canonical> | undefined

function all(): Map<string, Canonical> {
  if (drafts) return drafts
  try {
    drafts = new Map(JSON.parse(sessionStorage.getItem(place) ?? '[]') as [string, Canonical][])
  } catch {
    drafts = new Map() // no storage here, or a damaged entry
  }
  return drafts
}

export function draftOf(assignment: string): Canonical | undefined {
  return all().get(assignment)
}

export function keepDraft(assignment: string, value: Canonical): void {
  const kept = all()
  kept.delete(assignment)
  kept.set(assignment, value)
  for (const old of [...kept.keys()].slice(0, -most)) kept.delete(old)
  try {
    sessionStorage.setItem(place, JSON.stringify([...kept]))
  } catch {
    // Without storage, or when it is full, they last as long as the page.
  }
}
