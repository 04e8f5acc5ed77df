import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { callApi } from "#testing/call-api.ts"

const DAY_MS = 86_400_000
const RULE = { sharedDays: 30, receivedDays: null, unsharedDays: 20, keepDays: 90 }

async function jobsWaiting() {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE task_identifier = 'lapseFiles'`
  return row?.count
}

describe("the rule over the API", () => {
  it("counts before it is stored, says when files go, and lets owners keep them", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    const [mine, asAdmin] = [{ as: owner }, { as: admin }]
    const file = await aFile({ owner })
    const shared = await aFile({ owner })
    const share = await aShare({
      owner,
      fileIds: [shared.id],
      expiresAt: new Date(Date.now() + 300 * DAY_MS),
    })
    await db.file.updateMany({ where: { id: file.id }, data: { readyAt: new Date(0) } })

    const body = { retention: RULE, dryRun: true }
    const dry = await (await callApi("PATCH /admin/settings", { ...asAdmin, body })).json()
    expect(dry.lapsing).toMatchObject({ count: 1, bytes: file.size })
    expect(Date.parse(dry.lapsing.firstDay)).toBeGreaterThan(Date.now() + 6.9 * DAY_MS)
    expect(dry.settings.retention.source).toBe("default")

    await callApi("PATCH /admin/settings", { ...asAdmin, body: { retention: RULE } })
    // It runs at once, so that the overview and the owners know a week before.
    expect(await jobsWaiting()).toBe(1)
    const read = async (id: string) => (await callApi("GET /files/{id}", { ...mine, id })).json()
    expect(Date.parse((await read(file.id)).deletesAt) - Date.now()).toBeLessThan(7 * DAY_MS)
    expect(Date.parse((await read(shared.id)).deletesAt)).toBeGreaterThan(Date.now() + 329 * DAY_MS)

    const keep = async (value: unknown) =>
      callApi("PATCH /files/{id}", { ...mine, id: file.id, body: { keep: value } })
    expect((await keep("forever")).status).toBe(403)
    expect((await keep(91)).status).toBe(403)
    const kept = await (await keep(60)).json()
    expect(Date.parse(kept.deletesAt)).toBe(Date.parse(kept.kept))
    expect(await (await keep(null)).json()).toMatchObject({ kept: null })
    const { items } = await (await callApi("GET /files", mine)).json()
    expect(items).toHaveLength(2)
    const ofShare = await (
      await callApi("GET /files", { ...mine, query: `?share=${share.id}` })
    ).json()
    expect(ofShare.items).toMatchObject([{ id: shared.id, legalHold: false }])
    const all = await callApi("POST /files/folders/keep", {
      ...mine,
      body: { folder: "", keep: 9 },
    })
    expect(await all.json()).toEqual({ count: 2 })

    const ofFile = { of: "member", id: owner, reason: "Case" }
    const held = await callApi("POST /admin/legal-holds", { ...asAdmin, body: ofFile })
    expect(held.status).toBe(200)
    expect(await read(file.id)).toMatchObject({ legalHold: true, deletesAt: null })
    const deleted = await callApi("DELETE /files/{id}", { ...mine, id: file.id })
    expect([deleted.status, (await deleted.json()).code]).toEqual([409, "legal_hold"])
  })
})
