import type { onboarding } from '../en/onboarding'
import type { In } from '../part'

export default {
  welcome: 'Te damos la bienvenida',
  headAnswer: 'Tu respuesta cuenta.',
  headTime: 'Tu tiempo también.',
  language: 'Idioma',
  takes: 'De {from} a {to} s',
  takesWhat: 'por pregunta, con un solo pulgar.',
  cents: 'De {from} a {to} céntimos',
  centsWhat: 'por respuesta. Para gastos pequeños, no un sueldo.',
  account: 'Sin cuenta',
  accountWhat: 'La clave se crea en este teléfono. Sin nombre ni correo.',
  public: 'En público',
  publicWhat: 'Cualquiera puede ver qué respuestas vienen de la misma clave.',
  busy: 'Un momento',
  begin: 'Responder una primera pregunta',
  haveKey: 'Tengo una clave',
  how: 'Cómo funciona',
  ask: 'Quiero preguntar',
} satisfies In<typeof onboarding>
