import type { QuestionType } from '../../api/shared/wire'
import { regions } from '../../answering/shared/types'

/** A type of question in the words of who chooses among them. */
export interface Kind {
  type: QuestionType
  name: string
  says: string
}

/** The types, by what an answer is. */
export const kinds: { about: string; of: Kind[] }[] = [
  {
    about: 'One of some choices',
    of: [
      { type: 'choice', name: 'One choice', says: '2 to 20 choices, one fits' },
      { type: 'yes_no', name: 'Yes or no', says: 'the quickest there is' },
      { type: 'scale', name: 'Scale', says: 'choices in order, lowest first' },
      { type: 'pair', name: 'Better of two', says: 'each task brings its two, or they are always the same' },
    ],
  },
  {
    about: 'A value',
    of: [
      { type: 'multiple', name: 'Several choices', says: 'all that fit' },
      { type: 'ranking', name: 'Ranking', says: 'the best first' },
      { type: 'number', name: 'Number', says: 'in a range, with a unit' },
      { type: 'text', name: 'Short text', says: 'what is read or heard, typed' },
    ],
  },
  {
    about: 'Marks',
    of: [
      { type: 'boxes', name: 'Boxes', says: 'around things in a picture' },
      { type: 'polygons', name: 'Outlines', says: 'along the edges of things in a picture' },
      { type: 'mask', name: 'Painted areas', says: 'every pixel of a thing' },
      { type: 'spans', name: 'Words', says: 'pieces of a text, each with a class' },
    ],
  },
]

/** The name of a type. */
export function named(type: QuestionType): string {
  return kinds.flatMap((g) => g.of).find((k) => k.type === type)?.name ?? type
}

/** Whether choices are classes of what is marked. */
export function marks(type: QuestionType): boolean {
  return regions(type) || type === 'spans'
}

/** How many choices a project of this type names: none where the least is above the most. */
export function choicesOf(type: QuestionType): { least: number; most: number } {
  if (marks(type)) return { least: 1, most: 20 }
  switch (type) {
    case 'yes_no':
    case 'number':
    case 'text':
      return { least: 1, most: 0 }
    case 'pair':
      return { least: 0, most: 2 } // none: each task brings its own
    case 'ranking':
      return { least: 0, most: 10 }
    default:
      return { least: 2, most: 20 }
  }
}
