import type { Canonical } from '../../proof/shared/canonical'
import type { Content, Said } from '../../api/shared/wire'
import { cannotTell } from './types'
import type { Span } from './values'
import { saying as t } from '../../../language/en/saying'

const longest = 60

/** What an answer says, in a few words. */
export function words(content: Pick<Content, 'type' | 'choices' | 'number' | 'passage'>, said: Said): string {
  const { type, choices } = content
  if (said.value === undefined) return said.choice === cannotTell ? t('cannotTell') : (choices[said.choice] ?? t('choiceN', { n: said.choice }))
  const { value } = said
  if (type === 'number') return `${String(value)}${content.number?.unit ? ` ${content.number.unit}` : ''}`
  if (type === 'text') return brief(String(value))
  if (!Array.isArray(value)) return t('unknownForm')
  switch (type) {
    case 'multiple':
      return value.length === 0 ? t('noneOfThem') : brief(value.map((i) => choices[i as number] ?? t('choiceN', { n: i as number })).join(t('comma')))
    case 'ranking':
      return brief(value.map((i) => choices[i as number] ?? t('choiceN', { n: i as number })).join(t('comma')))
    case 'boxes':
      return value.length === 0 ? t('nothingToMark') : t('boxes', { n: value.length })
    case 'polygons':
      return value.length === 0 ? t('nothingToMark') : t('outlines', { n: value.length })
    case 'mask':
      return value.length === 0 ? t('nothingToMark') : t('painted', { n: value.length })
    case 'spans': {
      if (value.length === 0) return t('nothingToMark')
      const first = value[0] as unknown as Span
      const marked = [...(content.passage ?? '')].slice(first.start, first.end).join('')
      return value.length === 1 && marked ? t('quoted', { text: brief(marked) }) : t('marks', { n: value.length })
    }
    default:
      return t('unknownForm')
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
