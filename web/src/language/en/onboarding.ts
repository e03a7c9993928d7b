import { part } from '../part'

/** The first page. */
export const onboarding = /* @__PURE__ */ part('onboarding', {
  welcome: 'Welcome',
  headAnswer: 'Your answer counts.',
  headTime: 'So does your time.',
  language: 'Language',
  takes: '{from} to {to} s',
  takesWhat: 'for a question, with one thumb.',
  cents: '{from} to {to} cents',
  centsWhat: 'for an answer. Pocket money, not a wage.',
  account: 'No account',
  accountWhat: 'A key is made on this phone. No name, no e-mail.',
  public: 'In public',
  publicWhat: 'Anyone can see which answers came from the same key.',
  busy: 'One moment',
  begin: 'Answer a first question',
  haveKey: 'I have a key',
  how: 'How it works',
  ask: 'I want to ask',
})
