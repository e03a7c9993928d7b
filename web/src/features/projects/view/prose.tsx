import { blocks } from '../shared/prose'

/** Instructions as paragraphs, headings and lists, by the few marks that people type anyway. Nothing in them becomes a link or markup. */
export function Prose({ text }: { text: string }) {
  return (
    <div class="prose2">
      {blocks(text).map((b, i) => {
        if (b.kind === 'heading') return <h3 key={i}>{b.lines[0]}</h3>
        if (b.kind === 'text') return <p key={i}>{b.lines.flatMap((line, j) => (j > 0 ? [<br />, line] : [line]))}</p>
        const items = b.lines.map((line, j) => <li key={j}>{line}</li>)
        return b.kind === 'bullets' ? <ul key={i}>{items}</ul> : <ol key={i}>{items}</ol>
      })}
    </div>
  )
}
