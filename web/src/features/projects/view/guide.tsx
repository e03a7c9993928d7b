import { Icon } from '../../frame/view/parts'
import type { Shown } from '../shared/guide'
import { Prose } from './prose'
import './guide.css'
import { widgets as t } from '../../../language/en/widgets'

/** What a project says to respondents: instructions, then examples of good answers and bad ones. */
export function GuideText({ guide }: { guide: Pick<Shown, 'instructions' | 'examples'> }) {
  return (
    <div class="stack">
      {guide.instructions && <div dir="auto"><Prose text={guide.instructions} /></div>}
      {guide.examples.length > 0 && (
        <ul class="stack tight" aria-label={t('examples')}>
          {guide.examples.map((e, i) => (
            <li class="example" key={i}>
              <span class={`sort ${e.good ? 'good' : 'bad'}`}>
                <Icon of={e.good ? 'tick' : 'cross'} size={14} />
                {e.good ? t('goodAnswer') : t('notLikeThis')}
              </span>
              {e.image && <img src={e.image.url} alt={e.image.alt || t('examplePicture')} width={e.image.width} height={e.image.height} />}
              {e.text && <blockquote dir="auto">{e.text}</blockquote>}
              <p>
                <b dir="auto">{e.answer}</b>
              </p>
              {e.why && <p class="small sec" dir="auto">{e.why}</p>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
