import "server-only"
import { limitMail } from "#lib/accounts/limit-mail.ts"
import type { AdminId, MemberId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { configuration } from "#lib/configuration.ts"
import { databaseTime } from "#lib/database/time.ts"
import { db, type Tx } from "#lib/db.ts"
import { requireRoom } from "#lib/host/disk-room.ts"
import { oneTimeToken, oneTimeTokenHash } from "#lib/mail/one-time-token.ts"
import { queueMail } from "#lib/mail/queue-mail.ts"
import { readSettings } from "#lib/settings/read-settings.ts"
import type { Locale } from "#lib/text/languages.ts"
import { plainName } from "#lib/text/plain-text.ts"
import { refusal } from "#lib/text/sentences.ts"
import { newId } from "#lib/text/uuid.ts"
import { INVITE_DAYS, type InviteInput, type InvitesInput, type InviteView } from "./invite.ts"
import { limitOpenInvite } from "./limit-open-invite.ts"

const DAY_MS = 86_400_000

export type MadeInvite = InviteView & { url: string }

type InLanguage = {
  /** The language of the mail: that of the inviter. */
  language?: Locale
}

type Invitation = Pick<InviteInput, "email" | "role"> & Partial<InviteInput> & InLanguage

/**
 * Makes a link by which one person can become a member within 7 days, and mails it if that is asked
 * for. Only this call returns its URL. Refuses mail where there is none, without an address, and
 * (too_many) above the limits of `limitMail` and `limitOpenInvite`.
 */
export async function inviteMember(admin: AdminId, input: Invitation): Promise<MadeInvite> {
  requireRoom("invite")
  await limitOpenInvite(admin, input.email)
  return make(admin, input)
}

/**
 * Invites a person as a member, where a setting lets members invite; the invited person cannot
 * become an admin. Refuses not_allowed.
 */
export async function inviteByMember(
  member: MemberId,
  { email, mail = false, ...rest }: Pick<Invitation, "email" | "mail" | "language">,
): Promise<MadeInvite> {
  requireRoom("invite")
  const { inviters } = await readSettings()
  if (inviters !== "members") {
    throw refusal("not_allowed", "admins_invite")
  }
  await limitOpenInvite(member, email)
  return make(member, { ...rest, email, role: "member", mail })
}

/**
 * Makes an invitation for each address, or none at all. Refuses (conflict) addresses that have an
 * account, and names them.
 */
export async function inviteMembers(
  admin: AdminId,
  { emails, ...rest }: InvitesInput & InLanguage,
): Promise<MadeInvite[]> {
  requireRoom("invite")
  const known = await db.member.findMany({
    where: { email: { in: emails } },
    select: { email: true },
    orderBy: { email: "asc" },
  })
  if (known.length > 0) {
    const names = known.map(({ email }) => email).join(", ")
    throw refusal("conflict", "accounts_exist", { names }, { field: "emails" })
  }
  if (rest.mail) await limitMail(admin, emails)
  const createdAt = await databaseTime()
  return db.$transaction(async (tx) => {
    const made: MadeInvite[] = []
    for (const email of emails) made.push(await insert(tx, admin, { ...rest, email, createdAt }))
    return made
  })
}

async function make(by: MemberId, input: Invitation) {
  if (input.mail) await limitMail(by, input.email === null ? [] : [input.email])
  const createdAt = await databaseTime()
  return db.$transaction((tx) => insert(tx, by, { ...input, createdAt }))
}

async function insert(
  tx: Tx,
  by: MemberId,
  {
    email,
    role,
    quotaBytes = null,
    mail = false,
    language,
    createdAt,
  }: Invitation & { createdAt: Date },
): Promise<MadeInvite> {
  const id = newId()
  const token = oneTimeToken(id)
  const expiresAt = new Date(Number(createdAt) + INVITE_DAYS * DAY_MS)
  const { inviter } = await tx.invite.create({
    data: {
      id,
      tokenHash: oneTimeTokenHash(token),
      email,
      role,
      quotaBytes,
      invitedBy: by,
      createdAt,
      expiresAt,
    },
    select: { inviter: { select: { name: true, email: true } } },
  })
  const details = { email, role, ...(quotaBytes === null ? {} : { quotaBytes }) }
  await recordAudit(tx, { actorId: by, action: "invite.create", targetId: id, details })
  const inviterName = plainName(inviter.name)
  const isMailed = mail && email !== null
  if (isMailed) {
    await queueMail(tx, {
      kind: "invite",
      values: {
        by: { name: inviterName, address: inviter.email },
        expiresAt: expiresAt.toISOString(),
      },
      to: email,
      language: language ?? null,
      targetId: id,
      usefulUntil: expiresAt,
    })
  }
  return {
    id,
    email,
    role,
    quotaBytes,
    invitedBy: inviterName,
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    mail: isMailed ? { state: "queued", answer: null, at: createdAt.toISOString() } : null,
    url: `${configuration.APP_URL}/invite/${token}`,
  }
}

/** Deletes an unused invite. Refuses (not_found) one that is used or unknown. */
export async function withdrawInvite(admin: AdminId, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const details = await tx.invite.findUnique({
      where: { id },
      select: { email: true, role: true },
    })
    const { count } = await tx.invite.deleteMany({ where: { id, usedAt: null } })
    if (!details || count === 0) throw refusal("not_found", "no_invitation")
    await recordAudit(tx, { actorId: admin, action: "invite.withdraw", targetId: id, details })
  })
}
