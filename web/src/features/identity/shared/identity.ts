/** A device's signing key: handed out by the browser and not extractable where it can, 32 bytes otherwise. */
export type DeviceSecret = CryptoKey | Uint8Array

/** Who this device answers as. */
export interface Person {
  device: { key: string }
  wallet: { address: string }
  /** When a person copied or saved the wallet's key. */
  backedUpAt?: number
  /** The instance that knows the device, and the person's id there. */
  registration?: { instance: string; respondent: string; expires: number }
}

/** A person with the wallet's key, for who takes a copy of it or sends the pay elsewhere. */
export interface Holder extends Person {
  wallet: { address: string; secret: Uint8Array }
}

/** A person with both keys. Kept in IndexedDB, made silently at the first start. An app of its own keeps them in the phone's keystore. */
export interface Identity extends Holder {
  device: { key: string; secret: DeviceSecret }
}

/** Seconds for which a wallet lends its voice to a device. */
export const delegationSeconds = 365 * 24 * 3600
