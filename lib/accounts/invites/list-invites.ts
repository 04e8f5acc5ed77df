import "server-only"
import type { AdminId, Role } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
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
}

/** Lists the invites that can still be used, newest first. */
export async function listInvites(_admin: AdminId): Promise<InviteView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT invite.id, invite.email, invite.role::text AS role,
      invite.quota_bytes AS "quotaBytes", inviter.name AS "inviterName",
      invite.expires_at AS "expiresAt", invite.created_at AS "createdAt"
    FROM invite JOIN member AS inviter ON inviter.id = invite.invited_by
    WHERE invite.used_at IS NULL AND invite.expires_at > statement_timestamp()
    ORDER BY invite.created_at DESC, invite.id DESC LIMIT ${MAX_INVITES}`
  return rows.map(({ inviterName, quotaBytes, expiresAt, createdAt, ...row }) => ({
    ...row,
    quotaBytes: quotaBytes === null ? null : Number(quotaBytes),
    invitedBy: plainName(inviterName),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
  }))
}
