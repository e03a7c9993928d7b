import { useState } from 'preact/hooks'
import { identity as t } from '../../../language/en/identity'
import { reads, readsMax, tagsOf } from '../../frame/shared/languages'
import { refreshMe } from '../../frame/shared/people'
import { change, settings } from '../../frame/shared/settings'

/** The languages that a person reads. */
export function Languages() {
  const [text, setText] = useState(reads(settings.value.reads, navigator.languages).join(', '))
  const tags = tagsOf(text)
  const problem = !tags ? t('badTags') : tags.length > readsMax ? t('mostTags', { n: readsMax }) : ''
  return (
    <label class="field">
      <span>{t('reads')}</span>
      <input
        class="input"
        dir="ltr"
        value={text}
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={problem !== ''}
        aria-describedby="reads-hint"
        onInput={(e) => {
          const typed = e.currentTarget.value
          setText(typed)
          const reads = tagsOf(typed)
          if (reads && reads.length <= readsMax) change({ reads })
        }}
        onBlur={() => void refreshMe()}
      />
      <span class={`cap ${problem ? 'bad' : ''}`} id="reads-hint" role={problem ? 'alert' : undefined}>
        {problem || t('readsHint')}
      </span>
    </label>
  )
}
