import { beside } from '../shared/text'

/** In a list, a second line below a question's words: what tells it from others with the same words. */
export function Beside({ of }: { of: Parameters<typeof beside>[0] }) {
  const text = beside(of)
  return text ? <span class="cap block clip1" dir="auto">{text}</span> : null
}
