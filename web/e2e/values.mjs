// What the server refuses of values, for the mock: the rules of the API, written a second time from its documentation.

const whole = (n, low, high) => Number.isInteger(n) && n >= low && n <= high
const keys = (object, ...names) => Object.keys(object).sort().join() === names.join()

const rules = {
  multiple: (q, v) => Array.isArray(v) && v.every((c, i) => whole(c, 0, q.choices.length - 1) && (i === 0 || c > v[i - 1])) && v.length >= (q.least ?? 0) && v.length <= q.most,
  ranking: (q, v) => Array.isArray(v) && v.length === q.choices.length && new Set(v).size === v.length && v.every((c) => whole(c, 0, q.choices.length - 1)),
  number: (q, v) => typeof v === 'string' && /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/.test(v) && v !== '-0' && Number(v) >= Number(q.number.min) && Number(v) <= Number(q.number.max) && (v.split('.')[1] ?? '').length <= q.number.decimals,
  text: (q, v) => typeof v === 'string' && v !== '' && v.trim() === v && [...v].length <= q.length,
  boxes: (q, v) => Array.isArray(v) && v.length <= 200 && v.every((b) => keys(b, 'class', 'h', 'w', 'x', 'y') && whole(b.class, 0, q.choices.length - 1) && whole(b.x, 0, q.image.width) && whole(b.y, 0, q.image.height) && whole(b.w, 1, q.image.width - b.x) && whole(b.h, 1, q.image.height - b.y)),
  polygons: (q, v) => Array.isArray(v) && v.length <= 200 && v.every((p) => keys(p, 'class', 'points') && whole(p.class, 0, q.choices.length - 1) && p.points.length >= 6 && p.points.length % 2 === 0 && p.points.every((at, i) => whole(at, 0, i % 2 === 0 ? q.image.width : q.image.height))),
  mask: (q, v) => Array.isArray(v) && v.every((m, i) => keys(m, 'class', 'counts') && whole(m.class, i === 0 ? 0 : v[i - 1].class + 1, q.choices.length - 1) && m.counts.every((n, j) => whole(n, j === 0 ? 0 : 1, Infinity)) && m.counts.reduce((a, b) => a + b, 0) === q.image.width * q.image.height),
  spans: (q, v) => {
    const free = q.choices.map(() => 0)
    const length = [...q.passage].length
    return (
      Array.isArray(v) &&
      v.length <= 500 &&
      v.every((s, i) => {
        const fits = keys(s, 'class', 'end', 'start') && whole(s.class, 0, q.choices.length - 1) && whole(s.start, free[s.class], length) && whole(s.end, s.start + 1, length) && (i === 0 || s.start >= v[i - 1].start)
        free[s.class] = s.end
        return fits
      })
    )
  },
}

/** Why a value is no answer to a question, or undefined when it is one. */
export function wrongValue(q, value) {
  return rules[q.type]?.(q, value) ? undefined : `No ${q.type} has this value: ${JSON.stringify(value)?.slice(0, 200)}.`
}
