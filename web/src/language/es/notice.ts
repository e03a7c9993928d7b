import type { notice } from '../en/notice'
import type { In } from '../part'

export default {
  some: 'Puede que haya preguntas para ti.',
  there: 'Hay preguntas para ti.',
  pays: '{amount} {symbol} por una respuesta',
  moves: 'Tu pago va a otra dirección.',
  movesBody: '¿No fuiste tú? Toca y cancélalo, o vuelve a cambiarlo.',
  faster: 'Otras personas fueron más rápidas.',
  fasterBody: 'Esta pregunta ya tiene sus respuestas. Puede que haya otras.',
  failed: 'Sin responder.',
  failedBody: 'No había red. Toca para abrir la pregunta.',
  taken: 'Respondiste «{answer}».',
  takenBody: '{amount} {symbol} serán tuyos cuando se cierre la pregunta.',
  refused: 'Tu respuesta no se aceptó.',
  kept: '«{answer}» queda guardada en este teléfono.',
  keptBody: 'Se enviará cuando haya red.',
} satisfies In<typeof notice>
