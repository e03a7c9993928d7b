import type { Content } from '../../api/shared/wire'

/** A question's text as the card shows it: what is asked, and the passage that it is about. */
export interface Split {
  ask: string
  passage: string
}

/**
 * Splits a text at its line breaks: the first paragraph that ends with a question mark asks (or the first, if none
 * does), the others are the passage. A text of one paragraph has no passage.
 */
export function split(text: string): Split {
  const paragraphs = text.split(/\n+/).map((p) => p.trim()).filter(Boolean)
  if (paragraphs.length < 2) return { ask: paragraphs[0] ?? '', passage: '' }
  const at = Math.max(0, paragraphs.findIndex((p) => /[?؟？]$/.test(p)))
  return { ask: paragraphs[at]!, passage: paragraphs.filter((_, i) => i !== at).join('\n') }
}

/**
 * What tells a question from others with the same words: its passage, the items that are compared, or what its picture
 * shows. Empty where there is nothing but the words, or where these are what the picture shows.
 */
export function beside({ type, text = '', passage, choices = [], image }: Partial<Pick<Content, 'type' | 'text' | 'passage' | 'choices' | 'image'>>): string {
  const { ask, passage: rest } = split(text)
  if (passage || rest) return (passage || rest).replace(/\s+/g, ' ').trim()
  if (type === 'pair' || type === 'ranking') return choices.join(' / ')
  return ask ? (image?.alt ?? '') : ''
}

/** How answers are laid out: side by side when all labels are short and few, otherwise one under the other. */
export function arrangement(choices: string[]): 'two' | 'list' {
  return choices.length <= 4 && choices.every((c) => c.length <= 20 && Math.max(...c.split(/\s+/).map((w) => w.length)) <= 12) ? 'two' : 'list'
}
