import "server-only"
import { createHash, randomBytes } from "node:crypto"
import { z } from "zod"

/** The token of a link that works once: 32 random bytes, base64url. */
export const OneTimeToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** Makes a new one-time token. Only its hash is stored. */
export const newOneTimeToken = () => randomBytes(32).toString("base64url")

/** The hash of a one-time token, as the database stores it. */
export const oneTimeTokenHash = (token: string) =>
  new Uint8Array(createHash("sha256").update(token).digest())
