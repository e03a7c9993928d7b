import type { saying } from '../en/saying'
import type { In } from '../part'

export default {
  comma: ', ',
  cannotTell: 'पता नहीं चलता',
  choiceN: 'विकल्प {n}',
  unknownForm: 'अनजान रूप का जवाब',
  noneOfThem: 'इनमें से कोई नहीं',
  nothingToMark: 'निशान लगाने को कुछ नहीं',
  boxes: { one: '{n} बॉक्स', other: '{n} बॉक्स' },
  outlines: { one: '{n} रूपरेखा', other: '{n} रूपरेखाएँ' },
  marks: { one: '{n} निशान', other: '{n} निशान' },
  painted: { one: 'रंगा हुआ एक हिस्सा', other: 'रंगे हुए {n} हिस्से' },
  quoted: '“{text}”',
} satisfies In<typeof saying>
