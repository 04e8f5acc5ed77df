import "server-only"
import { configuration, providerName } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { changeCredentials } from "../change-credentials.ts"
import type { ActingAdmin } from "../member.ts"
import { endSessionsOf } from "../sign-in/session.ts"
import { endTokensOf } from "../tokens/end-tokens.ts"

/**
 * Removes a member's link to the provider and ends all sessions and tokens. The next verified sign-in with the
 * member's address links the account again. For a person who now has another account at the
 * provider. Refuses (not_found) a member who is not linked.
 */
export async function unlinkMember(by: ActingAdmin, memberId: string): Promise<void> {
  const issuer = configuration.OIDC_ISSUER ?? ""
  await changeCredentials({ by, of: memberId }, async (tx) => {
    const { count } = await tx.identity.deleteMany({ where: { memberId, issuer } })
    if (count === 0) throw refusal("not_found", "not_linked")
    const { name, email } = await tx.member.update({
      where: { id: memberId },
      data: { sessionEpoch: { increment: 1 } }, // also ends a sign-in that is in progress
      select: { name: true, email: true },
    })
    await endSessionsOf(tx, memberId)
    await endTokensOf(tx, memberId)
    const details = { member: `${name} <${email}>`, provider: providerName() }
    await recordAudit(tx, { actorId: by.id, action: "member.unlink", targetId: memberId, details })
  })
}
