import "server-only"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { readSigned, sign } from "#lib/adapters/secrets.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { requirePasswords } from "../passwords/require-passwords.ts"
import { checkSecondFactor } from "./check-second-factor.ts"
import { knownBrowserCookie, readKnownBrowser } from "./known-browser.ts"
import type { VerifiedMember } from "./session.ts"

const SECONDS = 300

/**
 * Signs that a member's password was right, for a form that asks for the code on a separate page
 * because it has no script. It is useless without the code.
 */
export function signSecondStep(
  { memberId, sessionEpoch }: VerifiedMember,
  now = knownDatabaseTime(),
) {
  const end = Math.floor(now.getTime() / 1000) + SECONDS
  return sign("second", [memberId, sessionEpoch, end].join("~"))
}

type Given = {
  step: string
  code: string
  address: string
  cookie: (name: string) => string | undefined
}

/**
 * Returns the session claim for a signed step and its code, or null if the step has expired.
 * Limited and refused as in verifyCredentials, and refused (not_allowed) if there are no passwords.
 */
export async function verifySecondStep(
  { step, code, address, cookie }: Given,
  now = knownDatabaseTime(),
): Promise<VerifiedMember | null> {
  requirePasswords()
  const [memberId = "", epoch, end] = readSigned("second", step)?.split("~") ?? []
  if (!isUuid(memberId) || Number(end) * 1000 <= now.getTime()) return null
  const member = await db.member.findUnique({
    where: { id: memberId, sessionEpoch: Number(epoch), disabledAt: null },
    select: { email: true },
  })
  if (!member) return null
  const known = cookie(knownBrowserCookie(memberId))
  const counted = await checkAttempt({
    purpose: "sign_in",
    subject: member.email,
    address,
    knownBrowser: readKnownBrowser({ kind: "member", id: memberId }, known),
  })
  const factor = await checkSecondFactor({
    memberId,
    code,
    knownBrowser: counted.knownBrowser,
  })
  await clearAttempts(counted)
  return { memberId, sessionEpoch: Number(epoch), ...(factor && { factor }) }
}
