import type { topics } from '../en/topics'
import type { In } from '../part'

export default {
  animals: 'حيوانات',
  arts: 'فنون',
  food: 'طعام',
  health: 'صحة',
  home: 'منزل',
  language: 'لغة',
  nature: 'طبيعة',
  news: 'أخبار',
  people: 'أشخاص',
  places: 'أماكن',
  politics: 'سياسة',
  religion: 'دين',
  science: 'علوم',
  shopping: 'تسوق',
  sport: 'رياضة',
  technology: 'تقنية',
} satisfies In<typeof topics>
