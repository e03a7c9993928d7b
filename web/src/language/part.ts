import { number, plural } from './format'
import { fill, type Message, type Messages, type Piece, type PlacesOf } from './message'
import { spoken } from './spoken'
import type { PartName } from './words'

type Values<M extends Message> = { readonly [P in PlacesOf<M>]: P extends 'n' ? number : string | number }

/** The messages of one part of the app. Called with a key it says one, in the language spoken now. */
export interface Part<C extends Messages> {
  <K extends keyof C & string>(key: K, ...values: [PlacesOf<C[K]>] extends [never] ? [] : [Values<C[K]>]): string
  /** The pieces of a message, for what makes elements of them. */
  pieces: <V>(key: keyof C & string, values: { readonly [place: string]: V | string | number }) => Piece<V>[]
  readonly english: C
}

/** The same messages in another language: each of them, none more. */
export type In<P> = P extends Part<infer C> ? { readonly [K in keyof C]: C[K] extends string ? string : Exclude<Message, string> } : never

/** Makes a part of its English messages; the other languages come by the part’s name. Marked pure where it is called: who uses no message of a part does not carry it. */
export function part<const C extends Messages>(name: PartName, english: C): Part<C> {
  const pieces = <V>(key: keyof C & string, values: { readonly [place: string]: V | string | number }): Piece<V>[] => {
    const { words, dir } = spoken.value
    const message = (words?.[name] as Messages | undefined)?.[key] ?? english[key]!
    return fill(message, values, { category: (n) => plural().select(n), number, rtl: dir === 'rtl' })
  }
  const say = (key: keyof C & string, values = {}): string => text(pieces<never>(key, values))
  return Object.assign(say, { pieces, english }) as Part<C>
}

function text(pieces: Piece<never>[]): string {
  return pieces.map((p) => (typeof p === 'string' ? p : 'tag' in p ? text(p.inner) : '')).join('')
}
