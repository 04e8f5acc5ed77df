import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import { limitMail } from "#lib/rooms/accounts/limit-mail.ts"
import type { ActingAdmin } from "#lib/rooms/accounts/member.ts"
import { findPerson } from "#lib/rooms/accounts/tell-member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { oneTimeToken, oneTimeTokenHash } from "#lib/rooms/mail/one-time-token.ts"
import { queueMail } from "#lib/rooms/mail/queue-mail.ts"
import { endResets } from "./end-resets.ts"
import { type PasswordResetView, RESET_HOURS } from "./password-reset.ts"
import { requirePasswords } from "./require-passwords.ts"

type Asked = {
  /** The admin who makes the link; null for the operator on the command line. */
  by: ActingAdmin | null
  member: { id: string } | { email: string }
  /** Whether Lapse mails the link to the member, from the admin. */
  mail?: boolean
  /** The language of that mail, unless the member has chosen one. */
  language?: Locale
}

/**
 * Makes a link with which a member can set a new password, once and within 24 hours. Ends the
 * member's earlier links; password and sessions stay until it is used. Refuses `not_found`,
 * (conflict) a disabled member, and mail as `limitMail` does.
 */
export async function makePasswordReset({
  by,
  member,
  mail = false,
  language,
}: Asked): Promise<PasswordResetView> {
  requirePasswords()
  const memberId = "id" in member ? member.id : await idOf(member.email.toLowerCase())
  return evenOnFullDisk(() => make(by, memberId, mail && { language }))
}

async function idOf(email: string): Promise<string> {
  const found = await db.member.findUnique({
    where: { email, kind: "person" },
    select: { id: true },
  })
  if (!found) throw refusal("not_found", "no_member")
  return found.id
}

type Mailed = false | { language: Locale | undefined }

async function make(
  by: ActingAdmin | null,
  memberId: string,
  mailed: Mailed,
): Promise<PasswordResetView> {
  const id = newId()
  const token = oneTimeToken(id)
  return changeCredentials({ by, of: memberId }, async (tx) => {
    const found = await tx.member.findUnique({
      where: { id: memberId, kind: "person" },
      select: { id: true, name: true, email: true, language: true, disabledAt: true },
    })
    if (!found) throw refusal("not_found", "no_member")
    const { disabledAt, language, ...member } = found
    if (by && mailed) await limitMail(tx, { by: by.id, as: "admin", emails: [member.email] })
    if (disabledAt) throw refusal("conflict", "member_disabled", { name: member.name })
    await endResets(tx, member.id)
    const expiresAt = new Date(Number(await databaseTimeIn(tx)) + RESET_HOURS * 3_600_000)
    await tx.passwordReset.create({
      data: {
        id,
        memberId: member.id,
        tokenHash: oneTimeTokenHash(token),
        madeById: by?.id ?? null,
        expiresAt,
      },
      select: { id: true },
    })
    await recordAudit(tx, {
      actorId: by?.id ?? null,
      action: "member.reset_link",
      targetId: member.id,
      details: { member: `${member.name} <${member.email}>` },
    })
    if (by && mailed) {
      await queueMail(tx, {
        kind: "reset",
        values: { expiresAt: expiresAt.toISOString(), by: await findPerson(tx, by.id) },
        to: member.email,
        language: language ?? mailed.language ?? null,
        targetId: id,
        usefulUntil: expiresAt,
      })
    }
    return {
      url: `${configuration.APP_URL}/reset/${token}`,
      expiresAt: expiresAt.toISOString(),
      member,
    }
  })
}
