import "server-only"
import type { AdminId, MemberId, Role } from "#lib/accounts/member.ts"
import { db, noSql, type Sql, sql } from "#lib/db.ts"
import { type MailRow, mailView } from "#lib/mail/mail.ts"
import { plainName } from "#lib/text/plain-text.ts"
import type { InviteView } from "./invite.ts"

const MAX_INVITES = 200

type Row = {
  id: string
  email: string | null
  role: Role
  quotaBytes: bigint | null
  inviterName: string
  expiresAt: Date
  createdAt: Date
  mail: MailRow | null
}

/** Lists the invites that can still be used, newest first. */
export const listInvites = (_admin: AdminId): Promise<InviteView[]> => list(noSql)

/** Lists the member's own invites that can still be used, newest first. */
export const listOwnInvites = (member: MemberId): Promise<InviteView[]> =>
  list(sql`AND invite.invited_by = ${member}::uuid`)

async function list(whose: Sql): Promise<InviteView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT invite.id, invite.email, invite.role::text AS role,
      invite.quota_bytes AS "quotaBytes", inviter.name AS "inviterName",
      invite.expires_at AS "expiresAt", invite.created_at AS "createdAt", mailed.mail
    FROM invite JOIN member AS inviter ON inviter.id = invite.invited_by
    LEFT JOIN LATERAL (
      SELECT json_build_object('answer', answer, 'createdAt', created_at, 'sentAt', sent_at,
        'failedAt', failed_at) AS mail
      FROM mail WHERE target_id = invite.id ORDER BY created_at DESC, id DESC LIMIT 1
    ) mailed ON true
    WHERE invite.used_at IS NULL AND invite.expires_at > statement_timestamp() ${whose}
    ORDER BY invite.created_at DESC, invite.id DESC LIMIT ${MAX_INVITES}`
  return rows.map(({ inviterName, quotaBytes, expiresAt, createdAt, mail, ...row }) => ({
    ...row,
    quotaBytes: quotaBytes === null ? null : Number(quotaBytes),
    invitedBy: plainName(inviterName),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    mail: mail && mailView(mail),
  }))
}
