/** A device's signing key: handed out by the browser and not extractable where it can, 32 bytes otherwise. */
export type DeviceSecret = CryptoKey | Uint8Array

/** Who this device answers as. Kept in IndexedDB, made silently at the first start. */
export interface Identity {
  device: { key: string; secret: DeviceSecret }
  wallet: { address: string; secret: Uint8Array }
  /** When a person copied or saved the wallet's key. */
  backedUpAt?: number
  /** The instance that knows the device, and the person's id there. */
  registration?: { instance: string; respondent: string; expires: number }
}

/** Seconds for which a wallet lends its voice to a device. */
export const delegationSeconds = 365 * 24 * 3600
