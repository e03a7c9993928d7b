import type { accuracy } from '../en/accuracy'
import type { In } from '../part'

export default {
  title: 'Cuánto aciertas',
  missing: 'Cuánto aciertas se muestra',
  none: 'Aún no se ha cerrado ninguna pregunta con respuesta conocida que hayas respondido. Algunas de las que recibes la tienen; cuáles, no se dice a nadie antes de que se cierren.',
  sum: '{right} de {known} acertadas donde la respuesta se conocía',
  between: 'Con tantas, está entre {low} y {high} con una certeza del {sure}. Con más respuestas el margen se estrecha.',
  plot: { one: 'Proporción de respuestas acertadas en una semana, del {first} al {last}; la última, {share}, con lo que cada una puede ser en realidad.', many: 'Proporción de respuestas acertadas en {n} de semanas, del {first} al {last}; la última, {share}, con lo que cada una puede ser en realidad.', other: 'Proporción de respuestas acertadas en {n} semanas, del {first} al {last}; la última, {share}, con lo que cada una puede ser en realidad.' },
  all: 'todas acertadas',
  table: 'Como tabla',
  week: 'Semana del',
  right: 'Acertadas',
  known: 'De',
  range: 'Entre',
  fromTo: '{low} – {high}',
  how: 'Cómo se calcula',
  countKnown: 'Solo cuentan las preguntas cerradas cuya respuesta se conocía de antes. De las abiertas no se dice nada: quien supiera cuáles son respondería con cuidado solo a esas.',
  countOthers: 'Que otros discrepen de ti no cuenta en tu contra. «No lo sé» no cuenta ni a favor ni en contra.',
  countWithdrawn: 'Una respuesta conocida que contradicen muchas personas que suelen acertar se retira, y no cuenta para nadie.',
  means: 'Qué significa',
  meansPay: 'Pago: por una respuesta equivocada no se descuenta nada. Solo deja de pagarse cuando las respuestas conocidas demuestran que lo que alguien responde no es mejor que adivinar, o es copiado.',
  meansQuestions: 'Preguntas: quien acierta más a menudo recibe más preguntas de los tipos en los que eso importa, y sus respuestas pesan más en el veredicto. Cada tipo se calcula por separado.',
  meansNew: 'Al empezar: hasta que unas cuantas respuestas conocidas muestren que no adivinas, parte de tu pago espera.',
  refused: { one: 'Un tipo de pregunta ya no se te da: lo que respondiste ahí no vale nada. En Respondidas se ve cuál fue.', many: '{n} de tipos de preguntas ya no se te dan: lo que respondiste ahí no vale nada. En Respondidas se ve cuáles fueron.', other: '{n} tipos de preguntas ya no se te dan: lo que respondiste ahí no vale nada. En Respondidas se ve cuáles fueron.' },
} satisfies In<typeof accuracy>
