import { identity as t } from '../../../language/en/identity'
import { change, settings, type Settings } from '../../frame/shared/settings'
import { useCell } from '../../frame/view/parts'

type Field = 'size' | 'contrast' | 'motion'

/** Text, contrast and motion. */
export function Access() {
  const now = useCell(settings)
  const groups: { field: Field; name: string; hint: string; options: [Settings[Field], string][] }[] = [
    { field: 'size', name: t('textSize'), hint: t('textSizeHint'), options: [[100, t('normal')], [115, t('larger')], [130, t('large')], [150, t('veryLarge')]] },
    { field: 'contrast', name: t('contrast'), hint: t('contrastHint'), options: [['system', t('asDevice')], ['more', t('more')], ['less', t('less')]] },
    { field: 'motion', name: t('motion'), hint: t('motionHint'), options: [['system', t('asDevice')], ['reduced', t('reduced')]] },
  ]
  return (
    <section class="stack">
      <h2>{t('access')}</h2>
      <p class="sec">{t('accessHint')}</p>
      {groups.map(({ field, name, hint, options }) => (
        <div class="field">
          <span>{name}</span>
          <div class="seg" role="group" aria-label={name}>
            {options.map(([value, word]) => (
              <button type="button" aria-pressed={now[field] === value} onClick={() => change({ [field]: value })}>
                {word}
              </button>
            ))}
          </div>
          <p class="cap">{hint}</p>
        </div>
      ))}
    </section>
  )
}
