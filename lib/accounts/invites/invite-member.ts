import "server-only"
import { limitMail } from "#lib/accounts/limit-mail.ts"
import type { AdminId, MemberId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { configuration } from "#lib/configuration.ts"
import { db, type Tx } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { requireRoom } from "#lib/host/disk-room.ts"
import { oneTimeToken, oneTimeTokenHash } from "#lib/mail/one-time-token.ts"
import { queueMail } from "#lib/mail/queue-mail.ts"
import { readSettings } from "#lib/settings/read-settings.ts"
import { plainName } from "#lib/text/plain-text.ts"
import { newId } from "#lib/uuid.ts"
import { INVITE_DAYS, type InviteInput, type InvitesInput, type InviteView } from "./invite.ts"

export type MadeInvite = InviteView & { url: string }

type Invitation = Pick<InviteInput, "email" | "role"> & Partial<InviteInput>

/**
 * Makes a link by which one person can become a member within 7 days, and mails it if that is asked
 * for. Only this call returns its URL. Refuses mail where there is none, without an address, and
 * (too_many) above the limits of `limitMail`.
 */
export async function inviteMember(admin: AdminId, input: Invitation): Promise<MadeInvite> {
  requireRoom("invite")
  return make(admin, input)
}

/**
 * Invites a person as a member, where a setting lets members invite; the invited person cannot
 * become an admin. Refuses not_allowed.
 */
export async function inviteByMember(
  member: MemberId,
  { email, mail = false }: Pick<Invitation, "email" | "mail">,
): Promise<MadeInvite> {
  requireRoom("invite")
  const { inviters } = await readSettings()
  if (inviters !== "members") {
    throw new Refusal("not_allowed", "Only admins can invite people. Ask an admin.")
  }
  return make(member, { email, role: "member", mail })
}

/**
 * Makes an invitation for each address, or none at all. Refuses (conflict) addresses that have an
 * account, and names them.
 */
export async function inviteMembers(
  admin: AdminId,
  { emails, ...rest }: InvitesInput,
): Promise<MadeInvite[]> {
  requireRoom("invite")
  const known = await db.member.findMany({
    where: { email: { in: emails } },
    select: { email: true },
    orderBy: { email: "asc" },
  })
  if (known.length > 0) {
    const names = known.map(({ email }) => email).join(", ")
    throw new Refusal("conflict", `An account already exists for ${names}.`, { field: "emails" })
  }
  if (rest.mail) await limitMail(admin, emails)
  return db.$transaction(async (tx) => {
    const made: MadeInvite[] = []
    for (const email of emails) made.push(await insert(tx, admin, { ...rest, email }))
    return made
  })
}

async function make(by: MemberId, input: Invitation) {
  if (input.mail) await limitMail(by, input.email === null ? [] : [input.email])
  return db.$transaction((tx) => insert(tx, by, input))
}

async function insert(
  tx: Tx,
  by: MemberId,
  { email, role, quotaBytes = null, mail = false }: Invitation,
): Promise<MadeInvite> {
  const id = newId()
  const token = oneTimeToken(id)
  const [row] = await tx.$queryRaw<Inserted[]>`
    INSERT INTO invite (id, token_hash, email, role, quota_bytes, invited_by, expires_at)
    VALUES (${id}::uuid, ${oneTimeTokenHash(token)}, ${email}, ${role}::role, ${quotaBytes}::bigint,
      ${by}::uuid, statement_timestamp() + make_interval(hours => ${INVITE_DAYS * 24}::int))
    RETURNING expires_at AS "expiresAt", created_at AS "createdAt",
      (SELECT name FROM member WHERE id = ${by}::uuid) AS "inviterName",
      (SELECT email FROM member WHERE id = ${by}::uuid) AS "inviterAddress"`
  if (!row) throw new Error("the invite was not returned")
  const details = { email, role, ...(quotaBytes === null ? {} : { quotaBytes }) }
  await recordAudit(tx, { actorId: by, action: "invite.create", targetId: id, details })
  const inviter = plainName(row.inviterName)
  const [expiresAt, createdAt] = [row.expiresAt.toISOString(), row.createdAt.toISOString()]
  const isMailed = mail && email !== null
  if (isMailed) {
    const values = { by: { name: inviter, address: row.inviterAddress }, expiresAt }
    const letter = { kind: "invite", values } as const
    await queueMail(tx, { ...letter, to: email, targetId: id, usefulUntil: row.expiresAt })
  }
  return {
    id,
    email,
    role,
    quotaBytes,
    invitedBy: inviter,
    expiresAt,
    createdAt,
    mail: isMailed ? { state: "queued", answer: null, at: createdAt } : null,
    url: `${configuration.APP_URL}/invite/${token}`,
  }
}

type Inserted = {
  expiresAt: Date
  createdAt: Date
  inviterName: string
  inviterAddress: string
}

/** Deletes an unused invite. Refuses (not_found) one that is used or unknown. */
export async function withdrawInvite(admin: AdminId, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const [invite] = await tx.$queryRaw<{ email: string | null; role: string }[]>`
      DELETE FROM invite WHERE id = ${id}::uuid AND used_at IS NULL RETURNING email, role::text`
    if (!invite) throw new Refusal("not_found", "Invitation not found.")
    await recordAudit(tx, {
      actorId: admin,
      action: "invite.withdraw",
      targetId: id,
      details: invite,
    })
  })
}
