import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { NewMember } from "#lib/rooms/accounts/member.ts"
import { requirePasswords } from "#lib/rooms/accounts/passwords/require-passwords.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import type { VerifiedMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { OneTimeToken, oneTimeTokenHash } from "#lib/rooms/mail/one-time-token.ts"
import { lockSettings, readSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { joinTeams } from "../teams/change-people.ts"
import { inviteNeedsAddress, usableBy } from "./usable.ts"

const usable = (token: string, settings: Settings, now: Date) => ({
  tokenHash: oneTimeTokenHash(token),
  ...usableBy(settings, now),
})

type FoundInvite = {
  email: string | null
  name: string | null
  inviterName: string
  expiresAt: Date
}

/** Returns the inviter and the invited person; null if not valid. Does not use it up. */
export async function findInvite(token: string): Promise<FoundInvite | null> {
  if (!OneTimeToken.safeParse(token).success) return null
  const invite = await db.invite.findFirst({
    where: usable(token, await readSettings(), await databaseTime()),
    select: { email: true, name: true, inviter: { select: { name: true } }, expiresAt: true },
  })
  if (!invite) return null
  const { email, name, inviter, expiresAt } = invite
  return { email, name, inviterName: inviter.name, expiresAt }
}

/**
 * Makes the invited member and uses the invite up. Refuses (gone) an invite that is not valid,
 * (conflict) an address that has an account, and (not_allowed) an invite without an address if
 * OIDC_ISSUER is set. A refusal rolls back, so the invite can still be used.
 */
export async function acceptInvite({
  token,
  name,
  email,
  password,
}: NewMember & { token: string }): Promise<VerifiedMember> {
  requirePasswords()
  const gone = refusal("gone", "invitation_gone")
  const invite = await findInvite(token) // before hashing, which is expensive
  if (!invite) throw gone
  // Made before the provider was set. The next sign-in there would link whatever address is typed.
  if (invite.email === null && inviteNeedsAddress()) {
    throw refusal("not_allowed", "invitation_without_address", {}, { field: "email" })
  }
  if (invite.email !== null && invite.email !== email) {
    throw refusal("invalid", "invitation_address", {}, { field: "email" })
  }
  const passwordHash = await hashPassword(password)
  const now = await databaseTime()
  return db.$transaction(async (tx) => {
    const [used] = await tx.invite.updateManyAndReturn({
      where: usable(token, await lockSettings(tx, null), now),
      data: { usedAt: now },
      select: { id: true, role: true, quotaBytes: true, teamIds: true },
    })
    if (!used) throw gone
    // skipDuplicates avoids a unique violation, which would abort the transaction.
    const [member] = await tx.member.createManyAndReturn({
      data: [{ name, email, passwordHash, role: used.role, quotaBytes: used.quotaBytes }],
      skipDuplicates: true,
      select: { id: true, sessionEpoch: true },
    })
    if (!member) throw refusal("conflict", "account_exists", {}, { field: "email" })
    const details = { invite: used.id, role: used.role }
    await recordAudit(tx, {
      actorId: member.id,
      action: "invite.accept",
      targetId: member.id,
      details,
    })
    await joinTeams(tx, member.id, used.teamIds)
    return { memberId: member.id, sessionEpoch: member.sessionEpoch }
  })
}
