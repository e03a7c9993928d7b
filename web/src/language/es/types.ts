import type { types } from '../en/types'
import type { In } from '../part'

export default {
  choice: 'Una opción',
  yes_no: 'Sí o no',
  scale: 'Escala',
  pair: 'La mejor de dos',
  multiple: 'Varias opciones',
  ranking: 'Orden',
  number: 'Número',
  text: 'Texto corto',
  boxes: 'Recuadros',
  polygons: 'Contornos',
  mask: 'Zonas pintadas',
  spans: 'Palabras',
} satisfies In<typeof types>
