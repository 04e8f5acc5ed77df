import { TOTP } from "otpauth"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { setSecondFactor } from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { newTotpSecret } from "#lib/rooms/accounts/second-factor/totp.ts"
import { withSessionOf } from "../a-session.ts"

const STEP_MS = 30_000

/** The code that an app with this secret shows now, or in another time step. */
export const codeOf = (secret: string, { steps = 0, now = Date.now() } = {}) =>
  new TOTP({ secret }).generate({ timestamp: now + steps * STEP_MS })

/** An authenticator app of the member: `code` shows a code that was not used yet. */
export async function aSecondFactor(memberId: MemberId) {
  const secret = newTotpSecret()
  // The code of the step before, so that the current one is unused. It is refused if the next step
  // begins meanwhile.
  const enroll = () =>
    withSessionOf(memberId, (by) =>
      setSecondFactor(by, { secret, code: codeOf(secret, { steps: -1 }) }),
    )
  const { recoveryCodes } = await enroll().catch(enroll)
  return { secret, recoveryCodes, code: (steps = 0) => codeOf(secret, { steps }) }
}
