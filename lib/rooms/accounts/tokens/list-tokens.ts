import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, type Prisma } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId, MemberId } from "#lib/rooms/accounts/member.ts"
import { SCOPES, type TokenView } from "./token.ts"

export const tokenColumns = {
  id: true,
  name: true,
  scopes: true,
  maxDayBytes: true,
  maxShareDays: true,
  passwordRequired: true,
  verifiedOnly: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  lastUsedFrom: true,
} as const

type Row = Prisma.TokenGetPayload<{ select: typeof tokenColumns }>

export function tokenView(row: Row): TokenView {
  const { maxDayBytes, maxShareDays, passwordRequired, verifiedOnly, ...rest } = row
  return {
    ...rest,
    name: plainName(row.name),
    // Another version may know other scopes.
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
    caps: {
      maxDayBytes: maxDayBytes === null ? null : Number(maxDayBytes),
      maxShareDays,
      passwordRequired,
      verifiedOnly,
    },
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }
}

/** The condition of the tokens of a member that are valid at this time. */
export const liveTokens = (memberId: string, now: Date) => ({
  memberId,
  endedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
})

/** Lists the member's valid tokens, newest first. */
export async function listTokens(
  member: MemberId,
): Promise<{ items: TokenView[]; nextCursor: null }> {
  const rows = await db.token.findMany({
    where: liveTokens(member, await databaseTime()),
    orderBy: { id: "desc" },
    take: 200,
    select: tokenColumns,
  })
  return { items: rows.map(tokenView), nextCursor: null }
}

/** Lists the valid tokens of any member, for an admin. */
export const listTokensOf = (_by: AuditorId, member: string) => listTokens(member as MemberId)
