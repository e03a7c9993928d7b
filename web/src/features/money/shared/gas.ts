import { earned as t } from '../../../language/en/earned'

/** Who pays the gas of a payout, where the operator pays it up to a share of the sum, in ten-thousandths; 0 is whatever it costs. */
export function whoPaysGas(share: number): string {
  return share === 0 ? t('gasPaid') : t('gasShare', { share: share / 100 })
}
