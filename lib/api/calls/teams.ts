import "server-only"
import { z } from "zod"
import { call } from "#lib/api/call.ts"
import { changePerson, listPeople, removePerson } from "#lib/rooms/accounts/teams/change-people.ts"
import { editTeam, makeTeam } from "#lib/rooms/accounts/teams/change-team.ts"
import { findTeam, listOwnTeams, listTeams } from "#lib/rooms/accounts/teams/list-teams.ts"
import {
  MOST_PEOPLE,
  MOST_TEAMS,
  NewTeam,
  OwnTeam,
  TeamEdit,
  TeamPerson,
  TeamPersonInput,
  TeamView,
} from "#lib/rooms/accounts/teams/team.ts"
import { DeletedMember, deleteTeam, MemberDeletion } from "#lib/rooms/admin/delete-member.ts"
import { MoveInput, MoveResult, moveToOwner } from "#lib/rooms/shares/bulk/move-to-owner.ts"
import { listOf } from "./answers.ts"

const listed = <Item>(items: Item[]) => ({ items, nextCursor: null })

/** The calls about teams and their people. */
export const TEAM_CALLS = [
  call("GET /teams", {
    does: "Lists the teams for which the caller may act.",
    by: "member",
    scope: null,
    gives: listOf(OwnTeam, MOST_TEAMS),
    run: async ({ member }) => listed(await listOwnTeams(member.id)),
  }),
  call("GET /teams/{id}/members", {
    does: "Lists the people of a team, for one of them or an admin.",
    by: "member",
    scope: null,
    gives: listOf(TeamPerson, MOST_PEOPLE),
    run: async ({ member, params }) => listed(await listPeople(member, params.id)),
  }),
  call("POST /teams/{id}/members", {
    does: "Adds a person to a team, or says whether the person manages it.",
    by: "member",
    scope: null,
    confirm: "always",
    body: TeamPersonInput,
    gives: z.void(),
    creates: { never: "a repetition changes nothing" },
    run: ({ member, params, body }) => changePerson(member, params.id, body),
  }),
  call("DELETE /teams/{id}/members/{memberId}", {
    does: "Ends a person's membership of a team.",
    by: "member",
    scope: null,
    confirm: { never: "only stops access" },
    gives: z.void(),
    run: ({ member, params }) => removePerson(member, params.id, params.memberId),
  }),
  call("POST /move", {
    does: "Moves shares with their files, requests, and files from whom the caller acts for to the caller or a team of the caller. `dryRun` says which other shares and requests have files of them: all move, or none.",
    by: "member",
    scope: null,
    cost: "dear",
    body: MoveInput,
    gives: MoveResult,
    run: ({ member, body }) => moveToOwner(member, body),
  }),
  call("GET /admin/teams", {
    does: "Lists the teams.",
    by: "auditor",
    gives: listOf(TeamView, MOST_TEAMS),
    run: async ({ member }) => listed(await listTeams(member.auditorId)),
  }),
  call("GET /admin/teams/{id}", {
    does: "Reads a team.",
    by: "auditor",
    gives: TeamView,
    run: ({ member, params }) => findTeam(member.auditorId, params.id),
  }),
  call("POST /admin/teams", {
    does: "Makes a team, with its first manager.",
    by: "admin",
    scope: null,
    body: NewTeam,
    gives: TeamView,
    creates: { never: "its slug is taken then" },
    run: ({ member, body }) => makeTeam(member.adminId, body),
  }),
  call("PATCH /admin/teams/{id}", {
    does: "Changes a team's name, slug, storage limit or group.",
    by: "admin",
    scope: null,
    body: TeamEdit,
    gives: TeamView,
    run: ({ member, params, body }) => editTeam(member.adminId, params.id, body),
  }),
  call("DELETE /admin/teams/{id}", {
    does: "Deletes a team, whose files and shares end or get another owner.",
    by: "admin",
    scope: null,
    body: MemberDeletion,
    gives: DeletedMember,
    run: ({ member, params, body }) => deleteTeam(member.adminId, params.id, body),
  }),
] as const
