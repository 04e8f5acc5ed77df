import "server-only"
import { createHash, randomBytes } from "node:crypto"

/** A new one-time token. Only its hash is kept. */
export const newInviteToken = () => randomBytes(32).toString("base64url")

/** What the database knows of a token. */
export const inviteTokenHash = (token: string) =>
  new Uint8Array(createHash("sha256").update(token).digest())
