import { expect, test } from 'vitest'
import { Csv, formOf, readTable, suits, Unreadable } from './table'

const read = (name: string, text: string) => readTable(new Blob([text]), name)

test('a table is split into cells wherever it is cut', () => {
  const text = 'a,"b ""c"", d"\r\n"two\nlines",\n\nlast,cell'
  const want = [['a', 'b "c", d'], ['two\nlines', ''], ['last', 'cell']]
  for (let cut = 0; cut <= text.length; cut++) {
    const csv = new Csv()
    expect([...csv.push(text.slice(0, cut)), ...csv.push(text.slice(cut)), ...csv.finish()], `cut at ${cut}`).toEqual(want)
  }
})

test('a table tells its classes, its columns of numbers, and what it is for', async () => {
  const t = await read('t.csv', '\ufeffkey,width,colour,height,label\na,1,red,10,yes\nb,2.5e3,blue,-1,no\nc,3,red,0,\n')
  expect(t).toEqual({ rows: 3, labeled: 2, classes: ['no', 'yes'], columns: ['width', 'height'], wordy: ['colour'], text: false })
  expect(suits(t)).toBe('tabular')
  expect(suits(await read('t.csv', 'text,label\nhello,yes\n'))).toBe('text')
})

test('lines of JSON tell the order of their soft labels', async () => {
  const rows = ['{"key":"a","text":"x","label":"yes","soft_label":[0.9,0.1]}', '', '{"key":"b","label":"no","soft_label":[0.2,0.8]}', '{"key":"c","label":null}']
  expect(await read('rows.jsonl', rows.join('\n'))).toMatchObject({ rows: 3, labeled: 2, classes: ['yes', 'no'], text: true })
})

const idx = (dims: number[], ...values: number[]) => Uint8Array.of(0, 0, 8, dims.length, ...dims.flatMap((d) => [0, 0, d >> 8, d & 255]), ...values)

test('IDX pictures tell their size, and their labels the classes', async () => {
  const pictures = await new Response(new Blob([idx([3, 1, 2], 0, 255, 51, 0, 1, 2)]).stream().pipeThrough(new CompressionStream('gzip'))).blob()
  const labels = { file: new Blob([idx([3], 10, 7, 10)]), name: 'labels-idx1-ubyte' }
  const t = await readTable(pictures, 'images-idx3-ubyte.gz', labels)
  expect(t).toMatchObject({ rows: 3, classes: ['10', '7'], size: { height: 1, width: 2 } }) // as words are sorted
  expect(suits(t)).toBe('image')
  await expect(readTable(pictures, 'images-idx3-ubyte.gz', { ...labels, file: new Blob([idx([2], 1, 2)]) })).rejects.toThrow('3 pictures and 2 labels')
  await expect(readTable(pictures, 'images-idx3-ubyte', labels)).rejects.toThrow('no IDX file')
  await expect(readTable(pictures, 'images-idx3-ubyte.gz')).rejects.toThrow('labels in another file')
})

test.each([
  ['t.txt', 'a', 'none of'],
  ['t.csv', '', 'empty'],
  ['t.csv', 'a,label\n', 'no rows'],
  ['t.csv', 'a,a,label\n', 'Two columns'],
  ['t.csv', 'a,label\n1\n', '1 cells, and the header 2'],
  ['t.csv', 'a,label\n"1" x,2\n', 'within a cell'],
  ['t.csv', 'a,label\n"1,2\n', 'within quotes'],
  ['t.csv', 'image,label\nroof.png,yes\n', 'pictures that are files'],
  ['t.jsonl', '{', 'no JSON'],
  ['t.jsonl', '{"choices":["a"]}', 'choices of its own'],
  ['t.jsonl', '{"label":"a","soft_label":[0.9,0.1]}', 'the choice 2'],
  ['t.csv', `label\n${Array.from({ length: 1001 }, (_, i) => i).join('\n')}`, 'more than 1,000'],
])('%s with %s is refused', async (name, text, why) => {
  await expect(read(name, text)).rejects.toThrow(Unreadable)
  await expect(read(name, text)).rejects.toThrow(why)
})

test('how a file is read is told by its name', () => {
  expect(['a.CSV', 'rows.jsonl', 't10k-images-idx3-ubyte.gz', 'a.csv.gz', 'a.png'].map(formOf)).toEqual(['csv', 'jsonl', 'idx', undefined, undefined])
})
