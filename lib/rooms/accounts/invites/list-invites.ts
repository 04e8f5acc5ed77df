import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId, MemberId } from "#lib/rooms/accounts/member.ts"
import { findMailsOf } from "#lib/rooms/mail/find-mails.ts"
import type { InviteView } from "./invite.ts"

const MAX_INVITES = 1000

/** Lists the invites that can still be used, newest first. */
export const listInvites = (_by: AuditorId): Promise<InviteView[]> => list({})

/** Lists the member's own invites that can still be used, newest first. */
export const listOwnInvites = (member: MemberId): Promise<InviteView[]> =>
  list({ invitedBy: member })

async function list(whose: { invitedBy?: string }): Promise<InviteView[]> {
  const rows = await db.invite.findMany({
    where: { ...whose, usedAt: null, expiresAt: { gt: await databaseTime() } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: MAX_INVITES,
    select: {
      id: true,
      email: true,
      name: true,
      role: true,
      quotaBytes: true,
      inviter: { select: { name: true } },
      expiresAt: true,
      createdAt: true,
    },
  })
  const mails = await findMailsOf(
    "invite",
    rows.map(({ id }) => id),
  )
  return rows.map(({ inviter, quotaBytes, expiresAt, createdAt, ...row }) => ({
    ...row,
    quotaBytes: quotaBytes === null ? null : Number(quotaBytes),
    invitedBy: plainName(inviter.name),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    mail: mails.get(row.id) ?? null,
  }))
}
