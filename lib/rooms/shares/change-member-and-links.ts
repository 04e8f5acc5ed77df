import "server-only"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import type { AdminId, MemberChange, MemberView, ProfileEdit } from "#lib/rooms/accounts/member.ts"
import { endUploads } from "#lib/rooms/files/upload/end-uploads.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { transferOwnership } from "./bulk/transfer-ownership.ts"

/** The result for the links of a member who was disabled. */
export const LinksResult = z.strictObject({
  /** The number of shares that were revoked or transferred. */
  shares: z.int(),
  /** The number of files that were transferred. */
  files: z.int(),
  /** Until when a URL handed out before may still work, unless a running cut off ends it sooner. */
  exposedUntil: z.iso.datetime().nullable(),
})
export type LinksResult = z.infer<typeof LinksResult>

/**
 * Edits a member. Disabling also ends the member's uploads in the same transaction, and treats the
 * links as the admin chose; by default they stay open. The member is disabled first, so that no
 * share is added meanwhile. If it fails partway, the same call continues. Refuses (invalid) a new
 * owner who is not an active member.
 */
export async function changeMemberAndLinks(
  admin: AdminId,
  id: string,
  { links, transferTo, ...edit }: Omit<MemberChange, keyof ProfileEdit>,
): Promise<MemberView & { links?: LinksResult }> {
  if (transferTo) await refuseBadOwner(id, transferTo)
  const member = await editMember(admin, id, edit, endUploads)
  if (links === "revoke" || links === "cutOff") {
    return { ...member, links: await revoke(admin, id, links === "cutOff") }
  }
  if (transferTo) {
    const moved = await transferOwnership(admin, { from: id, to: transferTo })
    return { ...member, links: { ...moved, exposedUntil: null } }
  }
  return member
}

async function revoke(admin: AdminId, ownerId: string, cutOff: boolean): Promise<LinksResult> {
  const reason = "Its owner was disabled."
  const { count, exposedUntil } = await revokeShares(admin, { ownerId, reason, cutOff })
  return { shares: count, files: 0, exposedUntil }
}

// The new owner of a transfer that has begun gets the remaining rows, even if disabled meanwhile.
async function refuseBadOwner(from: string, to: string) {
  const members = await db.member.findMany({
    where: { id: { in: [from, to] } },
    select: { id: true, disabledAt: true, transferTo: true },
  })
  const [old, next] = [from, to].map((id) => members.find((member) => member.id === id))
  if (from !== to && next && (!next.disabledAt || old?.transferTo === to)) return
  throw refusal("invalid", "other_owner", {}, { field: "transferTo" })
}
