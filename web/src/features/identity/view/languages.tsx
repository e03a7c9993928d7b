import { useState } from 'preact/hooks'
import { reads, readsMax, tagsOf } from '../../frame/shared/languages'
import { refreshMe } from '../../frame/shared/people'
import { change, settings } from '../../frame/shared/settings'

const say = {
  name: 'Languages I read',
  hint: 'You get no questions of projects that are in others. Empty: all of them. They are told with each request, and not kept.',
  none: 'Tags such as en, de or pt-BR, with commas between them.',
  most: `At most ${readsMax}.`,
}

/** The languages that a person reads. */
export function Languages() {
  const [text, setText] = useState(reads(settings.value.reads, navigator.languages).join(', '))
  const tags = tagsOf(text)
  const problem = !tags ? say.none : tags.length > readsMax ? say.most : ''
  return (
    <label class="field">
      <span>{say.name}</span>
      <input
        class="input"
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
        {problem || say.hint}
      </span>
    </label>
  )
}
