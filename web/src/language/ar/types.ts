import type { types } from '../en/types'
import type { In } from '../part'

export default {
  choice: 'خيار واحد',
  yes_no: 'نعم أو لا',
  scale: 'مقياس',
  pair: 'الأفضل من اثنين',
  multiple: 'عدة خيارات',
  ranking: 'ترتيب',
  number: 'عدد',
  text: 'نص قصير',
  boxes: 'مربعات',
  polygons: 'حدود',
  mask: 'مساحات ملوّنة',
  spans: 'كلمات',
} satisfies In<typeof types>
