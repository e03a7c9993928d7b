import type { onboarding } from '../en/onboarding'
import type { In } from '../part'

export default {
  welcome: 'स्वागत है',
  headAnswer: 'आपका जवाब मायने रखता है।',
  headTime: 'आपका समय भी।',
  language: 'भाषा',
  takes: '{from} से {to} सेकंड',
  takesWhat: 'एक सवाल में, बस एक अँगूठे से।',
  cents: '{from} से {to} सेंट',
  centsWhat: 'एक जवाब के। जेब-ख़र्च, तनख़्वाह नहीं।',
  account: 'कोई खाता नहीं',
  accountWhat: 'कुंजी इसी फ़ोन पर बनती है। न नाम, न ई-मेल।',
  public: 'सबके सामने',
  publicWhat: 'कोई भी देख सकता है कि कौन-से जवाब एक ही कुंजी के हैं।',
  busy: 'एक पल',
  begin: 'पहले सवाल का जवाब दें',
  haveKey: 'मेरे पास कुंजी है',
  how: 'यह कैसे चलता है',
  ask: 'मुझे पूछना है',
} satisfies In<typeof onboarding>
