import { useState } from 'preact/hooks'
import { backup, noteBackup } from '../shared/session'
import type { Holder } from '../shared/identity'
import { Icon, Trouble, useTitle } from '../../frame/view/parts'
import { Phone } from '../../frame/view/phone'
import { Back } from '../../frame/view/back'

/** Writing the key down as 24 words, and asking for three of them. */
export function WordsPage({ who, saved }: { who: Holder; saved: () => void }) {
  const heading = useTitle('24 words')
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
          {done ? 'You have your words' : asked ? 'Three of them, to be sure' : 'Your key as 24 words'}
        </h1>
        {error !== undefined && <Trouble error={error} again={() => void show()} />}
        {done ? (
          <>
            <p class="line tight nowrap good" role="status">
              <Icon of="tick" size={16} /> <span>They are the right ones.</span>
            </p>
            <p class="sec">On another device choose “I have a key” and type them. Keep the paper where only you can read it.</p>
            <a class="btn main" href="/earned">
              Done
            </a>
          </>
        ) : !words ? (
          <>
            <p class="sec">Take paper and a pen, and be where nobody sees the screen. Whoever has the words has the money, and nobody can give lost ones back.</p>
            <p class="sec">They bring your wallet back in TaskNet. Other wallets make another key of the same words: those take the key itself, or the encrypted file.</p>
            <button type="button" class="btn main big" onClick={() => void show()}>
              Show the words
            </button>
          </>
        ) : asked ? (
          <Asked words={words} at={asked} right={right} back={() => setAsked(undefined)} />
        ) : (
          <>
            <ol class="words fact" aria-label="The words, in their order">
              {words.map((word) => (
                <li translate={false}>{word}</li>
              ))}
            </ol>
            <p class="cap">On paper, with their numbers. A picture of the screen may end up where others look.</p>
            <button type="button" class="btn main big" onClick={() => void backup().then(({ places }) => setAsked(places()))}>
              I have written them down
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
            <span>Word {n + 1}</span>
            <input class="input fact" autocomplete="off" autocapitalize="off" spellcheck={false} value={typed[i]} onInput={(e) => setTyped(typed.with(i, e.currentTarget.value))} aria-invalid={wrong.includes(n)} aria-describedby={wrong.includes(n) ? `word-${n}` : undefined} />
          </label>
          {wrong.includes(n) && (
            <span class="cap bad" id={`word-${n}`} role="alert">
              Another word is at this place. Look at your paper, or at the words again.
            </span>
          )}
        </div>
      ))}
      <div class="line tight">
        <button type="submit" class="btn main" disabled={typed.some((t) => t.trim() === '')}>
          Check
        </button>
        <button type="button" class="btn" onClick={back}>
          See them again
        </button>
      </div>
    </form>
  )
}
