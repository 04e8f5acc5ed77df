import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { callApi, signIn } from "#testing/call-api.ts"
import { digestDatabase } from "#testing/database/database-digest.ts"
import type { Case, Target } from "#testing/permissions/callers.ts"
import { CASES } from "#testing/permissions/cases.ts"
import { aTarget } from "#testing/permissions/targets.ts"

const KINDS = [
  ...["file in a folder", "upload in parts", "picture with a thumbnail", "share"],
  ...["share its owner revoked", "recipient", "request with a delivery", "delivery"],
] as Target[]

const ROWS = Object.entries<Case[]>(CASES).flatMap(([at, rows]) => rows.map((row) => ({ at, row })))
const BY_PATH = ROWS.filter(({ at }) => at.includes("{id}"))
/** The calls that take ids in their bodies or queries, or the name of a folder. */
const BY_INPUT = ROWS.filter(
  ({ at, row }) =>
    !at.includes("{id}") &&
    (row.body ?? row.query) !== undefined &&
    /^(file|upload|share|request)/.test(row.on ?? ""),
)
const LISTS = ROWS.filter(({ at, row }) => at.startsWith("GET ") && !at.includes("{") && !row.query)

/** Everything that a team has, by its ids. */
async function aFullTeam() {
  const [manager, person, admin] = [await aMember(), await aMember(), await anAdmin()]
  const team = await aTeam({ manager, people: [person] })
  const ids: string[] = []
  for (const kind of KINDS) ids.push(await aTarget(kind, { owner: team, admin }))
  const service = await callApi("POST /tokens", {
    ...{ as: manager, headers: { "lapse-team": team } },
    body: { name: "Build server", scopes: ["files:read"], service: true },
  })
  const token = (await service.json()).id
  return { team, person, token, share: ids[KINDS.indexOf("share")] ?? "", ids }
}

it.each([
  { who: "themselves", asTeam: false },
  { who: "a team of theirs", asTeam: true },
])(
  "a member who acts for $who reads and changes nothing of another team, by any id",
  async ({ asTeam }) => {
    const pia = await aMember()
    const own = await aTeam({ manager: pia })
    const headers: Record<string, string> = asTeam ? { "lapse-team": own } : {}
    const people = { owner: asTeam ? own : pia, admin: await anAdmin() }
    const [mine, link = ""] = [
      await aTarget("share", people),
      (await aTarget("recipient", people)).split(" ")[1],
    ]
    const { team, person, token, share, ids } = await aFullTeam()
    const theirs = [team, token, ...ids.map((id) => id.split(" ").at(-1) ?? "")]
    const pairs = [
      ...ids,
      `${team} ${person}`,
      `${team} ${pia}`,
      `${share} ${team}`,
      `${share} ${own}`,
    ]
    const mixed = [`${share} ${link}`, ...theirs.map((id) => `${mine} ${id}`)]
    const call = (at: string, row: Case, id: string) =>
      callApi(at, {
        ...{ as: pia, id, headers },
        body: row.body?.(id, pia),
        query: row.query?.(id) ?? "",
      })
    await signIn(pia)
    const before = await digestDatabase()

    for (const { at, row } of BY_PATH) {
      const isPair = at.match(/\{/g)?.length === 2
      // Admins' calls are refused before they look at an id.
      const asked = isPair
        ? [...pairs, ...mixed]
        : theirs.slice(0, at.includes(" /admin/") ? 1 : theirs.length)
      for (const id of asked) {
        const { status } = await call(at, row, id)
        expect([at, row.what, id, status >= 400]).toEqual([at, row.what, id, true])
      }
    }
    for (const { at, row } of BY_INPUT) {
      const isMove = row.on === "share and team"
      for (const id of isMove
        ? [`${share} ${own}`, `${mine} ${team}`, `${share} ${team}`]
        : theirs) {
        const answer = await call(at, row, id)
        const text = await answer.text()
        expect([at, id, answer.status < 400 && theirs.filter((one) => text.includes(one))]).toEqual(
          [...[at, id], answer.status < 400 && []],
        )
      }
    }
    for (const { at } of LISTS) {
      const text = await (await callApi(at, { as: pia, headers })).text()
      expect([at, theirs.filter((id) => text.includes(id))]).toEqual([at, []])
    }
    expect(await digestDatabase()).toEqual(before)
  },
)

it("a team counts each upload of a person who is removed in that moment, and begins no other", async () => {
  const [pia, bo] = [await aMember(), await aMember()]
  const team = await aTeam({ manager: pia })
  const headers = { "lapse-team": team }
  const size = 1_000
  const begin = async () =>
    (
      await callApi("POST /files", {
        ...{ as: bo, headers },
        body: { name: "plan.pdf", size, contentType: "application/pdf" },
      })
    ).status
  for (let round = 0; round < 5; round += 1) {
    await callApi("POST /teams/{id}/members", { as: pia, id: team, body: { memberId: bo } })
    const [removed, ...begun] = await Promise.all([
      callApi("DELETE /teams/{id}/members/{memberId}", { as: pia, id: `${team} ${bo}` }).then(
        ({ status }) => status,
      ),
      ...Array.from({ length: 4 }, begin),
    ])
    expect(removed).toBe(204)
    for (const status of begun) expect([201, 404]).toContain(status)
    expect(await begin()).toBe(404)
    const { usedBytes } = await db.member.findUniqueOrThrow({ where: { id: team } })
    expect(Number(usedBytes)).toBe((await db.file.count({ where: { ownerId: team } })) * size)
  }
})
