import type { saying } from '../en/saying'
import type { In } from '../part'

export default {
  comma: ', ',
  cannotTell: 'No lo sé',
  choiceN: 'opción {n}',
  unknownForm: 'una respuesta de forma desconocida',
  noneOfThem: 'Ninguna de ellas',
  nothingToMark: 'Nada que marcar',
  boxes: { one: '{n} recuadro', many: '{n} recuadros', other: '{n} recuadros' },
  outlines: { one: '{n} contorno', many: '{n} contornos', other: '{n} contornos' },
  marks: { one: '{n} marca', many: '{n} marcas', other: '{n} marcas' },
  painted: { one: 'una zona pintada', many: '{n} zonas pintadas', other: '{n} zonas pintadas' },
  quoted: '«{text}»',
} satisfies In<typeof saying>
