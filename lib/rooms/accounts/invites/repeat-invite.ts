import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { limitMail } from "#lib/rooms/accounts/limit-mail.ts"
import type { AdminId, MemberId } from "#lib/rooms/accounts/member.ts"
import { findPerson } from "#lib/rooms/accounts/tell-member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { oneTimeToken, oneTimeTokenHash } from "#lib/rooms/mail/one-time-token.ts"
import { queueMail } from "#lib/rooms/mail/queue-mail.ts"
import { lockSettings } from "#lib/rooms/settings/read-settings.ts"
import type { InviteRepeat, MadeInvite } from "./invite.ts"
import { usableBy } from "./usable.ts"

type Repeating = InviteRepeat & { id: string; language?: Locale | null }

/**
 * Returns the link of one of the member's own invitations that can still be used, and mails it
 * again on request. Refuses (not_found) other invitations and those for an admin, (conflict) a link
 * from before AUTH_SECRET changed, and mail as `limitMail` does.
 */
export const repeatOwnInvite = (member: MemberId, repeating: Repeating): Promise<MadeInvite> =>
  repeat(member, "member", repeating)

/** Returns the link of anyone's invitation, and mails it, as repeatOwnInvite does. */
export const repeatInvite = (admin: AdminId, repeating: Repeating): Promise<MadeInvite> =>
  repeat(admin, "admin", repeating)

async function repeat(
  by: MemberId,
  as: "admin" | "member",
  { id, mail, language = null }: Repeating,
): Promise<MadeInvite> {
  const token = oneTimeToken(id)
  return db.$transaction(async (tx) => {
    const now = await databaseTimeIn(tx)
    const invite = await tx.invite.findFirst({
      where: {
        id,
        ...usableBy(await lockSettings(tx, null), now),
        // An invitation of an admin needs a confirmation, which this call does not require.
        ...(as === "member" && { invitedBy: by, role: "member" }),
      },
      include: { inviter: { select: { name: true } } },
    })
    if (!invite) throw refusal("not_found", "no_invitation")
    if (!Buffer.from(oneTimeTokenHash(token)).equals(invite.tokenHash)) {
      throw refusal("conflict", "invitation_gone")
    }
    const { email, name, role, quotaBytes, expiresAt } = invite
    if (mail) {
      await limitMail(tx, { by, as, emails: email === null ? [] : [email] })
      const values = { by: await findPerson(tx, by), expiresAt: expiresAt.toISOString() }
      const to = email ?? ""
      const sent = { kind: "invite" as const, values, to, language, targetId: id }
      await queueMail(tx, { ...sent, usefulUntil: expiresAt })
    }
    const details = { email, role, how: mail ? "mail" : "link" }
    await recordAudit(tx, { actorId: by, action: "invite.repeat", targetId: id, details })
    return {
      id,
      email,
      name,
      role,
      quotaBytes: quotaBytes === null ? null : Number(quotaBytes),
      invitedBy: plainName(invite.inviter.name),
      createdAt: invite.createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      mail: mail ? { state: "queued", answer: null, at: now.toISOString() } : null,
      url: `${configuration.APP_URL}/invite/${token}`,
    }
  })
}
