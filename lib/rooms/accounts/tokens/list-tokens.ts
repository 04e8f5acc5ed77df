import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, type Prisma } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId, SessionMember } from "#lib/rooms/accounts/member.ts"
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
  person: { select: { name: true } },
} as const

type Row = Prisma.TokenGetPayload<{ select: typeof tokenColumns }>

export function tokenView(row: Row): TokenView {
  const { maxDayBytes, maxShareDays, passwordRequired, verifiedOnly, person, ...rest } = row
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
    madeBy: person && plainName(person.name),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }
}

/** Whose tokens: the person's own, or those of the team for which they act. */
export type TokenOwner = Pick<SessionMember, "id" | "owner" | "team">

/**
 * The tokens that a person has to do with: their own, or those that they made for the team for
 * which they act; its managers also have those of others and the service accounts.
 */
export const tokensOf = ({ id, owner, team }: TokenOwner): Prisma.TokenWhereInput => ({
  memberId: owner,
  ...(team && !team.manager && { personId: id }),
})

/** Those of them that are valid at this time. */
export const live = (now: Date) => ({
  endedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
})

/** Lists the valid tokens of a person or a team, newest first. */
export const listTokens = (by: TokenOwner) => list(tokensOf(by))

async function list(
  where: Prisma.TokenWhereInput,
): Promise<{ items: TokenView[]; nextCursor: null }> {
  const rows = await db.token.findMany({
    where: { AND: [where, live(await databaseTime())] },
    orderBy: { id: "desc" },
    take: 200,
    select: tokenColumns,
  })
  return { items: rows.map(tokenView), nextCursor: null }
}

/** Lists the valid tokens of any member, also those for teams, for an admin. */
export const listTokensOf = (_by: AuditorId, member: string) =>
  list({ OR: [{ memberId: member }, { personId: member }] })
