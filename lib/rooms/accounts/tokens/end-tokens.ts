import "server-only"
import { databaseTimeAgo, databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, type Prisma, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { ActingAdmin, ActingMember } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { type TokenOwner, tokensOf } from "./list-tokens.ts"

const MONTH_MS = 30 * 86_400_000

/**
 * Ends a token of the member, or of the team for which the member acts; no later call with it is
 * answered. Refuses `not_found`.
 */
export async function endToken(by: ActingMember & TokenOwner, id: string): Promise<void> {
  await changeCredentials({ by }, async (tx) => {
    const [ended] = isUuid(id) ? await endWhere(tx, { id, ...tokensOf(by) }) : []
    if (!ended) throw refusal("not_found", "no_token")
    await recordAudit(tx, {
      actorId: by.id,
      action: "member.token_end",
      targetId: by.id,
      details: { name: ended.name, ...(by.team && { teamId: by.team.id }) },
    })
  })
}

/** Ends every token of a member, for an admin, and returns how many. Refuses `not_found`. */
export async function endMemberTokens(by: ActingAdmin, id: string): Promise<{ count: number }> {
  return changeCredentials({ by, of: id }, async (tx) => {
    const member = await tx.member.findUnique({
      where: { id, kind: "person", deletedAt: null },
      select: { name: true, email: true },
    })
    if (!member) throw refusal("not_found", "no_member")
    const { length: count } = await endTokensOf(tx, id)
    if (count > 0)
      await recordAudit(tx, {
        actorId: by.id,
        action: "member.token_end",
        targetId: id,
        details: { how: "for_member", member: `${member.name} <${member.email}>`, tokens: count },
      })
    return { count }
  })
}

/** Ends every token of a member, also those for teams, in the transaction of what else ends. */
export const endTokensOf = (tx: Tx, memberId: string) =>
  endWhere(tx, { OR: [{ memberId }, { personId: memberId }] })

/** Ends the tokens that these people made for a team. */
export const endTokensFor = (tx: Tx, team: string, people: string[]) =>
  endWhere(tx, { memberId: team, personId: { in: people } })

/** Ends every token of every member: a restored database has tokens that were ended since. */
export const endAllTokens = (tx: Tx) => endWhere(tx, {})

async function endWhere(tx: Tx, which: Prisma.TokenWhereInput) {
  return tx.token.updateManyAndReturn({
    where: { endedAt: null, ...which },
    data: { endedAt: await databaseTimeIn(tx) },
    select: { name: true },
  })
}

/** Deletes tokens that ended or expired a month ago. The sweep calls it. */
export async function sweepTokens(): Promise<void> {
  const lt = await databaseTimeAgo(MONTH_MS)
  await db.token.deleteMany({ where: { OR: [{ endedAt: { lt } }, { expiresAt: { lt } }] } })
}
