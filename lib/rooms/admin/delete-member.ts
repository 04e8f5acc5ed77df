import "server-only"
import { z } from "zod"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import { refusal, sentence } from "#lib/adapters/text/sentences.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { findMemberById } from "#lib/rooms/accounts/find-member-by-id.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { findTeam } from "#lib/rooms/accounts/teams/list-teams.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { refuseHeldMember, refuseHeldShares } from "#lib/rooms/files/retention/legal-hold.ts"
import { eraseSenders } from "#lib/rooms/requests/erase-deliveries.ts"
import { changeMemberAndLinks } from "#lib/rooms/shares/change-member-and-links.ts"
import { deleteFiles } from "./delete-files.ts"

export const MemberDeletion = z
  .strictObject({
    /** Whether another member gets the files and shares, or they are deleted and revoked. */
    files: z.enum(["transfer", "delete"]),
    transferTo: Uuid.optional(),
  })
  .refine(({ files, transferTo }) => (files === "transfer") === (transferTo !== undefined), {
    path: ["transferTo"],
    message: sentence("input_new_owner"),
  })
export type MemberDeletion = z.infer<typeof MemberDeletion>

/** The numbers of shares and files that were transferred, or revoked and deleted. */
export const DeletedMember = z.strictObject({ shares: z.int(), files: z.int() })
export type DeletedMember = z.infer<typeof DeletedMember>

/**
 * Deletes a member: disables the account, transfers the files and shares or revokes the shares and
 * deletes the files, then erases name, address and password. The row stays, because revoked shares
 * stay. If it fails partway, calling it again continues. Refuses (conflict) the last active admin
 * and the caller, (legal_hold) before anything is changed if a legal hold keeps what would go, and
 * everything that a transfer refuses.
 */
export async function deleteMember(
  admin: AdminId,
  id: string,
  input: MemberDeletion,
): Promise<DeletedMember> {
  if (id === admin) {
    throw refusal("conflict", "own_account")
  }
  const { name, email } = await findMemberById(admin, id)
  return deleteOwner(admin, { id, input, action: "member.delete", member: `${name} <${email}>` })
}

/** Deletes a team as `deleteMember` a member; its tokens and service accounts end. */
export async function deleteTeam(
  admin: AdminId,
  id: string,
  input: MemberDeletion,
): Promise<DeletedMember> {
  const { name } = await findTeam(admin, id)
  return deleteOwner(admin, { id, input, action: "team.delete", member: name })
}

type Deletion = { id: string; input: MemberDeletion; action: string; member: string }

async function deleteOwner(
  admin: AdminId,
  { id, input: { files, transferTo }, action, member }: Deletion,
): Promise<DeletedMember> {
  await refuseHeldMember(db, id)
  if (files === "delete") await refuseHeldShares(db, sql`share.owner_id = ${id}::uuid`)
  const links = files === "transfer" ? "transfer" : "revoke"
  const { links: result } = await changeMemberAndLinks(admin, id, {
    disabled: true,
    links,
    ...(transferTo ? { transferTo } : {}),
  })
  const moved = { shares: result?.shares ?? 0, files: result?.files ?? 0 }
  const deleted = files === "delete" ? await deleteFilesOf(admin, id) : 0
  const total = { shares: moved.shares, files: moved.files + deleted }
  const details = { member, ...total, how: files }
  await db.$transaction(async (tx) => {
    const { email } = await tx.member.findUniqueOrThrow({ where: { id }, select: { email: true } })
    await erase(tx, id)
    await tx.mail.deleteMany({ where: { toAddress: email } })
    await recordAudit(tx, { actorId: admin, action, targetId: id, details })
  })
  return total
}

async function deleteFilesOf(admin: AdminId, ownerId: string): Promise<number> {
  let total = 0
  for (;;) {
    const files = await db.file.findMany({
      where: { ownerId, deletedAt: null },
      select: { id: true },
      orderBy: { id: "asc" },
      take: 500,
    })
    if (files.length === 0) return total
    const ids = files.map(({ id }) => id)
    total += (await deleteFiles(admin, ids)).count
  }
}

async function erase(tx: Tx, id: string) {
  await eraseSenders(tx, { requests: sql`share.owner_id = ${id}::uuid` }) // before the member
  // Erases nothing if the member was enabled meanwhile, or is being given another member's files.
  const erased = await tx.$executeRaw`
    UPDATE member SET deleted_at = clock_timestamp(), name = 'Former member',
      email = 'deleted-' || id || '@invalid', password_hash = 'deleted', role = 'member', auditor = false,
      session_epoch = session_epoch + 1, last_sign_in_at = NULL
    WHERE id = ${id}::uuid AND disabled_at IS NOT NULL AND deleted_at IS NULL
      AND transfer_to IS NULL AND legal_hold_at IS NULL
      AND NOT EXISTS (SELECT FROM member giver WHERE giver.transfer_to = ${id}::uuid)
      AND NOT EXISTS (SELECT FROM file WHERE owner_id = ${id}::uuid AND deleted_at IS NULL)`
  if (erased === 0) {
    await refuseHeldMember(tx, id)
    throw refusal("conflict", "member_changed")
  }
  await tx.session.deleteMany({ where: { memberId: id } })
  await tx.identity.deleteMany({ where: { memberId: id } })
  await tx.passwordReset.deleteMany({ where: { memberId: id } })
  await tx.token.deleteMany({ where: { OR: [{ memberId: id }, { personId: id }] } })
  await tx.team.deleteMany({ where: { id } })
  await tx.teamMember.deleteMany({ where: { memberId: id } })
  await tx.keyedCall.deleteMany({ where: { memberId: id } })
  await tx.passkey.deleteMany({ where: { memberId: id } })
  await tx.totp.deleteMany({ where: { memberId: id } })
  await tx.recoveryCode.deleteMany({ where: { memberId: id } })
  await tx.invite.deleteMany({ where: { invitedBy: id, usedAt: null } })
}
