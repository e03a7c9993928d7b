import { PictureBox } from '../picture'
import { Choice, useChoiceKeys } from './choices'
import { boxFor, Frame, type WidgetProps } from './widget'
import './widgets.css'

/** Choices with a picture each: a tap on the picture or on its button is the answer. */
export function Pictured(props: WidgetProps) {
  const { card, words, foot, give, again } = props
  const { choice_images: images = [] } = card.assignment.question
  useChoiceKeys(props)
  const cards = (
    <div class="pictured answers" style={{ '--box': boxFor(images) }}>
      {images.map((image, i) => (
        <div key={i}>
          <PictureBox image={image} medium={card.media[image.hash]!} again={again} pick={() => give({ choice: i })} />
          <Choice of={props} choice={i} />
        </div>
      ))}
    </div>
  )
  return <Frame words={words()} main={cards} foot={foot} />
}
