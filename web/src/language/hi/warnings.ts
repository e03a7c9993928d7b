import type { warnings } from '../en/warnings'
import type { In } from '../part'

export default {
  violence: 'हिंसा',
  blood: 'ख़ून और चोटें',
  adult: 'वयस्कों की सामग्री',
  hate: 'नफ़रत भरे शब्द',
  self_harm: 'ख़ुद को नुक़सान',
  drugs: 'नशीले पदार्थ',
} satisfies In<typeof warnings>
