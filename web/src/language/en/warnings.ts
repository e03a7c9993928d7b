import { part } from '../part'

/** What not everybody wants to see, by the marks of questions, in the order in which it is shown. */
export const warnings = /* @__PURE__ */ part('warnings', {
  violence: 'Violence',
  blood: 'Blood and injuries',
  adult: 'Adult content',
  hate: 'Hateful words',
  self_harm: 'Self-harm',
  drugs: 'Drugs',
})
