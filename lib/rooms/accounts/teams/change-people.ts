import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { namedOwner, type SessionMember } from "../member.ts"
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
    WHERE team_id = ${teamId}::uuid AND ${counts}
    ORDER BY manager DESC, lower(name), m.id LIMIT ${MOST_PEOPLE}`
  return rows.map((row) => ({ ...row, name: plainName(row.name) }))
}

/**
 * Adds a person to a team, whom a mail tells, or makes the person a manager or no longer one; left
 * out, who manages stays. Refuses (forbidden) all but managers and admins, (not_found) an unknown
 * or disabled person, and (conflict) to demote the last manager and more than 1,000 people.
 */
export async function changePerson(
  by: By,
  teamId: string,
  { memberId: id, email, manager }: TeamPersonInput,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const team = await requireTeam(tx, by, { teamId, to: "manage" })
    const who = { ...(id !== undefined && { id }), ...(email !== undefined && { email }) }
    const field = id === undefined ? "email" : "memberId"
    const joined = await addPerson(tx, { actorId: by.id, team, who, field, manager })
    if (joined) await requirePlace(tx, teamId)
    if (manager === false) await requireManager(tx, teamId)
  })
}

/**
 * Ends a person's membership: the next call or click for the team is refused, and tokens that the
 * person made for it end. Refuses as `changePerson`; everyone but the last manager may leave.
 */
export async function removePerson(by: By, teamId: string, memberId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const team = await requireTeam(tx, by, { teamId, to: memberId === by.id ? "leave" : "manage" })
    const removed = isUuid(memberId) && (await remove(tx, { actorId: by.id, team, memberId }))
    if (!removed) throw refusal("not_found", "no_member")
    if (removed.manager) await requireManager(tx, teamId)
  })
}

type Team = { id: string; name: string }
type Joining = {
  actorId: string
  team: Team
  who: { id?: string; email?: string }
  /** The input that named the person. */
  field: string
  /** Left out, it stays as it is. */
  manager?: boolean | undefined
}

/**
 * Adds a person, or sets whether the person manages. Whoever came by a group is added now. Returns
 * whether the person is new. Refuses (not_found) an unknown or disabled person.
 */
export async function addPerson(
  tx: Tx,
  { actorId, team, who, field, manager }: Joining,
): Promise<boolean> {
  const person = await tx.member.findFirst({
    where: { kind: "person", disabledAt: null, deletedAt: null, ...who },
    select: { id: true, name: true, email: true, kind: true },
  })
  if (!person) throw refusal("not_found", "no_member", {}, { field })
  const memberId = person.id
  const [before] = await tx.$queryRaw<{ manager: boolean }[]>`
    SELECT manager FROM team_member tm
    WHERE team_id = ${team.id}::uuid AND member_id = ${memberId}::uuid AND ${counts}`
  const manages = manager ?? before?.manager ?? false
  await tx.$executeRaw`
    INSERT INTO team_member (team_id, member_id, manager)
    VALUES (${team.id}::uuid, ${memberId}::uuid, ${manages})
    ON CONFLICT (team_id, member_id) DO UPDATE SET manager = excluded.manager, group_at = NULL`
  if (!before) await tellMember(tx, { memberId, actorId, what: "team_add", name: team.name, team })
  if (manages !== (before?.manager ?? false))
    await recordAudit(tx, {
      ...{ actorId, action: "team.manager", targetId: team.id },
      details: { name: team.name, member: namedOwner(person), memberId, manager: manages },
    })
  return !before
}

type Removal = { actorId: string; team: Team; memberId: string; byGroup?: true }

/** Returns whether the person managed; undefined if there is no such membership. */
async function remove(tx: Tx, { actorId, team, memberId, byGroup }: Removal) {
  const [removed] = await tx.$queryRaw<{ manager: boolean }[]>`
    DELETE FROM team_member WHERE team_id = ${team.id}::uuid AND member_id = ${memberId}::uuid
      AND (group_at IS NOT NULL OR NOT ${byGroup === true}) RETURNING manager`
  if (!removed) return undefined
  await endTokensFor(tx, team.id, [memberId])
  await tellMember(tx, { memberId, actorId, what: "team_remove", name: team.name, team })
  return removed
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

async function requirePlace(tx: Tx, teamId: string) {
  const [{ people } = { people: 0 }] = await tx.$queryRaw<{ people: number }[]>`
    SELECT count(*)::int AS people FROM team_member tm
    WHERE team_id = ${teamId}::uuid AND ${counts}`
  if (people > MOST_PEOPLE) throw refusal("conflict", "most_people", { count: MOST_PEOPLE })
}

async function requireManager(tx: Tx, teamId: string) {
  const [left] = await tx.$queryRaw<unknown[]>`
    SELECT FROM team_member tm JOIN member m ON m.id = tm.member_id
    WHERE team_id = ${teamId}::uuid AND manager AND m.disabled_at IS NULL LIMIT 1`
  if (!left) throw refusal("conflict", "last_manager")
}

/** Adds a new person to the teams that the invitation named, as far as they are still there. */
export async function joinTeams(tx: Tx, memberId: string, ids: readonly string[]): Promise<void> {
  const teams = await tx.$queryRaw<Team[]>`
    SELECT t.id::text, m.name FROM team t JOIN member m ON m.id = t.id
    WHERE t.id = ANY(${ids}::uuid[]) AND m.disabled_at IS NULL ORDER BY t.id FOR SHARE OF t`
  for (const team of teams)
    await addPerson(tx, { actorId: memberId, team, who: { id: memberId }, field: "teams" })
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
      if (!joins) {
        await remove(tx, { actorId: memberId, team, memberId, byGroup: true })
        continue
      }
      // The lock reads the group again: an admin may have changed it since.
      const written = await tx.$executeRaw`
        INSERT INTO team_member (team_id, member_id, group_at)
        SELECT id, ${memberId}::uuid, statement_timestamp() FROM team
        WHERE id = ${team.id}::uuid AND "group" = ANY(${groups}::text[]) FOR SHARE
        ON CONFLICT (team_id, member_id) DO UPDATE SET group_at = excluded.group_at
        WHERE team_member.group_at IS NOT NULL`
      const told = { memberId, actorId: memberId, name: team.name, team } as const
      if (written > 0 && !is) await tellMember(tx, { ...told, what: "team_add" })
    }
  })
}
