import { change, settings, type Settings } from '../../frame/shared/settings'
import { useCell } from '../../frame/view/parts'

type Field = 'size' | 'contrast' | 'motion'

const say: { title: string; hint: string; groups: { field: Field; name: string; hint: string; options: [Settings[Field], string][] }[] } = {
  title: 'Easier to see and use',
  hint: 'Kept on this device. What your phone itself is set to counts where nothing else is chosen.',
  groups: [
    { field: 'size', name: 'Text', hint: 'On top of what your browser is set to.', options: [[100, 'Normal'], [115, 'Larger'], [130, 'Large'], [150, 'Very large']] },
    { field: 'contrast', name: 'Contrast', hint: 'Pictures stay as they are: they are what you judge.', options: [['system', 'As the device'], ['more', 'More'], ['less', 'Less']] },
    { field: 'motion', name: 'Motion', hint: 'Reduced: nothing slides, and no tick is felt. The time to undo stays.', options: [['system', 'As the device'], ['reduced', 'Reduced']] },
  ],
}

/** Text, contrast and motion. */
export function Access() {
  const now = useCell(settings)
  return (
    <section class="stack">
      <h2>{say.title}</h2>
      <p class="sec">{say.hint}</p>
      {say.groups.map(({ field, name, hint, options }) => (
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
