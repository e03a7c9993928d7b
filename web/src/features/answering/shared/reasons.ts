import type { AskedQuestion, SkipReason } from '../../api/shared/wire'
import { filesOf } from './deck'
import { answering as t } from '../../../language/en/answering'

// Why a question is given back, in the words of the person who does it.

/** What can be wrong with a question, the likeliest first. Where nothing is chosen from, no choice can be wrong. */
export function reports({ choices, image, audio, choice_images }: Pick<AskedQuestion, 'choices' | 'image' | 'audio' | 'choice_images'>): [SkipReason, string][] {
  return [
    ['broken', filesOf({ image, audio, choice_images }).length > 0 ? t(audio ? 'brokenClip' : 'brokenPicture') : t('brokenText')],
    ['unclear', t('unclear')],
    ...(choices.length > 0 ? ([['wrong_choices', t('wrongChoices')]] as [SkipReason, string][]) : []),
    ['offensive', t('offensive')],
    ['other', t('other')],
  ]
}

/** What is said once a question was skipped. */
export function skippedWords(reason: SkipReason): string {
  switch (reason) {
    case 'none':
      return t('skipped')
    case 'not_for_me':
      return t('skippedMe')
    case 'broken':
      return t('reportedBroken')
    case 'unclear':
      return t('reportedUnclear')
    case 'wrong_choices':
      return t('reportedChoices')
    case 'offensive':
      return t('reportedOffensive')
    case 'other':
      return t('reported')
  }
}
