import { part } from '../part'

/** What an answer says in a few words; also where the service worker signs one. */
export const saying = /* @__PURE__ */ part('saying', {
  comma: ', ',
  cannotTell: 'Can’t tell',
  choiceN: 'choice {n}',
  unknownForm: 'an answer of an unknown form',
  noneOfThem: 'None of them',
  nothingToMark: 'Nothing to mark',
  boxes: { one: '{n} box', other: '{n} boxes' },
  outlines: { one: '{n} outline', other: '{n} outlines' },
  marks: { one: '{n} mark', other: '{n} marks' },
  painted: { one: 'a painted area', other: '{n} painted areas' },
  quoted: '“{text}”',
})
