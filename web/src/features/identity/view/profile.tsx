import { useEffect, useState } from 'preact/hooks'
import type { PushInfo, Wishes } from '../../api/shared/wire'
import { warnings } from '../../frame/shared/marks'
import { refreshMe } from '../../frame/shared/people'
import { change, settings } from '../../frame/shared/settings'
import { topics } from '../../frame/shared/topics'
import { Back } from '../../frame/view/back'
import { MarkChips } from '../../frame/view/marks'
import { Trouble, useCell, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { kinds } from '../../projects/shared/types'
import { asRespondent } from '../shared/session'
import { Languages } from './languages'

const say = {
  title: 'What I answer',
  kept: 'All of this is kept on this device and told with each request for questions. The server keeps of it only what you do not want, and only if it wakes you for questions.',
  likes: 'I like questions about',
  likesHint: 'They come first where there are some.',
  avoid: 'What I do not want',
  avoidHint: 'You get none that is marked so by who asks, and are not woken for any. What is marked wrongly can be reported at the question.',
  shows: 'That shows',
  about: 'About',
  types: 'Kinds',
  most: 'With every kind left out there are no questions for you.',
}

const types = Object.fromEntries(kinds.flatMap(({ of }) => of).map(({ type, name }) => [type, name]))

/** What a person reads, likes and does not want to see. */
export function ProfilePage() {
  const heading = useTitle(say.title)
  const now = useCell(settings)
  const [error, setError] = useState<unknown>()
  const { avoids = [], likes = [] } = now
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
          {say.title}
        </h1>
        <p class="sec">{say.kept}</p>
        <section class="stack">
          <Languages />
          <MarkChips name={say.likes} hint={say.likesHint} known={topics} chosen={likes} set={(likes) => change({ likes, avoids: avoids.filter((m) => !likes.includes(m)) })} />
        </section>
        <section class="stack">
          <h2>{say.avoid}</h2>
          <p class="sec">{say.avoidHint}</p>
          {error !== undefined && <Trouble error={error} again={() => void avoid({}, [])} />}
          <MarkChips name={say.shows} known={warnings} chosen={among(warnings)} set={(marks) => void avoid(warnings, marks)} />
          <MarkChips name={say.about} known={topics} chosen={among(topics)} set={(marks) => void avoid(topics, marks)} />
          <MarkChips name={say.types} known={types} chosen={among(types)} hint={among(types).length === Object.keys(types).length ? say.most : undefined} set={(marks) => void avoid(types, marks)} />
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
