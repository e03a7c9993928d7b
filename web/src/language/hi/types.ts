import type { types } from '../en/types'
import type { In } from '../part'

export default {
  choice: 'एक विकल्प',
  yes_no: 'हाँ या नहीं',
  scale: 'पैमाना',
  pair: 'दो में बेहतर',
  multiple: 'कई विकल्प',
  ranking: 'क्रम',
  number: 'संख्या',
  text: 'छोटी लिखावट',
  boxes: 'बॉक्स',
  polygons: 'रूपरेखाएँ',
  mask: 'रंगे हुए हिस्से',
  spans: 'शब्द',
} satisfies In<typeof types>
