import type { Canonical } from '../../proof/shared/canonical'
import type { Content, Said } from '../../api/shared/wire'
import { count } from '../../frame/shared/words'
import { cannotTell } from './types'
import type { Span } from './values'

const longest = 60

/** What an answer says, in a few words. */
export function words(content: Pick<Content, 'type' | 'choices' | 'number' | 'passage'>, said: Said): string {
  const { type, choices } = content
  if (said.value === undefined) return said.choice === cannotTell ? 'Can’t tell' : (choices[said.choice] ?? `choice ${said.choice}`)
  const { value } = said
  if (type === 'number') return `${String(value)}${content.number?.unit ? ` ${content.number.unit}` : ''}`
  if (type === 'text') return brief(String(value))
  if (!Array.isArray(value)) return 'an answer of an unknown form'
  switch (type) {
    case 'multiple':
      return value.length === 0 ? 'None of them' : brief(value.map((i) => choices[i as number] ?? `choice ${i as number}`).join(', '))
    case 'ranking':
      return brief(value.map((i) => choices[i as number] ?? `choice ${i as number}`).join(', '))
    case 'boxes':
      return value.length === 0 ? 'Nothing to mark' : count(value.length, 'box', 'boxes')
    case 'polygons':
      return value.length === 0 ? 'Nothing to mark' : count(value.length, 'outline')
    case 'mask':
      return value.length === 0 ? 'Nothing to mark' : value.length === 1 ? 'a painted area' : `${value.length} painted areas`
    case 'spans': {
      if (value.length === 0) return 'Nothing to mark'
      const first = value[0] as unknown as Span
      const marked = [...(content.passage ?? '')].slice(first.start, first.end).join('')
      return value.length === 1 && marked ? `“${brief(marked)}”` : count(value.length, 'mark')
    }
    default:
      return 'an answer of an unknown form'
  }
}

/** What a verdict says, in a few words; empty where it says nothing. */
export function verdictWords(content: Parameters<typeof words>[0], verdict: { label?: string; choice: number | null; value?: Canonical }): string {
  if (verdict.value !== undefined) return words(content, { value: verdict.value })
  return verdict.label ?? (verdict.choice === null ? '' : words(content, { choice: verdict.choice }))
}

/** A text cut to what fits into a line or two. */
export function brief(text: string): string {
  const points = [...text]
  return points.length > longest ? `${points.slice(0, longest - 1).join('')}…` : text
}
