import { part } from '../part'

/** The types of questions, in the words of who answers them. */
export const types = /* @__PURE__ */ part('types', {
  choice: 'One choice',
  yes_no: 'Yes or no',
  scale: 'Scale',
  pair: 'Better of two',
  multiple: 'Several choices',
  ranking: 'Ranking',
  number: 'Number',
  text: 'Short text',
  boxes: 'Boxes',
  polygons: 'Outlines',
  mask: 'Painted areas',
  spans: 'Words',
})
