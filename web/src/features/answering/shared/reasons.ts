import type { AskedQuestion, SkipReason } from '../../api/shared/wire'
import { filesOf } from './deck'

// Why a question is given back, in the words of the person who does it.

/** What can be wrong with a question, the likeliest first. Where nothing is chosen from, no choice can be wrong. */
export function reports({ choices, image, audio, choice_images }: Pick<AskedQuestion, 'choices' | 'image' | 'audio' | 'choice_images'>): [SkipReason, string][] {
  return [
    ['broken', filesOf({ image, audio, choice_images }).length > 0 ? `The ${audio ? 'clip' : 'picture'} or the text is broken` : 'The text is broken'],
    ['unclear', 'It is unclear what is asked'],
    ...(choices.length > 0 ? ([['wrong_choices', 'The right answer is not among the choices']] as [SkipReason, string][]) : []),
    ['offensive', 'It is offensive or upsetting'],
    ['other', 'Something else'],
  ]
}

/** What is said once a question was skipped. */
export const skippedWords: { [reason in SkipReason]: string } = {
  none: 'Skipped.',
  not_for_me: 'Skipped: not for you.',
  broken: 'Reported: broken.',
  unclear: 'Reported: unclear.',
  wrong_choices: 'Reported: wrong choices.',
  offensive: 'Reported: offensive.',
  other: 'Reported.',
}
