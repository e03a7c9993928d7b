/** What the old phone shows and the new one reads: which move it is, and what only those who see the screen know. */
export interface MoveCode {
  move: string
  /** 32 bytes, as hex: a secret of 16, and 16 that hold the old phone to its key before it shows it. */
  key: string
}

/** The link that a camera reads, of the server that this page is of. What comes after the # never leaves the phones. */
export function moveLink({ protocol, host }: { protocol: string; host: string }, { move, key }: MoveCode): string {
  // The pages of the app for iOS are under a scheme of its own.
  return `${protocol === 'http:' ? protocol : 'https:'}//${host}/move#${move}.${key}`
}

/** The code in a link, or in what comes after its #; undefined where there is none. */
export function readMoveCode(text: string): MoveCode | undefined {
  const found = /(?:^|#)(mov_[0-9a-z]{26})\.([0-9a-f]{64})$/.exec(text.trim())
  return found ? { move: found[1]!, key: found[2]! } : undefined
}
