import { Icon } from '../../frame/view/parts'
import type { Shown } from '../shared/guide'
import { Prose } from './prose'
import './guide.css'

/** What a project says to respondents: instructions, then examples of good answers and bad ones. */
export function GuideText({ guide }: { guide: Pick<Shown, 'instructions' | 'examples'> }) {
  return (
    <div class="stack">
      {guide.instructions && <Prose text={guide.instructions} />}
      {guide.examples.length > 0 && (
        <ul class="stack tight" aria-label="Examples">
          {guide.examples.map((e, i) => (
            <li class="example" key={i}>
              <span class={`sort ${e.good ? 'good' : 'bad'}`}>
                <Icon of={e.good ? 'tick' : 'cross'} size={14} />
                {e.good ? 'A good answer' : 'Not like this'}
              </span>
              {e.image && <img src={e.image.url} alt={e.image.alt || 'The picture of the example; not described'} width={e.image.width} height={e.image.height} />}
              {e.text && <blockquote>{e.text}</blockquote>}
              <p>
                <b>{e.answer}</b>
              </p>
              {e.why && <p class="small sec">{e.why}</p>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
