import { describe, expect, it } from "vitest"
import { callApi, signIn } from "#testing/call-api.ts"
import { digestDatabase } from "#testing/database/database-digest.ts"
import { type Case, TEAM_CALLERS, type TeamCaller } from "#testing/permissions/callers.ts"
import { CASES } from "#testing/permissions/cases.ts"
import {
  aStaffedTeam,
  asTeamCaller,
  aTeamTarget,
  forTeam,
} from "#testing/permissions/team-callers.ts"
import { VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { createVisitor } from "../../visitor/answer.ts"

createVisitor(VISITOR_ASSETS) // the pages that two calls preview

const ROWS = Object.entries<Case[]>(CASES).flatMap(([at, rows]) => rows.map((row) => ({ at, row })))

type Asked = { at: string; row: Case; caller: TeamCaller }
type Made = { as: string | null; headers: Record<string, string>; id: string }

describe("a call for a team", () => {
  it.each([...Map.groupBy(ROWS, ({ row }) => row.on)])(
    "about a %s is answered to its people and others as the table says",
    async (on, rows) => {
      const wrong: unknown[] = []
      const all = rows.flatMap((one) => TEAM_CALLERS.map((caller) => ({ ...one, caller })))
      const isGranted = ({ at, row, caller }: Asked) => forTeam(at, row)[caller] < 400
      const isRead = ({ at }: Asked) => at.startsWith("GET ")
      const ask = async ({ at, row, caller }: Asked, { as, headers, id }: Made) => {
        const { status, body } = await callApi(at, {
          ...{ as, id, headers, body: row.body?.(id, as), query: row.query?.(id) ?? "" },
        })
        await body?.cancel()
        const expected = forTeam(at, row)[caller]
        if (status !== expected) wrong.push([at, row.what, caller, status, expected])
      }

      const staffed = await aStaffedTeam()
      const made = new Map<TeamCaller, Made>()
      const id = await aTeamTarget(on, staffed, null)
      for (const caller of TEAM_CALLERS) {
        const by = await asTeamCaller(caller, staffed)
        if (by.as) await signIn(by.as)
        made.set(caller, { ...by, id })
      }
      const askAll = async (some: Asked[]) => {
        for (const one of some) {
          const by = made.get(one.caller)
          if (by) await ask(one, by)
        }
      }
      const before = await digestDatabase()
      await askAll(all.filter((one) => !isRead(one) && !isGranted(one)))
      expect(await digestDatabase()).toEqual(before)
      await askAll(all.filter(isRead))
      for (const one of all.filter((one) => !isRead(one) && isGranted(one))) {
        const others = await aStaffedTeam()
        const by = await asTeamCaller(one.caller, others)
        await ask(one, { ...by, id: await aTeamTarget(on, others, by.as) })
      }
      expect(wrong).toEqual([])
    },
  )
})
