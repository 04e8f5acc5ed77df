import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { requireRoom } from "#lib/adapters/host/disk-room.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { countAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { limitMail } from "#lib/rooms/accounts/limit-mail.ts"
import type { AdminId, MemberId } from "#lib/rooms/accounts/member.ts"
import { findPerson } from "#lib/rooms/accounts/tell-member.ts"
import { recordAudit, recordParts } from "#lib/rooms/audit/record-audit.ts"
import { oneTimeToken, oneTimeTokenHash } from "#lib/rooms/mail/one-time-token.ts"
import { queueMails } from "#lib/rooms/mail/queue-mail.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { addressOf } from "./addresses-of-list.ts"
import {
  INVITE_DAYS,
  type InviteInput,
  type InvitesInput,
  type MadeInvite,
  nameOf,
} from "./invite.ts"
import { inviteNeedsAddress } from "./usable.ts"

const DAY_MS = 86_400_000

type InLanguage = {
  /** The language of the mail, which is the inviter's. */
  language?: Locale | null
}

type Invitation = Pick<InviteInput, "email" | "role"> & Partial<InviteInput> & InLanguage

/**
 * Makes a link with which one person can become a member within 7 days, and mails it on request.
 * Refuses (invalid) a missing address where one is required, mail as `limitMail` does, and
 * (too_many) a member's 51st link within an hour that lets anyone join.
 */
export async function inviteMember(
  admin: AdminId,
  { email, ...rest }: Invitation,
): Promise<MadeInvite> {
  return only(await make(admin, "admin", { ...rest, emails: [email] }))
}

/**
 * Invites a person as a member, if a setting lets members invite; otherwise refuses `not_allowed`.
 * The invited person cannot become an admin.
 */
export async function inviteByMember(
  member: MemberId,
  { email, ...rest }: Pick<Invitation, "email" | "mail" | "language">,
): Promise<MadeInvite> {
  const { inviters } = await readSettings()
  if (inviters !== "members") {
    throw refusal("not_allowed", "admins_invite")
  }
  return only(await make(member, "member", { ...rest, emails: [email], role: "member" }))
}

/** Invites each address, or none. Refuses (conflict) addresses with an account, by name. */
export async function inviteMembers(
  admin: AdminId,
  { emails, ...rest }: Omit<InvitesInput, "teams"> & Partial<InvitesInput> & InLanguage,
): Promise<MadeInvite[]> {
  const known = await db.member.findMany({
    where: { email: { in: emails.map(addressOf) }, kind: "person" },
    select: { email: true },
    orderBy: { email: "asc" },
  })
  if (known.length > 0) {
    const names = known.map(({ email }) => email).join(", ")
    throw refusal("conflict", "accounts_exist", { names }, { field: "emails" })
  }
  return make(admin, "admin", { ...rest, emails })
}

function only([made]: MadeInvite[]): MadeInvite {
  if (!made) throw new Error("an invitation was made for each address")
  return made
}

type Invitations = Omit<Invitation, "email"> & { emails: (string | null)[] }

async function make(
  by: MemberId,
  as: "admin" | "member",
  { emails, role, quotaBytes = null, mail = false, teams = [], language = null }: Invitations,
): Promise<MadeInvite[]> {
  requireRoom("invite")
  const isOpen = emails.includes(null)
  if (isOpen && inviteNeedsAddress()) {
    throw refusal("invalid", "invite_address", {}, { field: "email" })
  }
  const createdAt = await databaseTime()
  const expiresAt = new Date(Number(createdAt) + INVITE_DAYS * DAY_MS)
  const invites = emails.map((invited) => ({
    id: newId(),
    email: invited === null ? null : addressOf(invited),
    name: invited === null ? null : nameOf(invited),
    role,
    quotaBytes,
    teamIds: teams,
  }))
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() }
  return db.$transaction(async (tx) => {
    if ((await tx.team.count({ where: { id: { in: teams } } })) < new Set(teams).size)
      throw refusal("not_found", "no_team", {}, { field: "teams" })
    if (isOpen) await countAttempts(tx, [{ purpose: "invite_anyone", subject: by, count: 1 }])
    const mailed = invites.flatMap(({ id, email }) =>
      mail && email !== null ? [{ to: email, targetId: id }] : [],
    )
    if (mail) await limitMail(tx, { by, as, emails: mailed.map(({ to }) => to) })
    await tx.invite.createMany({
      data: invites.map((invite) => ({
        ...invite,
        tokenHash: oneTimeTokenHash(oneTimeToken(invite.id)),
        invitedBy: by,
        createdAt,
        expiresAt,
      })),
    })
    const quota = quotaBytes === null ? {} : { quotaBytes }
    await recordParts(tx, {
      actorId: by,
      action: "invite.create",
      parts: invites.map(({ id, email }) => ({ targetId: id, details: { email, role, ...quota } })),
    })
    const inviter = await findPerson(tx, by)
    const values = { by: inviter, expiresAt: times.expiresAt }
    await queueMails(tx, { kind: "invite", values, language, usefulUntil: expiresAt }, mailed)
    return invites.map(({ teamIds: _, ...invite }) => ({
      ...invite,
      ...times,
      invitedBy: inviter.name,
      mail: mail ? { state: "queued", answer: null, at: times.createdAt } : null,
      url: `${configuration.APP_URL}/invite/${oneTimeToken(invite.id)}`,
    }))
  })
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
