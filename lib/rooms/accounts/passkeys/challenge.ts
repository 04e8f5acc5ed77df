import "server-only"
import { randomBytes } from "node:crypto"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { readSigned, sign } from "#lib/adapters/secrets.ts"

/** How long a challenge can be answered, in seconds. */
export const CHALLENGE_SECONDS = 600

/** The operation that a challenge is issued for, and its member; null before sign-in. */
type ChallengeUse = { does: "sign_in" | "add" | "confirm"; member: string | null }

/** Makes a challenge for a passkey, and a cookie that binds it to the browser and its use. */
export function newChallenge({ does, member }: ChallengeUse, now = knownDatabaseTime()) {
  const bytes = randomBytes(32)
  const end = Math.floor(now.getTime() / 1000) + CHALLENGE_SECONDS
  const challenge = bytes.toString("base64url")
  const cookie = sign("passkey", [does, member ?? "", challenge, end].join("~"))
  return { bytes: new Uint8Array(bytes), cookie }
}

/**
 * Uses up and returns a cookie's challenge; null if altered, expired, used or for another purpose.
 */
export async function spendChallenge(
  { does, member }: ChallengeUse,
  cookie: string | undefined,
  now = knownDatabaseTime(),
): Promise<string | null> {
  const [of, whose, challenge, end] = readSigned("passkey", cookie)?.split("~") ?? []
  if (of !== does || whose !== (member ?? "") || !challenge) return null
  const expiresAt = new Date(Number(end) * 1000)
  if (expiresAt <= now) return null
  const { count } = await db.usedChallenge.createMany({
    data: [{ challenge, expiresAt }],
    skipDuplicates: true,
  })
  return count === 1 ? challenge : null
}
