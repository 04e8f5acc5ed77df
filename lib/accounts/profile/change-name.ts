import "server-only"
import { changeCredentials } from "#lib/accounts/change-credentials.ts"
import type { ActingMember } from "#lib/accounts/member.ts"
import { recordAudit } from "#lib/audit/record-audit.ts"

/** Changes the name that visitors and admins see, with an audit entry. */
export async function changeName(by: ActingMember, name: string): Promise<void> {
  const member = by.id
  await changeCredentials({ by }, async (tx) => {
    const before = await tx.member.findUniqueOrThrow({
      where: { id: member },
      select: { name: true },
    })
    if (before.name === name) return
    await tx.member.update({ where: { id: member }, data: { name }, select: { id: true } })
    const details = { before: before.name }
    await recordAudit(tx, { actorId: member, action: "member.name", targetId: member, details })
  })
}
