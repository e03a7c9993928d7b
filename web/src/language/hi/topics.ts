import type { topics } from '../en/topics'
import type { In } from '../part'

export default {
  animals: 'जानवर',
  arts: 'कला',
  food: 'खाना',
  health: 'स्वास्थ्य',
  home: 'घर',
  language: 'भाषा',
  nature: 'प्रकृति',
  news: 'समाचार',
  people: 'लोग',
  places: 'जगहें',
  politics: 'राजनीति',
  religion: 'धर्म',
  science: 'विज्ञान',
  shopping: 'ख़रीदारी',
  sport: 'खेल',
  technology: 'तकनीक',
} satisfies In<typeof topics>
