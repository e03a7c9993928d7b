import { part } from '../part'

/** A person’s own accuracy, how it is reckoned and what follows from it. */
export const accuracy = /* @__PURE__ */ part('accuracy', {
  title: 'How right you are',
  missing: 'How right you are is shown',
  none: 'No question with a known answer has closed yet that you answered. Some of those that you get have one; which, nobody is told before they close.',
  sum: '{right} of {known} right where the answer was known',
  between: 'From so many, it is between {low} and {high} with a certainty of {sure}. More answers make that narrower.',
  plot: { one: 'Share of right answers in one week from {first} to {last}, the last {share}, with what each may really be.', other: 'Share of right answers in {n} weeks from {first} to {last}, the last {share}, with what each may really be.' },
  all: 'all right',
  table: 'As a table',
  week: 'Week from',
  right: 'Right',
  known: 'Of',
  range: 'Between',
  fromTo: '{low} – {high}',
  how: 'How it is reckoned',
  countKnown: 'Only questions count whose answer was known before and that have closed. Of open ones nothing is told: who knew which they are would answer only these with care.',
  countOthers: 'That others disagree with you does not count against you. “Can’t tell” counts neither way.',
  countWithdrawn: 'A known answer that many good people contradict is withdrawn, and counts for nobody.',
  means: 'What it means',
  meansPay: 'Pay: nothing is taken off for a wrong answer. Pay is withheld only where known answers prove that what somebody gives is no better than guessing, or is copied.',
  meansQuestions: 'Questions: who is right more often gets more of the kinds of questions in which that matters, and their answers weigh more in the verdict. Each kind is reckoned by itself.',
  meansNew: 'New here: until a few known answers show that you do not guess, some of your pay waits.',
  refused: { one: 'One kind of question is not given to you any more: what you answered there is worth nothing. Answered shows which it was.', other: '{n} kinds of questions are not given to you any more: what you answered there is worth nothing. Answered shows which those were.' },
})
