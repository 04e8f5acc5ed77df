import "server-only"
import type { AdminId, MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { refusal } from "#lib/text/sentences.ts"
import { isUuid } from "#lib/text/uuid.ts"
import { keepFactor } from "../second-factor/keep-factor.ts"
import { tellMember } from "../tell-member.ts"

/**
 * Removes a passkey of the member, and tells the member by mail. Refuses `not_found`, and
 * (conflict) the last second factor while one is required.
 */
export async function removePasskey(member: MemberId, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const [removed] = isUuid(id)
      ? await tx.$queryRaw<{ name: string }[]>`
          DELETE FROM passkey WHERE id = ${id}::uuid AND member_id = ${member}::uuid
          RETURNING name`
      : []
    if (!removed) throw refusal("not_found", "no_passkey")
    await keepFactor(tx, member)
    await tellMember(tx, {
      memberId: member,
      actorId: member,
      what: "passkey_remove",
      name: removed.name,
    })
  })
}

/**
 * Removes all passkeys of a member, for an admin or the operator, and tells the member by mail. Returns their
 * number. Refuses `not_found` for a member without one.
 */
export async function removePasskeysOf(admin: AdminId | null, memberId: string): Promise<number> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.passkey.deleteMany({ where: { memberId } })
    if (count === 0) throw refusal("not_found", "no_passkeys")
    await tellMember(tx, { memberId, actorId: admin, what: "passkey_remove", name: "" })
    return count
  })
}
