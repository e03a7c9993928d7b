import type { warnings } from '../en/warnings'
import type { In } from '../part'

export default {
  violence: 'Violencia',
  blood: 'Sangre y heridas',
  adult: 'Contenido para adultos',
  hate: 'Palabras de odio',
  self_harm: 'Autolesiones',
  drugs: 'Drogas',
} satisfies In<typeof warnings>
