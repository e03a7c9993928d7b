import type { onboarding } from '../en/onboarding'
import type { In } from '../part'

export default {
  welcome: 'مرحبًا',
  headAnswer: 'إجابتك لها قيمة.',
  headTime: 'ووقتك كذلك.',
  language: 'اللغة',
  takes: 'من {from} إلى {to} ثوانٍ',
  takesWhat: 'للسؤال الواحد، بإبهام واحد.',
  cents: 'من {from} إلى {to} سنتات',
  centsWhat: 'للإجابة. مصروف جيب، لا راتب.',
  account: 'بلا حساب',
  accountWhat: 'يُنشأ مفتاح على هذا الهاتف. بلا اسم ولا بريد.',
  public: 'علنًا',
  publicWhat: 'يمكن لأي أحد أن يرى أي الإجابات جاءت من المفتاح نفسه.',
  busy: 'لحظة',
  begin: 'أجب عن أول سؤال',
  haveKey: 'لديّ مفتاح',
  how: 'كيف يعمل',
  ask: 'أريد أن أسأل',
} satisfies In<typeof onboarding>
