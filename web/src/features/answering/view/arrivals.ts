import { useEffect, useRef, useState } from 'preact/hooks'
import { useCell, useInterval, usePart } from '../../frame/view/parts'
import type { Deck } from '../shared/deck'

/** With so few questions at hand the person waits for more, or soon will. */
const low = 1

/** How long a question that was offered may take until it can be had. */
const lagMs = 2000

/** How often it is looked for questions that nobody told of, in looks of 2.5 s. While offers come by themselves some may be lost. */
const rarely = 24
const often = [1, 2, 4, 7, 11]

/** Has new questions come by themselves while the page is shown and there are few: at once where the server tells of them. */
export function useArrivals(deck: Deck): void {
  const count = usePart(deck.cards, (cards) => cards.length)
  const state = useCell(deck.state)
  const [wanted, setWanted] = useState(false) // from the first lack on: a stream that comes and goes with each answer costs more
  const [shown, setShown] = useState(!document.hidden)
  const live = useRef(false)

  useEffect(() => {
    const look = () => setShown(!document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])

  useEffect(() => {
    if (count <= low && state !== 'asking') setWanted(true)
  }, [count, state])

  useEffect(() => {
    if (!wanted || !shown) return
    const end = new AbortController()
    let again: ReturnType<typeof setTimeout> | undefined
    const offered = () => {
      if (again !== undefined || deck.cards.value.length > low) return // it is asked about already, or comes with the next answer
      void deck.refill()
      again = setTimeout(() => {
        again = undefined
        if (deck.cards.value.length === 0) void deck.refill()
      }, lagMs)
    }
    const visitor = {
      offered,
      live: (is: boolean) => {
        if (is && !live.current) offered() // what was offered before was not told
        live.current = is
      },
    }
    void import('../shared/visit').then(({ visit }) => visit(end.signal, visitor)).catch(() => (live.current = false))
    return () => {
      end.abort()
      clearTimeout(again)
      live.current = false
    }
  }, [wanted, shown])

  const empties = useRef(0)
  useInterval(() => {
    if (count > 0) empties.current = 0
    else if (state !== 'asking' && (live.current ? ++empties.current % rarely === 0 : often.includes(empties.current++ % 12))) void deck.refill()
  }, 2500)
}
