import { instance } from '../../identity/shared/session'
import { frame as t } from '../../../language/en/frame'
import { asOf } from '../../frame/shared/words'
import { useLoad } from '../../frame/view/parts'
import { oldSince, worth } from '../shared/worth'

/** What an amount is worth in a currency, where the server knows. What joins it to the words before is said with it. */
export function Worth({ of, joined = '' }: { of: bigint; joined?: string }) {
  const rate = useLoad(() => instance(), []).value?.token.rate
  if (!rate) return null
  const old = oldSince(rate)
  return (
    <span class="sec small">
      {joined + worth(of, rate)}
      {old && t('byRate', { time: asOf(old.getTime()) })}
    </span>
  )
}
