import "server-only"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { ActingMember } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { requireUnlinked, writeProfile } from "./write-profile.ts"

/** Changes the name that others see, with an audit entry. Refuses (conflict) a linked member. */
export async function changeName(by: ActingMember, name: string): Promise<void> {
  const member = by.id
  await changeCredentials({ by }, async (tx) => {
    const [changed] = await writeProfile(tx, member, { name })
    if (!changed) return
    await requireUnlinked(tx, member)
    const details = { before: changed.before }
    await recordAudit(tx, { actorId: member, action: "member.name", targetId: member, details })
  })
}
