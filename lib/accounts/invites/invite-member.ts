import "server-only"
import type { AdminId, MemberId } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { configuration } from "#lib/configuration.ts"
import { databaseTime } from "#lib/database/time.ts"
import { db, type Tx } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { requireRoom } from "#lib/host/disk-room.ts"
import { readSettings } from "#lib/settings/read-settings.ts"
import { plainName } from "#lib/text/plain-text.ts"
import { newId } from "#lib/uuid.ts"
import { INVITE_DAYS, type InviteInput, type InvitesInput, type InviteView } from "./invite.ts"
import { newOneTimeToken, oneTimeTokenHash } from "./one-time-token.ts"

const DAY_MS = 86_400_000

export type MadeInvite = InviteView & { url: string }

type Invitation = Pick<InviteInput, "email" | "role"> & Partial<InviteInput>

/**
 * Makes a link by which one person can become a member within 7 days. Only this call returns its
 * URL.
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
  { email }: Pick<InviteInput, "email">,
): Promise<MadeInvite> {
  requireRoom("invite")
  const { inviters } = await readSettings()
  if (inviters !== "members") {
    throw new Refusal("not_allowed", "Only admins can invite people. Ask an admin.")
  }
  return make(member, { email, role: "member" })
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
  const createdAt = await databaseTime()
  return db.$transaction(async (tx) => {
    const made: MadeInvite[] = []
    for (const email of emails) made.push(await insert(tx, admin, { ...rest, email, createdAt }))
    return made
  })
}

async function make(by: MemberId, input: Invitation) {
  const createdAt = await databaseTime()
  return db.$transaction((tx) => insert(tx, by, { ...input, createdAt }))
}

async function insert(
  tx: Tx,
  by: MemberId,
  { email, role, quotaBytes = null, createdAt }: Invitation & { createdAt: Date },
): Promise<MadeInvite> {
  const token = newOneTimeToken()
  const id = newId()
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
    select: { inviter: { select: { name: true } } },
  })
  const details = { email, role, ...(quotaBytes === null ? {} : { quotaBytes }) }
  await recordAudit(tx, { actorId: by, action: "invite.create", targetId: id, details })
  return {
    id,
    email,
    role,
    quotaBytes,
    invitedBy: plainName(inviter.name),
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
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
    if (!details || count === 0) throw new Refusal("not_found", "Invitation not found.")
    await recordAudit(tx, { actorId: admin, action: "invite.withdraw", targetId: id, details })
  })
}
