import { useState } from 'preact/hooks'
import { onboarding as t } from '../../../language/en/onboarding'
import { choose } from '../../../language/load'
import { languages, spoken, type Tag } from '../../../language/spoken'
import { Trouble, useCell } from './parts'

/** The languages of the app, each named in itself: who does not read the one shown finds theirs. */
export function Languages({ field = false }: { field?: boolean }) {
  const { tag } = useCell(spoken)
  const [error, setError] = useState<unknown>()
  const take = (chosen: Tag) => {
    setError(undefined)
    choose(chosen).catch(setError)
  }
  return (
    <>
      <label class={field ? 'field' : 'choose'}>
        <span class={field ? '' : 'sr'}>{t('language')}</span>
        <select class="input" value={tag} onChange={(e) => take(e.currentTarget.value as Tag)}>
          {Object.entries(languages).map(([each, name]) => (
            <option key={each} value={each} lang={each}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {error !== undefined && <Trouble error={error} />}
    </>
  )
}
