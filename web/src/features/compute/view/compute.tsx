import { Lazy, Nowhere } from '../../frame/view/lazy'

const later = {
  list: () => import('./list'),
  job: () => import('./job'),
}

/** The pages under /console/jobs: each is fetched when it is wanted. */
export default function Compute({ parts, query }: { parts: string[]; query: string | undefined }) {
  const [id, more] = parts
  void query
  if (id === undefined) return <Lazy load={later.list} />
  if (more === undefined) return <Lazy load={later.job} props={{ id }} />
  return <Nowhere />
}
