import { place } from '../../frame/shared/route'
import { useCell } from '../../frame/view/parts'
import { frame as t } from '../../../language/en/frame'
import { found } from '../shared/found'

/** Says on every page of a person's that the server broke a promise; the page with the evidence says it at length. */
export function LogWarning() {
  const wrong = useCell(found)
  const there = useCell(place).split('?')[0] === '/answered'
  if (!wrong || there) return null
  return (
    <div class="banner" role="alert">
      <span class="grow">
        <b>{t('promiseBroken')}</b>
        <br />
        {wrong.log ? t('logBroken') : t('notInLog', { n: wrong.answers })}
      </span>
      <a class="btn bare slim" href="/answered">
        {t('evidence')}
      </a>
    </div>
  )
}
