import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { SessionMember } from "../member.ts"
import { tellMember } from "../tell-member.ts"
import { endTokensFor } from "../tokens/end-tokens.ts"
import { counts, MOST_PEOPLE, type TeamPerson, type TeamPersonInput } from "./team.ts"

type By = Pick<SessionMember, "id" | "auditorId" | "adminId">

/** Lists the people of a team by name, for one of them or an admin. Refuses `not_found`. */
export async function listPeople(by: By, teamId: string): Promise<TeamPerson[]> {
  await db.$transaction((tx) => requireTeam(tx, by, { teamId, to: "read" }))
  const rows = await db.$queryRaw<TeamPerson[]>`
    SELECT m.id::text, name, email, manager, group_at IS NOT NULL AS "byGroup",
      disabled_at IS NOT NULL AS disabled
    FROM team_member tm JOIN member m ON m.id = tm.member_id
    WHERE team_id = ${teamId}::uuid AND ${counts} ORDER BY manager DESC, lower(name), m.id`
  return rows.map((row) => ({ ...row, name: plainName(row.name) }))
}

/**
 * Adds a person to a team, whom a mail tells, or makes the person a manager or no longer one.
 * Refuses (forbidden) all but managers and admins, (not_found) an unknown person, and (conflict) to
 * leave the team without a manager.
 */
export async function changePerson(
  by: By,
  teamId: string,
  { memberId, email, manager = false }: TeamPersonInput,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const team = await requireTeam(tx, by, { teamId, to: "manage" })
    const person = await tx.member.findFirst({
      where: {
        ...{ kind: "person", disabledAt: null, deletedAt: null },
        ...(memberId !== undefined && { id: memberId }),
        ...(email !== undefined && { email }),
      },
      select: { id: true },
    })
    if (!person) throw refusal("not_found", "no_member", {}, { field: "email" })
    await addPerson(tx, { actorId: by.id, team, memberId: person.id, manager })
    await requireManager(tx, teamId)
  })
}

/**
 * Ends a person's membership: the next call or click for the team is refused, and tokens that the
 * person made for it end. Refuses as `changePerson`; everyone may leave.
 */
export async function removePerson(by: By, teamId: string, memberId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const team = await requireTeam(tx, by, { teamId, to: memberId === by.id ? "leave" : "manage" })
    await remove(tx, { actorId: by.id, team, memberId })
    await requireManager(tx, teamId)
  })
}

type Team = { id: string; name: string }
type Joining = { actorId: string | null; team: Team; memberId: string; manager: boolean }

/** Adds a person, or sets whether the person manages. Whoever came by a group is added now. */
export async function addPerson(
  tx: Tx,
  { actorId, team, memberId, manager }: Joining,
): Promise<void> {
  const [before] = await tx.$queryRaw<{ manager: boolean }[]>`
    SELECT manager FROM team_member tm
    WHERE team_id = ${team.id}::uuid AND member_id = ${memberId}::uuid AND ${counts}`
  if ((await tx.teamMember.count({ where: { teamId: team.id } })) >= MOST_PEOPLE && !before)
    throw refusal("conflict", "most_people", { count: MOST_PEOPLE })
  await tx.$executeRaw`
    INSERT INTO team_member (team_id, member_id, manager)
    VALUES (${team.id}::uuid, ${memberId}::uuid, ${manager})
    ON CONFLICT (team_id, member_id) DO UPDATE SET manager = excluded.manager, group_at = NULL`
  if (!before) {
    await tellMember(tx, { memberId, actorId, what: "team_add", name: team.name, team })
  } else if (before.manager === manager) return
  if (manager || before)
    await recordAudit(tx, {
      ...{ actorId, action: "team.manager", targetId: team.id },
      details: { name: team.name, memberId, manager },
    })
}

async function remove(tx: Tx, { actorId, team, memberId }: Omit<Joining, "manager">) {
  const { count } = isUuid(memberId)
    ? await tx.teamMember.deleteMany({ where: { teamId: team.id, memberId } })
    : { count: 0 }
  if (count === 0) throw refusal("not_found", "no_member")
  await endTokensFor(tx, team.id, memberId)
  await tellMember(tx, { memberId, actorId, what: "team_remove", name: team.name, team })
}

