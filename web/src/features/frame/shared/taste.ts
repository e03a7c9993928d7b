import { reads } from './languages'
import type { Settings } from './settings'

/** What a person says of themselves with each request for questions. It is not kept by the server. */
export interface Taste {
  reads: string[]
  avoids?: string[]
  likes?: string[]
}

export function taste(set: Settings, browser: readonly string[]): Taste {
  const { avoids = [], likes = [] } = set
  return { reads: reads(set.reads, browser), ...(avoids.length > 0 && { avoids }), ...(likes.length > 0 && { likes }) }
}

/** Where the numbers of a person of that taste are. */
export function meOf({ reads, avoids }: Taste): string {
  const query = Object.entries({ reads, avoids }).filter(([, list]) => list?.length).map(([name, list]) => `${name}=${list!.join(',')}`)
  return query.length > 0 ? `/v1/me?${query.join('&')}` : '/v1/me'
}
