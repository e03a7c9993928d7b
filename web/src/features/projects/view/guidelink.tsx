import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Guide } from '../../api/shared/projects'
import { asRespondent } from '../../identity/shared/session'
import { says } from '../shared/guide'
import { noteRead, wasRead } from '../shared/read'
import { answering as t } from '../../../language/en/answering'

type Sheet = ComponentType<{ guide: Guide; word: string; close: () => void }>

const guides = new Map<string, Promise<Guide>>()

function guideOf(project: string): Promise<Guide> {
  const known = guides.get(project)
  if (known) return known
  const asked = asRespondent<Guide>(`/v1/projects/${project}/guide`)
  guides.set(project, asked)
  asked.catch(() => guides.delete(project))
  return asked
}

/**
 * The way to the guide of a question's project. Before the first question of a project the guide opens by itself. A
 * project that says nothing has no guide, and while it cannot be had, questions are answered without.
 */
export function GuideLink({ project }: { project: string | undefined }) {
  const [found, setFound] = useState<{ project: string; guide: Guide; Sheet: Sheet }>()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (!project) return
    let current = true
    Promise.all([guideOf(project), import('./guidesheet')]).then(
      ([guide, { GuideSheet }]) => {
        if (!current || !says(guide)) return
        setFound({ project, guide, Sheet: GuideSheet })
        if (!wasRead(project)) setOpen(true)
      },
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [project])
  if (!project || found?.project !== project) return null
  const { guide, Sheet } = found
  return (
    <>
      <button type="button" class="guidelink" onClick={() => setOpen(true)}>
        {t('guide')}
      </button>
      {open && <Sheet guide={guide} word={wasRead(project) ? t('backToQuestion') : t('beginGuide')} close={() => (setOpen(false), noteRead(project))} />}
    </>
  )
}
