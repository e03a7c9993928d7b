import type { Spec } from '../../api/shared/jobs'

/** Models that do well on most sets of their kind, as `tasknet-node` has them; what is said of the data is left out. */
export const presets: { [name: string]: { name: string; about: string; spec: Spec } } = {
  text: {
    name: 'Texts',
    about: 'Words and pairs of words, hashed',
    spec: { input: { kind: 'words', buckets: 8192 }, layers: [{ type: 'dense', units: 64 }, { type: 'dropout', rate: 0.3 }], optimizer: { learning_rate: 0.003, weight_decay: 0.05 } },
  },
  tabular: {
    name: 'Tables',
    about: 'Columns of numbers',
    spec: {
      input: { kind: 'numbers' },
      layers: [{ type: 'dense', units: 64 }, { type: 'norm' }, { type: 'dense', units: 32 }, { type: 'dropout', rate: 0.1 }],
      optimizer: { learning_rate: 0.003, weight_decay: 0.01 },
      training: { epochs: 60, patience: 8 },
    },
  },
  image: {
    name: 'Pictures',
    about: 'Up to 40 pixels wide and high, in grey',
    spec: {
      input: { kind: 'image', height: 28, width: 28, channels: 1 },
      layers: [{ type: 'conv', filters: 16 }, { type: 'max_pool' }, { type: 'conv', filters: 32 }, { type: 'max_pool' }, { type: 'flatten' }, { type: 'dropout', rate: 0.25 }, { type: 'dense', units: 96 }, { type: 'dropout', rate: 0.25 }],
      augment: { shift: 0.07, rotate: 8 },
      optimizer: { learning_rate: 0.002, weight_decay: 0.01 },
    },
  },
  sequence: {
    name: 'Order of words',
    about: 'An embedding and a recurrent layer',
    spec: { input: { kind: 'tokens', buckets: 4096, length: 64 }, layers: [{ type: 'embedding', units: 48 }, { type: 'recurrent', units: 64 }, { type: 'dropout', rate: 0.3 }], optimizer: { learning_rate: 0.003, weight_decay: 0.01 } },
  },
}
