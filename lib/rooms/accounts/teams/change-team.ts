import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import { isUniqueViolation } from "#lib/adapters/outages/outage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import type { AdminId } from "../member.ts"
import { lockInstallation } from "../setup/installation.ts"
import { endTokensFor } from "../tokens/end-tokens.ts"
import { addPerson } from "./change-people.ts"
import { findTeam } from "./list-teams.ts"
import { MOST_TEAMS, type NewTeam, type TeamEdit, type TeamView } from "./team.ts"

/** What a team has in place of a password: no text has this hash. */
const NO_PASSWORD = "team"

/**
 * Makes a team with its first manager. Refuses (conflict) a slug or group of another team and the
 * 501st team, and (not_found) an unknown or disabled manager.
 */
export async function makeTeam(admin: AdminId, input: NewTeam): Promise<TeamView> {
  const { name, slug, quotaBytes = null, group = null, manager = admin } = input
  const id = newId()
  await unique(async (tx) => {
    await lockInstallation(tx) // or two could each make the 500th
    if ((await tx.team.count()) >= MOST_TEAMS)
      throw refusal("conflict", "most_teams", { count: MOST_TEAMS })
    await tx.member.create({
      data: {
        ...{ id, kind: "team", name, quotaBytes, passwordHash: NO_PASSWORD },
        ...{ email: `team-${id}@invalid`, notices: false }, // nobody reads mail to it
        team: { create: { slug, group } },
      },
      select: { id: true },
    })
    await recordAudit(tx, {
      ...{ actorId: admin, action: "team.create", targetId: id },
      details: { name, slug, ...(group !== null && { group }) },
    })
    const who = { who: { id: manager }, field: "manager", manager: true }
    await addPerson(tx, { actorId: admin, team: { id, name }, ...who })
  })
  return findTeam(admin, id)
}

/**
 * Changes a team. Whoever is in it by another group goes, with their tokens for it. Refuses
 * `not_found`, and (conflict) a slug or group of another team.
 */
export async function editTeam(admin: AdminId, id: string, edit: TeamEdit): Promise<TeamView> {
  const { slug, group, name, quotaBytes } = edit
  await unique(async (tx) => {
    const [before] = await tx.$queryRaw<{ name: string; group: string | null }[]>`
      SELECT name, "group" FROM team t JOIN member m ON m.id = t.id
      WHERE t.id = ${id}::uuid FOR NO KEY UPDATE`
    if (!before) throw refusal("not_found", "no_team")
    await tx.member.update({
      where: { id, kind: "team" },
      data: {
        ...(name !== undefined && { name }),
        ...(quotaBytes !== undefined && { quotaBytes }),
        team: {
          update: { ...(slug !== undefined && { slug }), ...(group !== undefined && { group }) },
        },
      },
      select: { id: true },
    })
    if (group !== undefined && group !== before.group) await endByGroup(tx, id)
    await recordAudit(tx, {
      ...{ actorId: admin, action: "team.edit", targetId: id },
      details: {
        ...{ name: before.name, changed: Object.keys(edit).join(", ") },
        ...(slug && { slug }),
      },
    })
  })
  return findTeam(admin, id)
}

async function endByGroup(tx: Tx, teamId: string) {
  const gone = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM team_member WHERE team_id = ${teamId}::uuid AND group_at IS NOT NULL
    RETURNING member_id::text AS id`
  const people = gone.map(({ id }) => id)
  await endTokensFor(tx, teamId, people)
}

async function unique(change: (tx: Tx) => Promise<void>) {
  try {
    await db.$transaction(change)
  } catch (error) {
    if (isUniqueViolation(error)) throw refusal("conflict", "team_taken", {}, { field: "slug" })
    throw error
  }
}
