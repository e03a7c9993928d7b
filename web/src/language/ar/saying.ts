import type { saying } from '../en/saying'
import type { In } from '../part'

export default {
  comma: '، ',
  cannotTell: 'لا أستطيع الجزم',
  choiceN: 'الخيار {n}',
  unknownForm: 'إجابة بصيغة غير معروفة',
  noneOfThem: 'لا شيء منها',
  nothingToMark: 'لا شيء للتعليم',
  boxes: { zero: 'لا مربعات', one: 'مربع واحد', two: 'مربعان', few: '{n} مربعات', many: '{n} مربعًا', other: '{n} مربع' },
  outlines: { zero: 'لا حدود', one: 'حد واحد', two: 'حدّان', few: '{n} حدود', many: '{n} حدًّا', other: '{n} حد' },
  marks: { zero: 'لا علامات', one: 'علامة واحدة', two: 'علامتان', few: '{n} علامات', many: '{n} علامة', other: '{n} علامة' },
  painted: { zero: 'لا مساحات ملوّنة', one: 'مساحة ملوّنة واحدة', two: 'مساحتان ملوّنتان', few: '{n} مساحات ملوّنة', many: '{n} مساحة ملوّنة', other: '{n} مساحة ملوّنة' },
  quoted: '«{text}»',
} satisfies In<typeof saying>
