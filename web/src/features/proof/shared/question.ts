import type { AskedQuestion } from '../../api/shared/wire'
import { hex } from './bytes'
import { underTag, type Canonical } from './canonical'

/** The bounds of a quorum policy as the question's hash holds them. */
export function bounds(quorum: AskedQuestion['quorum']): { min: number; max: number } {
  const fixed = /^fixed:(\d+)$/.exec(quorum.policy)
  if (fixed) return { min: Number(fixed[1]), max: Number(fixed[1]) }
  return { min: quorum.min ?? 2, max: quorum.max ?? 10 }
}

/** What a question's hash covers, made from what is shown. What only some questions have is left out where a question does not have it. */
export function questionStatement(instance: string, question: AskedQuestion): Uint8Array<ArrayBuffer> {
  const { min, max } = bounds(question.quorum)
  const fields: { [name: string]: Canonical } = {
    choices: question.choices,
    deadline_ms: Date.parse(question.deadline),
    fee: question.fee,
    image: question.image?.hash ?? '',
    image_alt: question.image?.alt ?? '',
    instance,
    max,
    min,
    policy: question.quorum.policy,
    price: question.price,
    salt: question.salt,
    snapshot: question.snapshot,
    text: question.text,
    type: question.type,
  }
  const { passage, project, least, most, length, audio, choice_images: images, number } = question
  for (const [name, part] of Object.entries({ passage, project, least, most, length, audio: audio?.hash })) if (part) fields[name] = part
  if (images && images.length > 0) {
    fields.choice_images = images.map((i) => i.hash)
    fields.choice_alts = images.map((i) => i.alt ?? '')
  }
  if (number) fields.number = { decimals: number.decimals, max: number.max, min: number.min, unit: number.unit ?? '' }
  return underTag('tasknet/question/v1', fields)
}

/** Whether what is shown of the question is what its hash covers. Nothing is signed otherwise. */
export async function isAsHashed(instance: string, question: AskedQuestion, sha256: (data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array> | Uint8Array): Promise<boolean> {
  let data
  try {
    data = questionStatement(instance, question)
  } catch {
    return false // nobody could have hashed it
  }
  return hex(await sha256(data)) === question.hash
}
