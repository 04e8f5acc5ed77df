import "server-only"
import { db, noSql, type Sql, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { AuditorId, MemberId } from "../member.ts"
import { counts, MOST_TEAMS, type OwnTeam, type TeamView } from "./team.ts"

type Row = Omit<TeamView, "quotaBytes" | "usedBytes" | "createdAt"> & {
  quotaBytes: bigint | null
  usedBytes: bigint
  createdAt: Date
}

/** Lists the teams by name, with the number of their people. */
export const listTeams = (_by: AuditorId): Promise<TeamView[]> => read(noSql)

/** Returns a team by id or slug, for an admin. Refuses `not_found`. */
export async function findTeam(_by: AuditorId, name: string): Promise<TeamView> {
  const [team] = await read(
    sql`AND ${isUuid(name) ? sql`t.id = ${name}::uuid` : sql`slug = ${name}`}`,
  )
  if (!team) throw refusal("not_found", "no_team")
  return team
}

async function read(which: Sql): Promise<TeamView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT t.id::text, slug, name, quota_bytes AS "quotaBytes", used_bytes AS "usedBytes", "group",
      m.created_at AS "createdAt",
      (SELECT count(*)::int FROM team_member tm WHERE tm.team_id = t.id AND ${counts}) AS members
    FROM team t JOIN member m ON m.id = t.id WHERE m.deleted_at IS NULL ${which}
    ORDER BY lower(name), t.id LIMIT ${MOST_TEAMS}`
  return rows.map(({ name, quotaBytes, usedBytes, createdAt, ...row }) => ({
    ...row,
    name: plainName(name),
    quotaBytes: quotaBytes === null ? null : Number(quotaBytes),
    usedBytes: Number(usedBytes),
    createdAt: createdAt.toISOString(),
  }))
}

/** Returns the names of teams by id. */
export async function teamNames(_by: AuditorId, ids: string[]): Promise<Map<string, string>> {
  const known = ids.filter((id) => isUuid(id))
  if (known.length === 0) return new Map()
  const teams = await db.member.findMany({
    where: { id: { in: known }, kind: "team" },
    select: { id: true, name: true },
  })
  return new Map(teams.map(({ id, name }) => [id, plainName(name)]))
}

/** Lists the teams that a person acts for, by name. */
export async function listOwnTeams(person: MemberId): Promise<OwnTeam[]> {
  const rows = await db.$queryRaw<OwnTeam[]>`
    SELECT t.id::text, slug, name, manager, tm.notices
    FROM team_member tm JOIN team t ON t.id = tm.team_id JOIN member m ON m.id = t.id
    WHERE tm.member_id = ${person}::uuid AND ${counts} AND m.disabled_at IS NULL
    ORDER BY lower(name), t.id`
  return rows.map((row) => ({ ...row, name: plainName(row.name) }))
}
