import type { profile } from '../en/profile'
import type { In } from '../part'

export default {
  title: 'ما أجيب عنه',
  kept: 'يُحفظ هذا كله على هذا الجهاز ويُذكر مع كل طلب للأسئلة. ولا يحفظ الخادم منه إلا ما لا تريده، وفقط إن كان يُشعرك بالأسئلة.',
  likes: 'أحب الأسئلة عن',
  likesHint: 'تأتي أولًا إن وُجدت.',
  avoid: 'ما لا أريده',
  avoidHint: 'لا يصلك سؤال وسمه السائل بذلك، ولا تُشعَر به. وما وُسم خطأً يمكن الإبلاغ عنه عند السؤال.',
  shows: 'ما يُظهر',
  about: 'ما يدور حول',
  types: 'الأنواع',
  most: 'إن استبعدت كل الأنواع فلا أسئلة لك.',
} satisfies In<typeof profile>
