import { Lazy, Nowhere } from '../../frame/view/lazy'

const later = {
  list: () => import('./list'),
  fresh: () => import('./new'),
  overview: () => import('./overview'),
  edit: () => import('./edit'),
  imports: () => import('./imports'),
  tasks: () => import('./tasks'),
  task: () => import('./task'),
  datasets: () => import('./datasets'),
  dataset: () => import('./dataset'),
  quality: () => import('./quality'),
}

/** The pages under /console/projects: each is fetched when it is wanted. */
export default function Projects({ parts, query }: { parts: string[]; query: string | undefined }) {
  const [id, page, of] = parts
  if (id === undefined) return <Lazy load={later.list} />
  if (id === 'new') return <Lazy load={later.fresh} />
  const props = { id }
  switch (page) {
    case undefined:
      return <Lazy load={later.overview} props={props} />
    case 'edit':
      return <Lazy load={later.edit} props={props} />
    case 'imports':
      return <Lazy load={later.imports} props={props} />
    case 'tasks':
      return <Lazy load={later.tasks} props={props} />
    case 'task':
      return <Lazy load={later.task} props={{ id, task: new URLSearchParams(query).get('key') ?? '' }} />
    case 'datasets':
      return of ? <Lazy load={later.dataset} props={{ id, version: of }} /> : <Lazy load={later.datasets} props={props} />
    case 'quality':
      return <Lazy load={later.quality} props={props} />
  }
  return <Nowhere />
}
