import "server-only"
import { db } from "#lib/db.ts"
import { plainName } from "#lib/plain-text.ts"
import type { InviteView } from "./invite.ts"
import type { AdminId } from "./member.ts"

const MAX_INVITES = 200

/** Invites that can still be used, newest first. */
export async function listInvites(_admin: AdminId, now = new Date()): Promise<InviteView[]> {
  const rows = await db.invite.findMany({
    where: { usedAt: null, expiresAt: { gt: now } },
    orderBy: { id: "desc" },
    take: MAX_INVITES,
    select: {
      id: true,
      email: true,
      role: true,
      expiresAt: true,
      createdAt: true,
      inviter: { select: { name: true } },
    },
  })
  return rows.map(({ inviter, expiresAt, createdAt, ...row }) => ({
    ...row,
    invitedBy: plainName(inviter.name),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
  }))
}
