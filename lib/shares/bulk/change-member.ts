import "server-only"
import { editMember } from "#lib/accounts/edit-member.ts"
import type { AdminId, MemberChange, MemberView } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { endUploads } from "#lib/files/upload/end-uploads.ts"
import { revokeShares } from "#lib/shares/revoke/revoke-shares.ts"
import { transferOwnership } from "./transfer-ownership.ts"

/** What became of the links of a member who was disabled. */
export type LinksResult = {
  /** Shares that were revoked or handed over. */
  shares: number
  /** Files that were handed over. */
  files: number
  /** Until when a URL handed out before may still work. */
  exposedUntil: string | null
}

/**
 * Edits a member. The uploads of one who is disabled end in the same transaction; with the links it
 * does what the admin chose, and without a choice they stay open. The member is disabled first, so
 * that no share is added meanwhile. When it fails in between, the same call goes on. Refuses
 * (invalid) a new owner who is not an active member.
 */
export async function changeMember(
  admin: AdminId,
  id: string,
  { links, transferTo, ...edit }: MemberChange,
): Promise<MemberView & { links?: LinksResult }> {
  if (transferTo) await refuseBadOwner(id, transferTo)
  const member = await editMember(admin, id, edit, (tx, actId) =>
    endUploads(tx, { ownerId: id, actorId: admin, actId }),
  )
  if (links === "revoke") return { ...member, links: await revoke(admin, id) }
  if (transferTo) {
    const moved = await transferOwnership(admin, { from: id, to: transferTo })
    return { ...member, links: { ...moved, exposedUntil: null } }
  }
  return member
}

async function revoke(admin: AdminId, ownerId: string): Promise<LinksResult> {
  const reason = "Its owner was disabled."
  const { count, exposedUntil } = await revokeShares(admin, { ownerId, reason })
  return { shares: count, files: 0, exposedUntil }
}

// The member to whom a hand-over was begun gets the rest of it, also when disabled meanwhile.
async function refuseBadOwner(from: string, to: string) {
  const members = await db.member.findMany({
    where: { id: { in: [from, to] } },
    select: { id: true, disabledAt: true, transferTo: true },
  })
  const [old, next] = [from, to].map((id) => members.find((member) => member.id === id))
  if (from !== to && next && (!next.disabledAt || old?.transferTo === to)) return
  throw new Refusal("invalid", "Choose another member who is not disabled.", {
    field: "transferTo",
  })
}
