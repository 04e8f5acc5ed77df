import "server-only"
import { createHash, randomInt } from "node:crypto"
import { crc32 } from "node:zlib"

// The form of GitHub's tokens, which secret scanners recognize by prefix and checksum.
const PREFIX = "lapse_"
const RANDOM_LENGTH = 30
const CHECKSUM_LENGTH = 6
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const TOKEN = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`)

/** Makes the text of a new token: `lapse_`, 30 random characters (178 bits), and their checksum. */
export const newTokenText = (): string => tokenTextOf(newDeviceCode())

/** Makes the secret of a device that asks for a token: the random characters of that token. */
export const newDeviceCode = (): string =>
  Array.from({ length: RANDOM_LENGTH }, () => BASE62[randomInt(BASE62.length)]).join("")

/** The token that a device gets once a member approves it. */
export const tokenTextOf = (deviceCode: string): string => withChecksum(PREFIX + deviceCode)

/** Whether a text has the form and the checksum of a token. A mistyped one has not. */
export const isTokenText = (text: string): boolean =>
  TOKEN.test(text) && withChecksum(text.slice(0, -CHECKSUM_LENGTH)) === text

/** Hashes a token's text. It is random, so a fast hash without salt cannot be reversed. */
export const hashOfToken = (text: string) =>
  new Uint8Array(createHash("sha256").update(text).digest())

/** Adds the CRC-32 of the text before it, in base 62. */
function withChecksum(text: string) {
  let rest = crc32(text)
  let digits = ""
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = BASE62[rest % BASE62.length] + digits
    rest = Math.floor(rest / BASE62.length)
  }
  return text + digits
}
