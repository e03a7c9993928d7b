// What a message is, and how its places are filled. No message is glued from pieces: a sentence is one message, also
// where a part of it is a link or bold, because languages order their parts differently.

/** A message whose form depends on the number {n}, by the plural categories of its language. */
export type Plural = { readonly [C in Intl.LDMLPluralRule]?: string } & { readonly other: string }

/** A text with {places} for values and <tags> for what a page makes of a part of it. */
export type Message = string | Plural

export interface Messages {
  readonly [key: string]: Message
}

type Text<M extends Message> = M extends string ? M : M extends { readonly other: infer S extends string } ? S : never
type Places<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never
type Opened<S extends string> = S extends `${string}<${infer Name}>${infer Rest}` ? (Name extends `/${string}` ? never : Name) | Opened<Rest> : never

/** The places of a message. A plural has {n}, also where no form says it. */
export type PlacesOf<M extends Message> = Places<Text<M>> | (M extends string ? never : 'n')
export type TagsOf<M extends Message> = Opened<Text<M>>

/** What a message is made of when its places are filled: text, values that are no text, and tagged parts. */
export type Piece<V> = string | { value: V } | { tag: string; inner: Piece<V>[] }

export interface Filling {
  /** Chooses a plural's form. */
  category: (n: number) => Intl.LDMLPluralRule
  number: (n: number) => string
  rtl: boolean
}

const pattern = /\{(\w+)\}|<(\w+)>(.*?)<\/\2>/gs

/** Fills a message. Numbers are written as the language does; texts are isolated, so that their direction changes no other. */
export function fill<V>(message: Message, values: { readonly [place: string]: V | string | number }, by: Filling): Piece<V>[] {
  const text = typeof message === 'string' ? message : (message[by.category(Number(values.n))] ?? message.other)
  const read = (part: string): Piece<V>[] => {
    const pieces: Piece<V>[] = []
    let from = 0
    for (const found of part.matchAll(pattern)) {
      if (found.index > from) pieces.push(part.slice(from, found.index))
      from = found.index + found[0].length
      if (found[2] !== undefined) {
        pieces.push({ tag: found[2], inner: read(found[3]!) })
        continue
      }
      const value = values[found[1]!]
      if (typeof value === 'number') pieces.push(by.number(value))
      else pieces.push(typeof value === 'string' ? isolated(value, by.rtl) : { value: value as V })
    }
    if (from < part.length) pieces.push(part.slice(from))
    return pieces
  }
  return read(text)
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** A text within a sentence, its direction its own. Nothing is put around what goes the sentence's way anyhow. */
export function isolated(text: string, rtl: boolean): string {
  return rtl || rightToLeft.test(text) ? `\u2068${text}\u2069` : text
}
