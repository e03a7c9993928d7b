import type { how } from '../en/how'
import type { In } from '../part'

export default {
  title: 'Cómo funciona',
  tap: 'Llega una pregunta, tocas',
  tapMore: 'Los programas preguntan lo que no pueden juzgar por sí mismos. Antes de responder ves cuánto se paga. Puedes saltar sin perder nada.',
  several: 'Deciden varias personas',
  severalMore: 'Una pregunta se cierra cuando ha respondido suficiente gente. Se te paga por tu respuesta, coincidan o no las demás. El peso de cada respuesta depende de lo que cada persona respondió antes.',
  known: 'Algunas respuestas ya se conocen',
  knownMore: 'En algunos proyectos, unas pocas preguntas tienen una respuesta que ya se conoce. Nadie puede saber cuáles. Muestran quién solo adivina: esas respuestas no cuentan ni se pagan, y la persona ve por qué. Discrepar de los demás no cuesta nada. Mientras lleves poco tiempo en un proyecto así, tu pago espera a que hayas respondido bien unas cuantas, o unos días como mucho.',
  key: 'Tu clave eres tú',
  keyMore: 'Al empezar, este dispositivo crea dos claves: una firma tus respuestas y la otra es una cartera donde se te paga. Se quedan aquí. Guarda una copia cuando hayas ganado algo: nadie puede devolverte una clave perdida.',
  seen: 'Qué es público',
  seenMore: 'Cuando una pregunta se cierra, se publican sus respuestas y firmas, para que cualquiera pueda comprobar el veredicto y el pago. Todas las respuestas de una misma clave se pueden relacionar entre sí. No se conoce ningún nombre ni se publica ninguno.',
  money: 'Dónde está el dinero',
  moneyMore: '<b>Retenido</b> hasta que se cierra la pregunta, y un poco más si acabas de empezar; luego es <b>tuyo</b>; luego va en una <b>época</b> con el pago de todos; y al final está <b>en la cadena</b>, en tu cartera. {gas}',
  offline: 'Sin conexión',
  offlineMore: 'Las respuestas se guardan en este teléfono y se envían cuando vuelve la conexión. Una respuesta cuenta si su pregunta sigue abierta cuando llega.',
  records: 'Registros públicos',
  askYourself: 'Haz tus propias preguntas',
} satisfies In<typeof how>
