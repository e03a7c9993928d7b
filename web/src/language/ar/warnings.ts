import type { warnings } from '../en/warnings'
import type { In } from '../part'

export default {
  violence: 'عنف',
  blood: 'دم وإصابات',
  adult: 'محتوى للبالغين',
  hate: 'كلام كراهية',
  self_harm: 'إيذاء النفس',
  drugs: 'مخدرات',
} satisfies In<typeof warnings>
