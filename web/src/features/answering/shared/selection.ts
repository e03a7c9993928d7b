import { widgets as t } from '../../../language/en/widgets'
/** The selected choices with one more or one less, ascending. */
export function toggle(selected: number[], choice: number): number[] {
  return selected.includes(choice) ? selected.filter((c) => c !== choice) : [...selected, choice].sort((a, b) => a - b)
}

/** Why a selection cannot be sent yet; undefined when it can. */
export function fault(selected: number, least: number, most: number): string | undefined {
  if (selected < least) return t('lacks', { n: least - selected })
  if (selected > most) return t('atMost', { n: most })
  return undefined
}
