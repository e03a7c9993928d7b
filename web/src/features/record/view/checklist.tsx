import { Icon } from '../../frame/view/parts'
import { record as t } from '../../../language/en/record'
import { number } from '../../../language/format'

/** What a check found, in the spoken language: it comes from a worker, which speaks English. */
function found(said: string): string {
  const [n = '', all] = said.split(' of ')
  if (all !== undefined) return t('ofAll', { n: Number(n), all: Number(all) })
  if (n === 'equal' || n === 'differs' || n === 'unreadable' || n === 'no') return t(n)
  return number(Number(n))
}

/** Checks that ran in this browser, each with what it means and what it found; hollow until it has run. */
export function CheckList<Name extends string>({ words, checks }: { words: { [name in Name]: [string, string] }; checks: { name: Name; found: string; fault?: string }[] | undefined }) {
  return (
    <ol class="rows checks">
      {(Object.keys(words) as Name[]).map((name) => {
        const check = checks?.find((c) => c.name === name)
        return (
          <li key={name}>
            <svg width="12" height="44" viewBox="0 0 12 44" aria-hidden="true">
              <rect x="1" y="1" width="8" height="42" rx="2" class={check && check.fault === undefined ? 'solid' : 'hollow'} />
            </svg>
            <div>
              <b>{words[name][0]}</b>
              <p class="small sec">{words[name][1]}</p>
              {check?.fault && <p class="small bad breaking" lang="en" dir="ltr">{check.fault}</p>}
            </div>
            <span class={`small n b line tight nowrap end ${check?.fault ? 'bad' : ''}`}>
              {check && <Icon of={check.fault ? 'cross' : 'tick'} size={16} />}
              {check && found(check.found)}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
