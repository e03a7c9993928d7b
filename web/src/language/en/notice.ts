import { part } from '../part'

/** What the service worker says in notifications. */
export const notice = /* @__PURE__ */ part('notice', {
  some: 'There may be questions for you.',
  there: 'There are questions for you.',
  pays: '{amount} {symbol} for an answer',
  moves: 'Your pay goes to another address.',
  movesBody: 'Was it not you? Tap, and cancel it or change it back.',
  faster: 'Others were faster.',
  fasterBody: 'This question has its answers. There may be others.',
  failed: 'Not answered.',
  failedBody: 'There was no network. Tap to open the question.',
  taken: '“{answer}” it is.',
  takenBody: '{amount} {symbol} are yours when the question closes.',
  refused: 'Your answer was not taken.',
  kept: '“{answer}” is kept on this phone.',
  keptBody: 'It goes out when there is a network.',
})
