import { still } from '../../frame/shared/present'
import { settings } from '../../frame/shared/settings'
import { shell } from '../../../shell/seam'

/** How long a tick lasts, in milliseconds: felt, and hardly heard. */
const tickMs = 12

/** Whether this device can tick at all. */
export function canTick(): boolean {
  return shell !== undefined || 'vibrate' in navigator
}

/** A short tick under the thumb, where the platform has it; none for who wants none, or wants nothing to move. */
export function tick(): void {
  if (!canTick() || !settings.value.tick || still(settings.value)) return
  if (shell) shell.tick()
  else navigator.vibrate(tickMs)
}
