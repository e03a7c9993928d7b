import type { Content, Said } from '../../api/shared/wire'
import type { Canonical } from '../../proof/shared/canonical'
import { words } from '../../answering/shared/said'
import { isLabel } from '../../answering/shared/types'

/** A truth in words. It has the form of an answer: the index of a choice, or a value as JSON. */
export function told(of: Pick<Content, 'type' | 'choices' | 'number' | 'passage'>, truth: string): string {
  try {
    return words(of, said(of.type, truth))
  } catch {
    return truth // of a form that is not known here
  }
}

/** A truth or a label as an answer would say it. */
export function said(type: Content['type'], text: string): Said {
  return isLabel(type) ? { choice: Number(text) } : { value: JSON.parse(text) as Canonical }
}
