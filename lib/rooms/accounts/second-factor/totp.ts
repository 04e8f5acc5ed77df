import "server-only"
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { Secret, TOTP } from "otpauth"
import { derivedKey } from "#lib/adapters/secrets.ts"

/** The length of a time step. All authenticator apps use it by default. */
const PERIOD_SECONDS = 30

/** How many steps a phone's clock may be ahead or behind. */
const WINDOW = 1

const SECRET_BYTES = 20

/** Makes a secret for an authenticator app, in base32. */
export const newTotpSecret = () => new Secret({ size: SECRET_BYTES }).base32

type Named = { issuer: string; label: string }

const totpOf = (secret: string, named: Partial<Named> = {}) =>
  new TOTP({ ...named, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS })

/** Returns the address that an authenticator app reads from a QR code (otpauth). */
export const totpUrl = (secret: string, named: Named) => totpOf(secret, named).toString()

/** Returns the time step of a right code, which the next must exceed; null for a wrong code. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime()
  const delta = totpOf(secret).validate({ token: code, timestamp, window: WINDOW })
  return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta
}

const IV_BYTES = 12
const TAG_BYTES = 16

const key = () => derivedKey("second factor")

/** Encrypts a secret for the database (AES-256-GCM). */
export function sealSecret(secret: string): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv("aes-256-gcm", key(), iv)
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()])
  return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), sealed]))
}

/** Decrypts such a secret; null if AUTH_SECRET has changed since. */
export function openSecret(sealed: Uint8Array): string | null {
  const decipher = createDecipheriv("aes-256-gcm", key(), sealed.subarray(0, IV_BYTES))
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    const opened = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES))
    return Buffer.concat([opened, decipher.final()]).toString("utf8")
  } catch {
    return null
  }
}
