/** Who pays the gas of a payout, where the operator pays it up to a share of the sum, in ten-thousandths; 0 is whatever it costs. */
export function whoPaysGas(share: number): string {
  if (share === 0) return 'TaskNet pays the gas.'
  return `TaskNet pays the gas when that costs at most ${share / 100} % of the sum. A smaller sum waits until it has grown, or you take it and pay the gas yourself.`
}
