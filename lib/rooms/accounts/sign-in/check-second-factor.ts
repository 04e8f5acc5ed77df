import "server-only"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { passkeyHost } from "../passkeys/passkey-host.ts"
import { spendCode } from "../second-factor/spend-code.ts"
import { countFailedSignIn } from "./record-failed-sign-ins.ts"

type Given = {
  memberId: string
  /** Empty if no code was given. */
  code: string
  knownBrowser: string | null
}

/**
 * Checks the second factor of a sign-in with the right password. Returns whether the member has
 * one. Refuses a missing code (code_required), a wrong code (wrong_code) and, while a second factor
 * is required, a member who has only passkeys (passkey_required).
 */
export async function checkSecondFactor({ memberId, code, knownBrowser }: Given): Promise<boolean> {
  const totp = await db.totp.findUnique({ where: { memberId }, select: { memberId: true } })
  if (!totp) {
    if (await needsPasskey(memberId)) throw refusal("passkey_required", "passkey_required")
    return false
  }
  if (code === "") throw refusal("code_required", "code_required", {}, { field: "code" })
  if (await spendCode({ memberId, code, knownBrowser })) return true
  await countFailedSignIn(memberId)
  throw refusal("wrong_code", "wrong_code", {}, { field: "code" })
}

/** Whether the member needs more than a password to sign in. */
export async function hasSecondFactor(memberId: string): Promise<boolean> {
  const totp = await db.totp.findUnique({ where: { memberId }, select: { memberId: true } })
  return totp !== null || (await needsPasskey(memberId))
}

async function needsPasskey(memberId: string): Promise<boolean> {
  const rpId = passkeyHost()
  if (rpId === null) return false
  const passkey = await db.passkey.findFirst({ where: { memberId, rpId }, select: { id: true } })
  return passkey !== null && (await readSettings()).secondFactorRequired
}
