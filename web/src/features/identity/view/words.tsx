import { useState } from 'preact/hooks'
import { backup, noteBackup } from '../shared/session'
import type { Holder } from '../shared/identity'
import { Icon, Trouble, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Back } from '../../frame/view/back'
import { identity as t } from '../../../language/en/identity'

/** Writing the key down as 24 words, and asking for three of them. */
export function WordsPage({ who, saved }: { who: Holder; saved: () => void }) {
  const heading = useTitle(t('wordsTitle'))
  const [words, setWords] = useState<string[]>()
  const [asked, setAsked] = useState<number[]>()
  const [done, setDone] = useState(false)
  const [error, setError] = useState<unknown>()
  const show = async () => {
    setError(undefined)
    try {
      setWords((await backup()).wordsOf(who.wallet.secret))
    } catch (e) {
      setError(e)
    }
  }
  const right = async () => {
    await noteBackup(Date.now())
    setWords(undefined)
    setDone(true)
    saved()
  }
  return (
    <Phone bar={false}>
      <Back />
      <main class="prose">
        <h1 class="title" ref={heading} tabIndex={-1}>
          {done ? t('wordsHave') : asked ? t('wordsThree') : t('wordsHead')}
        </h1>
        {error !== undefined && <Trouble error={error} again={() => void show()} />}
        {done ? (
          <>
            <p class="line tight nowrap good" role="status">
              <Icon of="tick" size={16} /> <span>{t('wordsRight')}</span>
            </p>
            <p class="sec">{t('wordsKeep')}</p>
            <a class="btn main" href="/earned">
              {t('done')}
            </a>
          </>
        ) : !words ? (
          <>
            <p class="sec">{t('wordsPaper')}</p>
            <p class="sec">{t('wordsOthers')}</p>
            <button type="button" class="btn main big" onClick={() => void show()}>
              {t('wordsShow')}
            </button>
          </>
        ) : asked ? (
          <Asked words={words} at={asked} right={right} back={() => setAsked(undefined)} />
        ) : (
          <>
            <ol class="words fact" dir="ltr" aria-label={t('wordsList')}>
              {words.map((word) => (
                <li translate={false}>{word}</li>
              ))}
            </ol>
            <p class="cap">{t('wordsOnPaper')}</p>
            <button type="button" class="btn main big" onClick={() => void backup().then(({ places }) => setAsked(places()))}>
              {t('wordsWritten')}
            </button>
          </>
        )}
      </main>
    </Phone>
  )
}

function Asked({ words, at, right, back }: { words: string[]; at: number[]; right: () => Promise<void>; back: () => void }) {
  const [typed, setTyped] = useState<string[]>(at.map(() => ''))
  const [wrong, setWrong] = useState<number[]>([])
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        const misses = at.filter((n, i) => typed[i]!.trim().toLowerCase() !== words[n])
        setWrong(misses)
        if (misses.length === 0) void right()
      }}
    >
      {at.map((n, i) => (
        <div class="stack tight">
          <label class="field">
            <span>{t('wordN', { n: n + 1 })}</span>
            <input class="input fact" dir="ltr" autocomplete="off" autocapitalize="off" spellcheck={false} value={typed[i]} onInput={(e) => setTyped(typed.with(i, e.currentTarget.value))} aria-invalid={wrong.includes(n)} aria-describedby={wrong.includes(n) ? `word-${n}` : undefined} />
          </label>
          {wrong.includes(n) && (
            <span class="cap bad" id={`word-${n}`} role="alert">
              {t('wordWrong')}
            </span>
          )}
        </div>
      ))}
      <div class="line tight">
        <button type="submit" class="btn main" disabled={typed.some((t) => t.trim() === '')}>
          {t('checkWords')}
        </button>
        <button type="button" class="btn" onClick={back}>
          {t('seeAgain')}
        </button>
      </div>
    </form>
  )
}
