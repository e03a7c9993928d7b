import { instance } from '../../identity/shared/session'
import { useLoad } from '../../frame/view/parts'
import { whoPaysGas } from '../shared/gas'

/** Who pays the gas of payouts here. */
export function Gas() {
  const here = useLoad(() => instance(), []).value
  return <>{here && whoPaysGas(here.relay_basis_points)}</>
}
