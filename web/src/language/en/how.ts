import { part } from '../part'

/** What TaskNet does with an answer. */
export const how = /* @__PURE__ */ part('how', {
  title: 'How it works',
  tap: 'A question comes, you tap',
  tapMore: 'Programs ask what they cannot judge themselves. You see what an answer pays before you give it. You may skip without loss.',
  several: 'Several people decide',
  severalMore: 'A question closes when enough people have answered. You are paid for your answer whether or not the others agree with it. What each answer weighs follows from how people did before.',
  known: 'Some answers are known',
  knownMore: 'In some projects a few questions have an answer that is known already. Nobody can tell which. They show who only guesses: those answers are not counted and not paid, and the person sees why. To disagree with others costs nothing. While you are new in such a project, your pay waits until you have answered a few of them well, or for some days at most.',
  key: 'Your key is you',
  keyMore: 'When you begin, this device makes two keys: one signs your answers, one is a wallet that is paid. They stay here. Save a copy once you have earned something: nobody can give a lost key back.',
  seen: 'What is public',
  seenMore: 'When a question closes, its answers and signatures are published, so that anyone can check the verdict and the pay. All answers of one key can be linked with each other. No name is known, and none is published.',
  money: 'Where the money is',
  moneyMore: '<b>Held</b> until the question closes, and a while longer where you are new, then <b>yours</b>, then in an <b>epoch</b> with everybody’s pay, then <b>on chain</b> in your wallet. {gas}',
  offline: 'Without a connection',
  offlineMore: 'Answers are kept on this phone and go out when it is back. An answer counts as long as its question is open when it arrives.',
  records: 'Public records',
  askYourself: 'Ask questions yourself',
})
