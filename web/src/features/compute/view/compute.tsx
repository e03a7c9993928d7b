import { Lazy, Nowhere } from '../../frame/view/lazy'

const later = {
  list: () => import('./list'),
  job: () => import('./job'),
  model: () => import('./model'),
  fresh: () => import('./new'),
}

/** The pages under /console/jobs: each is fetched when it is wanted. */
export default function Compute({ parts, query }: { parts: string[]; query: string | undefined }) {
  const [id, more] = parts
  if (id === undefined) return <Lazy load={later.list} />
  if (more !== undefined) return <Nowhere />
  const asked = new URLSearchParams(query)
  if (id === 'model') return <Lazy load={later.model} props={{ of: asked.get('of') ?? undefined }} />
  if (id === 'new') return <Lazy load={later.fresh} props={{ kind: asked.get('kind') ?? 'train', model: asked.get('model') ?? undefined, own: asked.get('spec') === 'own' }} />
  return <Lazy load={later.job} props={{ id }} />
}
