import { useEffect, useState } from 'preact/hooks'
import type { PushInfo, Wishes } from '../../api/shared/wire'
import { profile as t } from '../../../language/en/profile'
import { topics } from '../../../language/en/topics'
import { types } from '../../../language/en/types'
import { warnings } from '../../../language/en/warnings'
import { named } from '../../frame/shared/marks'
import { refreshMe } from '../../frame/shared/people'
import { change, settings } from '../../frame/shared/settings'
import { Back } from '../../frame/view/back'
import { MarkChips } from '../../frame/view/marks'
import { Trouble, useCell, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { asRespondent } from '../shared/session'
import { Languages } from './languages'

/** What a person reads, likes and does not want to see. */
export function ProfilePage() {
  const heading = useTitle(t('title'))
  const now = useCell(settings)
  const [error, setError] = useState<unknown>()
  const { avoids = [], likes = [] } = now
  const [shows, about, kinds] = [named(warnings), named(topics), named(types)]
  useEffect(() => () => void refreshMe(), [])
  const among = (known: { [mark: string]: string }) => avoids.filter((m) => m in known)
  const avoid = async (known: { [mark: string]: string }, marks: string[]) => {
    const all = [...avoids.filter((m) => !(m in known)), ...marks]
    change({ avoids: all, likes: likes.filter((m) => !all.includes(m)) })
    setError(undefined)
    try {
      await tellPushes(all)
    } catch (e) {
      setError(e)
    }
  }
  return (
    <Phone>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {t('title')}
        </h1>
        <p class="sec">{t('kept')}</p>
        <section class="stack">
          <Languages />
          <MarkChips name={t('likes')} hint={t('likesHint')} known={about} chosen={likes} set={(likes) => change({ likes, avoids: avoids.filter((m) => !likes.includes(m)) })} />
        </section>
        <section class="stack">
          <h2>{t('avoid')}</h2>
          <p class="sec">{t('avoidHint')}</p>
          {error !== undefined && <Trouble error={error} again={() => void avoid({}, [])} />}
          <MarkChips name={t('shows')} known={shows} chosen={among(shows)} set={(marks) => void avoid(shows, marks)} />
          <MarkChips name={t('about')} known={about} chosen={among(about)} set={(marks) => void avoid(about, marks)} />
          <MarkChips name={t('types')} known={kinds} chosen={among(kinds)} hint={among(kinds).length === Object.keys(kinds).length ? t('most') : undefined} set={(marks) => void avoid(kinds, marks)} />
        </section>
      </main>
    </Phone>
  )
}

let telling: Promise<unknown> = Promise.resolve()

/** Tells the server, when it wakes this person, for what it must not. One after the other: the last is what stays. */
function tellPushes(avoids: string[]): Promise<void> {
  const told = telling.then(async () => {
    const { subscriptions, wishes } = await asRespondent<PushInfo>('/v1/me/push')
    if (subscriptions.length > 0) await asRespondent<Wishes>('/v1/me/push/wishes', { method: 'PUT', json: { ...wishes, avoids } })
  })
  telling = told.catch(() => undefined)
  return told
}
