import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Trouble } from './parts'
import { frame as t } from '../../../language/en/frame'
import { rich } from '../../../language/rich'

type Page = ComponentType<Record<string, never>>

/** A page that is fetched when it is wanted. */
export function Lazy<P>({ load, props }: { load: () => Promise<{ default: ComponentType<P> }>; props?: P }) {
  const [found, setFound] = useState<{ load: unknown; page: Page }>()
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let current = true
    setError(undefined)
    load().then(
      (module) => current && setFound({ load, page: module.default as unknown as Page }),
      (e: unknown) => current && setError(e),
    )
    return () => {
      current = false
    }
  }, [load, turn])
  if (error !== undefined) {
    return (
      <main class="lost">
        <h1 class="title">{t('notHere')}</h1>
        <Trouble error={new Error('offline')} again={() => setTurn(turn + 1)} />
      </main>
    )
  }
  if (found?.load !== load) return <div class="phone" aria-busy="true" />
  const Page = found.page
  return <Page {...((props ?? {}) as Record<string, never>)} />
}

export function Nowhere() {
  return (
    <main class="lost">
      <h1 class="title">{t('nowhere')}</h1>
      <p>
        {rich(t, 'nowhereMore', {
          start: (inner) => <a href="/">{inner}</a>,
          console: (inner) => <a href="/console">{inner}</a>,
          records: (inner) => <a href="/verify">{inner}</a>,
        })}
      </p>
    </main>
  )
}
