import "server-only"
import { createHash, randomBytes } from "node:crypto"
import { recordAudit } from "#lib/audit/record-audit.ts"
import { db } from "#lib/db.ts"
import { requireRoom } from "#lib/disk-room.ts"
import { Refusal } from "#lib/errors.ts"
import { plainName } from "#lib/plain-text.ts"
import { settings } from "#lib/settings.ts"
import { INVITE_DAYS, type InviteInput, type InviteView } from "./invite.ts"
import type { AdminId } from "./member.ts"

const DAY_MS = 86_400_000

/** A new one-time token. Only its hash is kept. */
const newInviteToken = () => randomBytes(32).toString("base64url")

/** What the database stores of a token. */
export const inviteTokenHash = (token: string) =>
  new Uint8Array(createHash("sha256").update(token).digest())

/**
 * Makes a link by which one person can become a member within 7 days. Only this call returns its
 * URL.
 */
export async function inviteMember(
  admin: AdminId,
  { email, role }: InviteInput,
  now = new Date(),
): Promise<InviteView & { url: string }> {
  requireRoom("invite")
  const token = newInviteToken()
  const expiresAt = new Date(now.getTime() + INVITE_DAYS * DAY_MS)
  const row = await db.$transaction(async (tx) => {
    const invite = await tx.invite.create({
      data: { tokenHash: inviteTokenHash(token), email, role, invitedBy: admin, expiresAt },
      select: { id: true, createdAt: true, inviter: { select: { name: true } } },
    })
    const details = { email, role }
    await recordAudit(tx, { actorId: admin, action: "invite.create", targetId: invite.id, details })
    return invite
  })
  return {
    id: row.id,
    email,
    role,
    invitedBy: plainName(row.inviter.name),
    expiresAt: expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    url: `${settings.APP_URL}/invite/${token}`,
  }
}

/** Deletes an unused invite. Refuses (not_found) one that is used or unknown. */
export async function withdrawInvite(admin: AdminId, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.invite.deleteMany({ where: { id, usedAt: null } })
    if (count === 0) throw new Refusal("not_found", "There is no such open invitation.")
    await recordAudit(tx, { actorId: admin, action: "invite.withdraw", targetId: id })
  })
}
