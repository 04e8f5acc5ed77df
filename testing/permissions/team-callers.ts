import { CALLS } from "#lib/api/calls/all-calls.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { SCOPES } from "#lib/rooms/accounts/tokens/token.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { callApi } from "#testing/call-api.ts"
import type { Case, Target, TeamCaller } from "./callers.ts"
import { aTarget } from "./targets.ts"
import { TOKEN_CALLS } from "./token-calls.ts"

type StatusOf = Record<TeamCaller, number>

/**
 * The answers of a call that is the same for a team as for an owner: its people get the owner's, a
 * service account as a token does, and nobody else knows the team.
 */
export function usualForTeam(at: string, { statuses: { owner } }: Case): StatusOf {
  const isOpen = CALLS.some((call) => call.at === at && call.by === "anyone")
  const tokens: string[] = ["GET /me", ...Object.values(TOKEN_CALLS).flat()]
  const isToken = isOpen || (tokens.includes(at) && !at.includes(" /admin/"))
  const unknown = isOpen ? owner : 404
  return {
    ...{ member: owner, manager: owner, service: isToken ? owner : 403 },
    ...{ stranger: unknown, auditor: unknown, admin: unknown },
  }
}

/** The answers of a call that is made for a team. */
export const forTeam = (at: string, row: Case): StatusOf => ({
  ...usualForTeam(at, row),
  ...row.forTeam,
})

/** A team with two members and a manager. */
export async function aStaffedTeam() {
  const [member, manager, colleague] = [await aMember(), await aMember(), await aMember()]
  return { member, manager, colleague, team: await aTeam({ manager, people: [member, colleague] }) }
}
type Staffed = Awaited<ReturnType<typeof aStaffedTeam>>

/** Who calls by a session, and the headers of a call for the team. */
export async function asTeamCaller(
  caller: TeamCaller,
  { team, ...staff }: Staffed,
): Promise<{ as: string | null; headers: Record<string, string> }> {
  const headers = { "lapse-team": team }
  switch (caller) {
    case "member":
    case "manager":
      return { as: staff[caller], headers }
    case "service": {
      const scopes = SCOPES.filter((scope) => !scope.startsWith("admin:"))
      const body = { name: "Build server", scopes, service: true }
      const made = await callApi("POST /tokens", { as: staff.manager, headers, body })
      const by = { as: null, headers: { authorization: `Bearer ${(await made.json()).token}` } }
      await callApi("GET /me", by) // the first call records when the token was used
      return by
    }
    case "stranger":
      return { as: await aMember(), headers }
    case "auditor":
      return { as: await aMember({ role: "auditor" }), headers }
    case "admin":
      return { as: await anAdmin(), headers }
  }
}

/** What a person has also where they act for a team. */
const PERSONAL: Target[] = ["session", "passkey", "authenticator app", "approved device"]

/** Creates a target that is the team's, or the caller's where teams have none. */
export async function aTeamTarget(
  on: Target | undefined,
  { team, member, manager, colleague }: Staffed,
  as: string | null,
): Promise<string> {
  const caller = (as ?? member) as PersonId
  switch (on) {
    case "team":
      return team
    case "person of a team":
      return `${team} ${colleague}`
    case "share and team": {
      const share = await aTarget("share", { owner: team, admin: await anAdmin() })
      return `${share} ${await aTeam({ people: [member, manager] })}`
    }
    case "token": {
      const body = { name: "Build", scopes: ["files:read"] }
      const headers = { "lapse-team": team }
      const made = await callApi("POST /tokens", { as: caller, headers, body })
      return (await made.json()).id
    }
    default:
      return aTarget(on, {
        owner: on && PERSONAL.includes(on) ? caller : team,
        admin: await anAdmin(),
      })
  }
}
