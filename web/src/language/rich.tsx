import type { ComponentChildren } from 'preact'
import type { Messages, Piece, PlacesOf, TagsOf } from './message'
import type { Part } from './part'

type Make = (inner: ComponentChildren) => ComponentChildren

/** Tags that are the same everywhere. */
const usual = {
  b: (inner) => <b>{inner}</b>,
  code: (inner) => <code dir="ltr">{inner}</code>,
} satisfies { [tag: string]: Make }

type Filled<C extends Messages, K extends keyof C> = { readonly [P in PlacesOf<C[K]>]: P extends 'n' ? number : ComponentChildren } & {
  readonly [T in Exclude<TagsOf<C[K]>, keyof typeof usual>]: Make
}

/** A sentence with elements in it: a place may be filled by an element, and each tag but b and code is made by a function. */
export function rich<C extends Messages, K extends keyof C & string>(part: Part<C>, key: K, ...values: object extends Filled<C, K> ? [] : [Filled<C, K>]): ComponentChildren {
  const filled = (values[0] ?? {}) as { readonly [name: string]: ComponentChildren }
  const make = { ...usual, ...filled } as { [tag: string]: Make }
  const built = (pieces: Piece<ComponentChildren>[]): ComponentChildren => pieces.map((p) => (typeof p === 'string' ? p : 'tag' in p ? make[p.tag]!(built(p.inner)) : p.value))
  return built(part.pieces<ComponentChildren>(key, filled))
}
