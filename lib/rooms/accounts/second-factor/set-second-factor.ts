import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { ActingAdmin, ActingMember } from "#lib/rooms/accounts/member.ts"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { requirePasswords } from "../passwords/require-passwords.ts"
import { tellMember } from "../tell-member.ts"
import { factorAdded } from "./factor-added.ts"
import { keepFactor } from "./keep-factor.ts"
import { replaceRecoveryCodes } from "./recovery-codes.ts"
import type {
  NewSecondFactor,
  RecoveryCodes,
  SecondFactorView,
  SecretView,
} from "./second-factor.ts"
import { newTotpSecret, sealSecret, stepOf, totpUrl } from "./totp.ts"

export async function findSecondFactor(member: string): Promise<SecondFactorView> {
  const [totp, recoveryCodesLeft, settings] = await Promise.all([
    db.totp.findUnique({ where: { memberId: member }, select: { createdAt: true } }),
    db.recoveryCode.count({ where: { memberId: member, usedAt: null } }),
    readSettings(),
  ])
  return {
    since: totp?.createdAt.toISOString() ?? null,
    recoveryCodesLeft,
    required: settings.secondFactorRequired,
  }
}

/** Makes a secret for an authenticator app. Nothing is stored before the app's first code. */
export async function offerSecret({ email }: { email: string }): Promise<SecretView> {
  requirePasswords()
  const secret = newTotpSecret()
  const issuer = (await readBranding()).name ?? "Lapse"
  return { secret, url: totpUrl(secret, { issuer, label: email }) }
}

/**
 * Turns on codes from an app that has the secret, which replaces any other app, and sends the
 * member a mail. Returns recovery codes. Refuses (invalid) a wrong code.
 */
export async function setSecondFactor(
  by: ActingMember,
  { secret, code }: NewSecondFactor,
): Promise<RecoveryCodes> {
  const member = by.id
  requirePasswords()
  const lastStep = stepOf(secret, code, await databaseTime())
  if (lastStep === null) throw refusal("invalid", "code_newest", {}, { field: "code" })
  const totp = { secret: sealSecret(secret), lastStep }
  return changeCredentials({ by }, async (tx) => {
    await tx.totp.deleteMany({ where: { memberId: member } })
    await tx.totp.create({ data: { ...totp, memberId: member }, select: { memberId: true } })
    await factorAdded(tx, by)
    await tellMember(tx, { memberId: member, actorId: member, what: "second_factor" })
    return replaceRecoveryCodes(tx, member)
  })
}

/**
 * Removes the member's authenticator app and recovery codes, and tells the member by mail. Refuses
 * `not_found`, and (conflict) the last second factor while one is required.
 */
export const removeSecondFactor = (by: ActingMember) => remove(by.id, by)

/** Removes a member's app and codes, for an admin or the operator. Refuses `not_found`. */
export const removeSecondFactorOf = (by: ActingAdmin | null, memberId: string) =>
  remove(memberId, by)

async function remove(memberId: string, by: ActingMember | null): Promise<void> {
  const actorId = by?.id ?? null
  await changeCredentials({ by, of: memberId }, async (tx) => {
    const { count } = await tx.totp.deleteMany({ where: { memberId } })
    if (count === 0) throw refusal("not_found", "no_app")
    await tx.recoveryCode.deleteMany({ where: { memberId } })
    if (actorId === memberId) await keepFactor(tx, memberId)
    await tellMember(tx, { memberId, actorId, what: "second_factor_remove" })
  })
}
