import { spoken } from '../../../../language/spoken'
import { useKeys } from '../keys'
import { PictureBox } from '../picture'
import { Choice } from './choices'
import { boxFor, Frame, type WidgetProps } from './widget'
import './widgets.css'

/** The longest text that stands beside another one. */
const beside = 48

/** Two things, side by side where they fit: a tap on the better one is the answer, or the arrow that points to it. */
export function Pair(props: WidgetProps) {
  const { card, words, foot, give, again } = props
  const { choices, choice_images: images = [] } = card.assignment.question
  const stacked = images.length === 0 && choices.some((c) => c.length > beside)
  const across = spoken.value.dir === 'rtl' ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'] // the first lies where a line begins
  const arrows = stacked ? ['ArrowUp', 'ArrowDown'] : across
  useKeys((key) => {
    const choice = Math.max(['1', '2'].indexOf(key), arrows.indexOf(key))
    if (choice < 0) return false
    give({ choice })
    return true
  })
  const both = images.length > 0 && (
    <div class="pairs" style={{ '--box': boxFor(images) }}>
      {images.map((image, i) => (
        <PictureBox key={i} image={image} medium={card.media[image.hash]!} again={again} pick={() => give({ choice: i })} />
      ))}
    </div>
  )
  return (
    <Frame words={words()} main={both} foot={foot} flow={stacked}>
      <div class={`answers large ${stacked ? 'list' : 'two'} ${both ? '' : 'facing'}`}>
        {[0, 1].map((i) => (
          <Choice key={i} of={props} choice={i} shortcut={`${i + 1} ${arrows[i]}`} />
        ))}
      </div>
    </Frame>
  )
}
