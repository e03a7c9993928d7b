import type { profile } from '../en/profile'
import type { In } from '../part'

export default {
  title: 'Lo que respondo',
  kept: 'Todo esto se guarda en este dispositivo y se dice con cada petición de preguntas. El servidor solo guarda de ello lo que no quieres, y solo si te avisa de preguntas.',
  likes: 'Me gustan las preguntas sobre',
  likesHint: 'Llegan primero cuando las hay.',
  avoid: 'Lo que no quiero',
  avoidHint: 'No recibes ninguna que quien pregunta haya marcado así, ni se te avisa de ella. Lo que esté mal marcado se puede reportar en la pregunta.',
  shows: 'Que muestra',
  about: 'Sobre',
  types: 'Tipos',
  most: 'Si dejas fuera todos los tipos, no hay preguntas para ti.',
} satisfies In<typeof profile>
