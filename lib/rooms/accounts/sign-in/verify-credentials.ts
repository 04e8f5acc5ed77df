import "server-only"
import { db } from "#lib/adapters/database.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { Email } from "#lib/rooms/accounts/member.ts"
import { requirePasswords } from "#lib/rooms/accounts/passwords/require-passwords.ts"
import { checkSecondFactor } from "./check-second-factor.ts"
import { knownBrowserCookie, readKnownBrowser } from "./known-browser.ts"
import { replaceBcrypt, verifyPassword } from "./password.ts"
import { countFailedSignIn } from "./record-failed-sign-ins.ts"
import { accountDisabled, type VerifiedMember } from "./session.ts"

type Credentials = {
  email: string
  password: string
  /** From an authenticator app, or a recovery code; empty if none was given. */
  code?: string
  address: string
  /** Returns a cookie of the request. A browser known to the account has its own attempts. */
  cookie?: (name: string) => string | undefined
  /** Called when the password is right, before the second factor is checked. */
  onPassword?: (member: VerifiedMember) => void
}

/**
 * Returns the session claim for the right email and password, or null. An unknown address, a wrong
 * password and a wrong password of a disabled member give the same result in the same time. Refuses
 * (too_many) before it hashes, and (not_allowed) if there are no passwords. After a right password it
 * refuses a disabled member (account_disabled) and a missing or wrong second factor: code_required,
 * wrong_code or passkey_required.
 */
export async function verifyCredentials({
  email,
  password,
  code = "",
  address,
  cookie,
  onPassword,
}: Credentials): Promise<VerifiedMember | null> {
  requirePasswords()
  const parsed = Email.safeParse(email).data
  const member = parsed
    ? await db.member.findUnique({
        where: { email: parsed, kind: "person" },
        select: { id: true, passwordHash: true, sessionEpoch: true, disabledAt: true },
      })
    : null
  const counted = await checkAttempt({
    purpose: "sign_in",
    subject: parsed ?? "not an address",
    address,
    knownBrowser:
      member &&
      readKnownBrowser({ kind: "member", id: member.id }, cookie?.(knownBrowserCookie(member.id))),
  })
  const matches = await verifyPassword(member?.passwordHash ?? null, password, {
    queue: "sign_in",
    from: address,
    knownBrowser: counted.knownBrowser,
  })
  if (!matches || !member || member.disabledAt) {
    await countFailedSignIn(member?.id ?? null)
    if (matches && member) throw accountDisabled()
    return null
  }
  const claim = { memberId: member.id, sessionEpoch: member.sessionEpoch }
  onPassword?.(claim)
  // Checked before the attempts are cleared, which limit the codes that a person can try.
  const factor = await checkSecondFactor({
    memberId: member.id,
    code,
    knownBrowser: counted.knownBrowser,
  })
  await clearAttempts(counted)
  const { id, passwordHash } = member
  await replaceBcrypt(passwordHash, password, (renewed) =>
    db.member.updateMany({ where: { id, passwordHash }, data: { passwordHash: renewed } }),
  )
  return factor ? { ...claim, factor } : claim
}
