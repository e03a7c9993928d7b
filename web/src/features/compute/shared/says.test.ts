import { expect, test } from 'vitest'
import type { Job, JobLease } from '../../api/shared/jobs'
import { caseState, checked, headline, jobState, judgedBy, kindName, large, output, share, why } from './says'

const job = { state: 'open', kind: 'infer', rows: 100, rows_given: 60, rows_done: 40, parts: 3, parts_waiting: 0, importance: 5, created_at: '2026-11-20T10:00:00Z' } as Job
const running = { state: 'running', from_row: 40, to_row: 60, progress: { step: 5, of: 10 } } as JobLease

test('a job is as far as its parts, and as the nodes that work at others', () => {
  expect(share(job, [])).toBe(0.4)
  expect(share(job, [running, { ...running, state: 'lost' }])).toBe(0.5)
  expect(share({ ...job, rows: 1, rows_done: 0 }, [{ ...running, from_row: 0, to_row: 1, progress: { step: 10, of: 10 } }])).toBe(0.99)
  expect(share({ ...job, state: 'done' }, [])).toBe(1)
})

test('where a job is, is said in a sentence', () => {
  expect(headline({ ...job, parts: 0 }, [])).toBe('It waits for a node that can do it.')
  expect(headline({ ...job, parts: 1, parts_waiting: 1 }, [])).toBe('A node gave it back or was lost. It waits for another.')
  expect(headline(job, [running, running])).toBe('2 nodes are at work; 40 of 100 rows are done.')
  expect(headline({ ...job, kind: 'train', rows: 1 }, [running])).toBe('A node trains it: step 5 of at most 10.')
  expect(headline({ ...job, state: 'done', ended_at: '2026-11-20T10:00:41Z' }, [])).toBe('Done 41 s after it was asked for.')
  expect(jobState(job)).toEqual({ word: 'running', tone: 'live' })
  expect(jobState({ ...job, parts: 0 }).word).toBe('waiting')
})

test('why a node has a part is said in plain words', () => {
  const first = { turn: 0, waiting: 3, local_bytes: 0, rows: 20, seconds: 60, operations: 9 }
  expect(why(first, job)).toEqual([
    'It got 20 rows: what a machine as fast as this one does in about 1 min.',
    'It was your turn: of 3 organisations with work for it, you had used the least.',
    'Of your jobs that it could do, this was the most important (5 of 10), and the oldest among equals.',
  ])
  expect(why({ ...first, again: 'lost', from_step: 1200, waiting: 1, local_bytes: 2_400_000 }, { ...job, rows: 1 })).toEqual([
    'Nothing was heard any more of the node that had it before.',
    'It goes on from the checkpoint of step 1,200.',
    'Nobody else had work that it could do.',
    'Of your jobs this was the most important (5 of 10); 2.4 MB of its files were there already.',
  ])
  expect(why({ ...first, fetch_seconds: 90 }, job)[1]).toBe('To fetch the files takes it about 2 min, by what it measured of its network and disk.')
  expect(why({ ...first, copy: 'drawn', network: 'apart' }, job).slice(0, 2)).toEqual([
    'Another owner does the same part, to compare: the owner of this node was drawn for it.',
    'Nobody else did this part on the network that the node is in.',
  ])
  expect(why({ ...first, copy: 'open', network: 'shared' }, job).slice(0, 2)).toEqual([
    'Another owner does the same part, to compare: any other could.',
    'Somebody else did this part on the same network: no node elsewhere came for it.',
  ])
  expect(why({ ...first, trainer: 'torch' }, job)[0]).toBe('It has the trainer torch, which the job asks for.')
  expect(why({ ...first, waiting: 1, pays: '0.5', pays_hour: '30.25', min_price: '20', stake: '50' }, job)).toEqual([
    'It got 20 rows: what a machine as fast as this one does in about 1 min.',
    'It pays 0.50, 30.25 for an hour of this node’s work, which takes no less than 20.00.',
    'Its owner has 50.00 at stake.',
    'Nobody else had work that it could do.',
    'Of your jobs that it could do, this was the most important (5 of 10) and among equals paid most for its work.',
  ])
  expect(why({ ...first, pays: '0.5' }, { ...job, rows: 1 })[0]).toBe('It pays 0.50.')
  expect(why({ ...first, turn: 2 }, job)[1]).toBe('Of 3 organisations with work for it, 2 were before you, and had nothing that it could take.')
})

test('what is not known is shown by its name', () => {
  expect(kindName('custom')).toBe('Custom')
  expect(output('trace')).toEqual({ name: 'Trace', file: 'trace' })
  expect(large(9_999)).toBe('9,999')
  expect(large(61_234)).toBe('61.2K')
})

test('what came of checks and cases is said in a word each', () => {
  const check = (audit: boolean, state: string) => ({ part: 0, audit, state })
  expect(checked([check(true, 'agreed'), check(false, 'decided'), check(true, 'alone'), check(true, 'agreed')])).toEqual(['3 audits: 2 agreed, 1 alone', '1 part compared: 1 decided'])
  expect(checked([])).toEqual([])
  expect(caseState('slashed')).toEqual({ word: 'slashed', tone: 'bad' })
  expect(caseState('prepared').word).toBe('waits for the court')
})

test('by what a model is accepted is said before it is trained', () => {
  expect(judgedBy({ tasks: 600, hidden: 100 })).toBe('By 100 tasks that no node gets: it counts when on them it is surely better than saying how frequent each label is.')
  expect(judgedBy({ tasks: 40, hidden: 0, not: 'few_tasks' })).toContain('since fewer than 500 tasks have labels:')
  expect(judgedBy({ tasks: 0, hidden: 0, not: 'something new' })).toContain('By no tasks of its own: it is compared')
})
