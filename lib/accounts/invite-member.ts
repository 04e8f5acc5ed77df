import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"
import { INVITE_DAYS, type InviteInput, type InviteView } from "./invite.ts"
import { inviteTokenHash, newInviteToken } from "./invite-token.ts"
import type { AdminId } from "./member.ts"

const DAY_MS = 86_400_000

/** Makes a one-time link that lets one person in for 7 days. Its address is told now and never again. */
export async function inviteMember(
  admin: AdminId,
  { email, role }: InviteInput,
  now = new Date(),
): Promise<InviteView & { url: string }> {
  const token = newInviteToken()
  const expiresAt = new Date(now.getTime() + INVITE_DAYS * DAY_MS)
  const row = await db.$transaction(async (tx) => {
    const invite = await tx.invite.create({
      data: { tokenHash: inviteTokenHash(token), email, role, invitedBy: admin, expiresAt },
      select: { id: true, createdAt: true, inviter: { select: { name: true } } },
    })
    const details = { email, role }
    await recordAudit(tx, { actorId: admin, action: "invite.create", targetId: invite.id, details })
    return invite
  })
  return {
    id: row.id,
    email,
    role,
    invitedBy: row.inviter.name,
    expiresAt: expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    url: `${settings.APP_URL}/invite/${token}`,
  }
}
