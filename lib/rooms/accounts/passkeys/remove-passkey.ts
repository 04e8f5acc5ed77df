import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { ActingAdmin, ActingMember } from "#lib/rooms/accounts/member.ts"
import { keepFactor } from "../second-factor/keep-factor.ts"
import { tellMember } from "../tell-member.ts"

/**
 * Removes a passkey of the member, and tells the member by mail. Refuses `not_found`, and
 * (conflict) the last second factor while one is required.
 */
export async function removePasskey(by: ActingMember, id: string): Promise<void> {
  const member = by.id
  await changeCredentials({ by }, async (tx) => {
    const where = { id, memberId: member }
    const removed = isUuid(id) && (await tx.passkey.findUnique({ where, select: { name: true } }))
    if (!removed) throw refusal("not_found", "no_passkey")
    await tx.passkey.deleteMany({ where })
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
 * Removes all passkeys of a member, for an admin or the operator, and tells the member by mail.
 * Returns how many. Refuses (not_found) a member without passkeys.
 */
export async function removePasskeysOf(by: ActingAdmin | null, memberId: string): Promise<number> {
  return changeCredentials({ by, of: memberId }, async (tx) => {
    const { count } = await tx.passkey.deleteMany({ where: { memberId } })
    if (count === 0) throw refusal("not_found", "no_passkeys")
    await tellMember(tx, { memberId, actorId: by?.id ?? null, what: "passkey_remove", name: "" })
    return count
  })
}
