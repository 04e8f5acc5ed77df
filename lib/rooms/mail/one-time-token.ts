import "server-only"
import { createHash, createHmac } from "node:crypto"
import { z } from "zod"
import { derivedKey } from "#lib/adapters/secrets.ts"

/** The token of a link that works once: 32 bytes, base64url. */
export const OneTimeToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/**
 * Derives the token of a row's link from AUTH_SECRET and the row's id. Only its hash is stored. The
 * job that mails the link derives it again.
 */
export const oneTimeToken = (id: string) =>
  createHmac("sha256", derivedKey("one-time link")).update(id).digest("base64url")

/** Hashes a one-time token as it is stored in the database. */
export const oneTimeTokenHash = (token: string) =>
  new Uint8Array(createHash("sha256").update(token).digest())
