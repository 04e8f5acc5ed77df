import "server-only"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { ANYWHERE, checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { spendRecoveryCode } from "./recovery-codes.ts"
import { Code } from "./second-factor.ts"
import { openSecret, stepOf } from "./totp.ts"

type Given = {
  memberId: string
  code: string
  /** The id of a browser that is known to the account and has its own attempts. */
  knownBrowser?: string | null
}

/**
 * Returns whether a code from the member's authenticator app, or a recovery code, is valid, and
 * uses it up. Refuses (too_many) after too many wrong codes.
 */
export async function spendCode(
  { memberId, code, knownBrowser = null }: Given,
  now = knownDatabaseTime(),
): Promise<boolean> {
  const counted = await checkAttempt({
    purpose: "code",
    subject: memberId,
    address: ANYWHERE,
    knownBrowser,
  })
  const parsed = Code.safeParse(code).data ?? ""
  const isRight = /^\d{6}$/.test(parsed)
    ? await spendStep(memberId, parsed, now)
    : await spendRecoveryCode(memberId, parsed)
  if (isRight) await clearAttempts(counted)
  return isRight
}

/** One conditional statement, so that one of two requests with the same code is refused. */
async function spendStep(memberId: string, code: string, now: Date) {
  const totp = await db.totp.findUnique({ where: { memberId }, select: { secret: true } })
  const secret = totp && openSecret(totp.secret)
  const step = secret ? stepOf(secret, code, now) : null
  if (!totp || step === null) return false
  const { count } = await db.totp.updateMany({
    where: { memberId, secret: totp.secret, lastStep: { lt: step } },
    data: { lastStep: step },
  })
  return count === 1
}
