import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { changeCredentials } from "../change-credentials.ts"
import type { ActingAdmin, ProfileEdit } from "../member.ts"
import { tellMember } from "../tell-member.ts"
import { isTaken, requireUnlinked, writeProfile } from "./write-profile.ts"

/**
 * Changes a member's name and address, for an admin, and mails the member at both addresses.
 * Refuses `not_found`, and (conflict) an address that has an account, and a linked member.
 */
export async function changeProfileOf(
  by: ActingAdmin,
  id: string,
  { name, email }: ProfileEdit,
): Promise<void> {
  const wanted = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) }
  if (Object.keys(wanted).length === 0) return
  try {
    await changeCredentials({ by, of: id }, async (tx) => {
      const changed = await writeProfile(tx, id, wanted)
      if (changed.length > 0) await requireUnlinked(tx, id)
      for (const { what, before, after } of changed) {
        const also = what === "email" ? { before, alsoTo: before } : { before }
        await tellMember(tx, { memberId: id, actorId: by.id, what, name: after, ...also })
      }
    })
  } catch (error) {
    if (isTaken(error)) throw refusal("conflict", "address_taken", {}, { field: "email" })
    throw error
  }
}
