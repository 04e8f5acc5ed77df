import "server-only"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db } from "#lib/db.ts"
import { requireRoom } from "#lib/disk-room.ts"
import { Refusal } from "#lib/errors.ts"
import { plainName } from "#lib/plain-text.ts"
import { settings } from "#lib/settings.ts"
import { newId } from "#lib/uuid.ts"
import { INVITE_DAYS, type InviteInput, type InviteView } from "./invite.ts"
import type { AdminId } from "./member.ts"
import { newOneTimeToken, oneTimeTokenHash } from "./one-time-token.ts"

/**
 * Makes a link by which one person can become a member within 7 days. Only this call returns its
 * URL.
 */
export async function inviteMember(
  admin: AdminId,
  { email, role }: InviteInput,
): Promise<InviteView & { url: string }> {
  requireRoom("invite")
  const token = newOneTimeToken()
  const id = newId()
  const row = await db.$transaction(async (tx) => {
    const [inserted] = await tx.$queryRaw<Inserted[]>`
      INSERT INTO invite (id, token_hash, email, role, invited_by, expires_at)
      VALUES (${id}::uuid, ${oneTimeTokenHash(token)}, ${email}, ${role}::role, ${admin}::uuid,
        statement_timestamp() + make_interval(hours => ${INVITE_DAYS * 24}::int))
      RETURNING expires_at AS "expiresAt", created_at AS "createdAt",
        (SELECT name FROM member WHERE id = ${admin}::uuid) AS "inviterName"`
    if (!inserted) throw new Error("the invite was not returned")
    const details = { email, role }
    await recordAudit(tx, { actorId: admin, action: "invite.create", targetId: id, details })
    return inserted
  })
  return {
    id,
    email,
    role,
    invitedBy: plainName(row.inviterName),
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    url: `${settings.APP_URL}/invite/${token}`,
  }
}

type Inserted = { expiresAt: Date; createdAt: Date; inviterName: string }

/** Deletes an unused invite. Refuses (not_found) one that is used or unknown. */
export async function withdrawInvite(admin: AdminId, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const [invite] = await tx.$queryRaw<{ email: string | null; role: string }[]>`
      DELETE FROM invite WHERE id = ${id}::uuid AND used_at IS NULL RETURNING email, role::text`
    if (!invite) throw new Refusal("not_found", "There is no such open invitation.")
    await recordAudit(tx, {
      actorId: admin,
      action: "invite.withdraw",
      targetId: id,
      details: invite,
    })
  })
}
