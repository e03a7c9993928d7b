// Reads a report of Lighthouse on standard input, and prints its scores, of 100. Fails under 95.
import { json } from 'node:stream/consumers'

const least = 95
const { categories, audits } = await json(process.stdin)
for (const { title, score, auditRefs } of Object.values(categories)) {
  const points = Math.round(score * 100)
  console.log(`Lighthouse ${title.padEnd(16)} ${String(points).padStart(4)}  at least ${least}`)
  if (points >= least) continue
  process.exitCode = 1
  for (const audit of auditRefs.map((ref) => audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 0.9)) {
    console.log(`  ${audit.title} ${audit.displayValue ?? ''}`)
  }
}