type Wanted = { teamId: string; to: "read" | "leave" | "manage" }

/**
 * Judges the caller. A change locks the team first, so that changes of its people run one after
 * another and each sees those before it.
 */
async function requireTeam(tx: Tx, by: By, { teamId, to }: Wanted): Promise<Team> {
  if (!isUuid(teamId)) throw refusal("not_found", "no_team")
  if (to !== "read")
    await tx.$queryRaw`SELECT FROM member WHERE id = ${teamId}::uuid FOR NO KEY UPDATE`
  const [found] = await tx.$queryRaw<(Team & { manager: boolean | null })[]>`
    SELECT m.id::text, m.name, (SELECT manager FROM team_member tm
      WHERE tm.team_id = m.id AND tm.member_id = ${by.id}::uuid AND ${counts}) AS manager
    FROM member m JOIN team ON team.id = m.id
    WHERE m.id = ${teamId}::uuid AND m.disabled_at IS NULL`
  const sees = to === "read" ? by.auditorId : by.adminId
  if (!found || (found.manager === null && sees === null)) throw refusal("not_found", "no_team")
  if (to === "manage" && !found.manager && by.adminId === null)
    throw refusal("forbidden", "managers_only")
  return found
}

async function requireManager(tx: Tx, teamId: string) {
  const [left] = await tx.$queryRaw<unknown[]>`
    SELECT FROM team_member tm JOIN member m ON m.id = tm.member_id
    WHERE team_id = ${teamId}::uuid AND manager AND m.disabled_at IS NULL LIMIT 1`
  if (!left) throw refusal("conflict", "last_manager")
}

/** Adds a person to the teams that the invitation named, as far as they are still there. */
export async function joinTeams(tx: Tx, memberId: string, ids: readonly string[]): Promise<void> {
  const teams = await tx.member.findMany({
    where: { id: { in: [...ids] }, kind: "team", disabledAt: null },
    select: { id: true, name: true },
  })
  for (const team of teams) await addPerson(tx, { actorId: null, team, memberId, manager: false })
}

type Followed = Team & { joins: boolean; is: boolean }

/**
 * Makes the teams that a person is in by group those of these groups, as a sign-in by the provider
 * showed them: each counts for seven days from now. Memberships that somebody gave stay. Writes
 * nothing for a person whose groups no team follows.
 */
export async function followGroups(memberId: string, groups: readonly string[]): Promise<void> {
  const find = (tx: Pick<Tx, "$queryRaw">) => tx.$queryRaw<Followed[]>`
    SELECT m.id::text, m.name, "group" = ANY(${groups}::text[]) AS joins,
      tm.member_id IS NOT NULL AND ${counts} AS "is"
    FROM team t JOIN member m ON m.id = t.id
      LEFT JOIN team_member tm ON tm.team_id = t.id AND tm.member_id = ${memberId}::uuid
    WHERE "group" IS NOT NULL AND m.disabled_at IS NULL
      AND ("group" = ANY(${groups}::text[]) AND tm.member_id IS NULL OR tm.group_at IS NOT NULL)
    ORDER BY m.id`
  if ((await find(db)).length === 0) return
  await db.$transaction(async (tx) => {
    // Sign-ins of the same person run one after another.
    await tx.$queryRaw`SELECT FROM member WHERE id = ${memberId}::uuid FOR NO KEY UPDATE`
    for (const { joins, is, ...team } of await find(tx)) {
      if (!joins) await remove(tx, { actorId: null, team, memberId })
      else {
        await tx.$executeRaw`
          INSERT INTO team_member (team_id, member_id, group_at)
          VALUES (${team.id}::uuid, ${memberId}::uuid, statement_timestamp())
          ON CONFLICT (team_id, member_id) DO UPDATE SET group_at = excluded.group_at
          WHERE team_member.group_at IS NOT NULL`
        if (!is)
          await tellMember(tx, { memberId, actorId: null, what: "team_add", name: team.name, team })
      }
    }
  })
}
