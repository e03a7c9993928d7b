import { part } from '../part'

/** What a person likes and does not want to see. */
export const profile = /* @__PURE__ */ part('profile', {
  title: 'What I answer',
  kept: 'All of this is kept on this device and told with each request for questions. The server keeps of it only what you do not want, and only if it wakes you for questions.',
  likes: 'I like questions about',
  likesHint: 'They come first where there are some.',
  avoid: 'What I do not want',
  avoidHint: 'You get none that is marked so by who asks, and are not woken for any. What is marked wrongly can be reported at the question.',
  shows: 'That shows',
  about: 'About',
  types: 'Kinds',
  most: 'With every kind left out there are no questions for you.',
})
