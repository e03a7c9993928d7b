import { warnings } from '../../../language/en/warnings'
import { list } from '../../../language/format'

export type Marks = { warnings: string[]; topics: string[] }

/** Those of a question that warn, in words. A newer server may know more. */
export function warned(marks: readonly string[] = []): string {
  const known = (mark: string): mark is keyof typeof warnings.english => Object.hasOwn(warnings.english, mark)
  return list(marks.map((m) => (known(m) ? warnings(m) : m)), 'unit')
}

/** All marks of a part of the messages with their names, in the order in which they are shown. */
export function named<M extends string>(part: ((mark: M) => string) & { readonly english: { readonly [mark in M]: string } }): { [mark: string]: string } {
  return Object.fromEntries((Object.keys(part.english) as M[]).map((mark) => [mark, part(mark)]))
}
