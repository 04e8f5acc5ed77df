import "server-only"
import { createHash, randomBytes } from "node:crypto"
import { z } from "zod"

/** The token of a link that works once: 32 random bytes, base64url. */
export const OneTimeToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** A new one. Only its hash is kept. */
export const newOneTimeToken = () => randomBytes(32).toString("base64url")

/** What the database stores of a token. */
export const oneTimeTokenHash = (token: string) =>
  new Uint8Array(createHash("sha256").update(token).digest())
