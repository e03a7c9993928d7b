/** A piece of instructions. */
export interface Block {
  kind: 'text' | 'heading' | 'bullets' | 'numbers'
  lines: string[]
}

const marks: [Block['kind'], RegExp][] = [
  ['heading', /^#{1,3}\s+(.+)$/],
  ['bullets', /^[-*•]\s+(.+)$/],
  ['numbers', /^\d{1,2}[.)]\s+(.+)$/],
]

/** Instructions cut into pieces: an empty line ends a paragraph; lines that begin with #, - or 1. are headings and lists. */
export function blocks(text: string): Block[] {
  const found: Block[] = []
  let open: Block | undefined
  for (const line of text.split(/\r?\n/).map((l) => l.trim())) {
    if (line === '') {
      open = undefined
      continue
    }
    const mark = marks.find(([, pattern]) => pattern.test(line))
    const kind = mark?.[0] ?? 'text'
    const words = mark?.[1].exec(line)?.[1] ?? line
    if (open?.kind === kind && kind !== 'heading') open.lines.push(words)
    else found.push((open = { kind, lines: [words] }))
  }
  return found
}
