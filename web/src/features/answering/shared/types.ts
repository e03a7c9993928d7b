import type { Content, QuestionType } from '../../api/shared/wire'
import { answering as t } from '../../../language/en/answering'

// What differs from type to type of question.

/** The choice of somebody who looked and cannot tell. It answers a question of any type. */
export const cannotTell = -1

/** The limits of values, as the server has them. */
export const regionsMax = 200
export const pointsMax = 2000
export const spansMax = 500
export const valueBytesMax = 64 * 1024 - 1024 // the rest of the answer travels with it

/** What a question of a type is made of. */
export interface Parts {
  /** How many choices or classes it has. */
  least: number
  most: number
  /** Set when the choices are classes of what is marked. */
  classes?: true
  image?: true
  passage?: true
  /** Set when the choices may have a picture each. */
  pictures?: true
}

export const parts: { [type in QuestionType]: Parts } = {
  choice: { least: 2, most: 20, pictures: true },
  yes_no: { least: 0, most: 0 },
  scale: { least: 2, most: 20 },
  pair: { least: 2, most: 2, pictures: true },
  multiple: { least: 2, most: 20, pictures: true },
  ranking: { least: 2, most: 10, pictures: true },
  number: { least: 0, most: 0 },
  text: { least: 0, most: 0 },
  boxes: { least: 1, most: 20, classes: true, image: true },
  polygons: { least: 1, most: 20, classes: true, image: true },
  mask: { least: 1, most: 20, classes: true, image: true },
  spans: { least: 1, most: 20, classes: true, passage: true },
}

const labels: ReadonlySet<QuestionType> = new Set(['choice', 'yes_no', 'scale', 'pair'])

/** Whether an answer is one of the choices. */
export function isLabel(type: QuestionType): boolean {
  return labels.has(type)
}

/** Whether an answer is regions of a picture. */
export function regions(type: QuestionType): boolean {
  return type === 'boxes' || type === 'polygons' || type === 'mask'
}

/** What is asked where the requester wrote no words. */
export function fallback(content: Pick<Content, 'type' | 'audio'>): string {
  if (regions(content.type)) return t('seeMark')
  switch (content.type) {
    case 'pair':
      return t('seeBetter')
    case 'spans':
      return t('seeWords')
    case 'ranking':
      return t('seeOrder')
    default:
      return content.audio ? t('hear') : t('see')
  }
}

/** How a question of this type is answered, in one sentence; empty where it is plain. */
export function hint({ type, choices, least = 0, most = choices.length }: Content): string {
  switch (type) {
    case 'multiple':
      if (least === most) return t('chooseJust', { n: least })
      if (least === 0) return most === choices.length ? t('chooseAll') : t('chooseUpTo', { n: most })
      return most === choices.length ? t('chooseFrom', { n: least }) : t('chooseRange', { from: least, to: most })
    case 'ranking':
      return t('best')
    case 'pair':
      return t('tapBetter')
    default:
      return ''
  }
}
