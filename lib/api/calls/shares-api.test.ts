import { describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { callApi, callsAt, signIn } from "#testing/call-api.ts"
import { DAY, inDays } from "#testing/units.ts"

const revocation = callsAt("/admin/revocations/{id}")
const revokeMany = callsAt("/admin/shares/revoke")
const allShares = callsAt("/admin/shares")
const newLink = callsAt("/shares/{id}/new-link")
const restore = callsAt("/shares/{id}/restore")
const revoke = callsAt("/shares/{id}/revoke")
const one = callsAt("/shares/{id}")
const shares = callsAt("/shares")

const CONTRACT = [
  ..."id url title message status files startsAt expiresAt maxDownloads hasPassword".split(" "),
  ..."direct preview viewOnly watermark mintTtlSeconds views botViews previews downloads viewers createdAt revokedAt".split(
    " ",
  ),
  ..."exposedUntil cutOff".split(" "),
]
const UNKNOWN = "01a20e37-1124-7000-b66b-5d65dec0defa"

/** Does something while the clock of this process, but not the database's, is off by some days. */
async function withClock<Result>(days: number, work: () => Promise<Result>) {
  vi.useFakeTimers({ toFake: ["Date"], now: inDays(days) })
  return work().finally(() => vi.useRealTimers())
}

async function codeOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  return [response.status, (await response.json()).code]
}

describe("the shares of the members' API", () => {
  it("creates, edits, revokes, restores and gives a new link", async () => {
    const { owner, file } = await aStartedFile()

    const created = await callApi(shares.POST, {
      as: owner,
      body: { fileIds: [file.id], title: "Plans", expiresAt: "2099-01-01T12:00:00+01:00" },
    })
    expect(created.status).toBe(201)
    const share = await created.json()
    expect(Object.keys(share)).toEqual(expect.arrayContaining(CONTRACT))
    expect(share).toMatchObject({
      url: expect.stringMatching(/^http:\/\/localhost:3000\/s\/[A-Za-z0-9_-]{32}$/),
      files: [{ ...file }],
      expiresAt: "2099-01-01T11:00:00.000Z",
      mintTtlSeconds: 60,
    })
    const { id } = share

    const edit = { as: owner, id, body: { maxDownloads: 2, expiresAt: null } }
    expect(await (await callApi(one.PATCH, edit)).json()).toMatchObject({
      title: "Plans",
      maxDownloads: 2,
      expiresAt: null,
    })
    const act = { as: owner, id }
    expect(await (await callApi(revoke.POST, act)).json()).toMatchObject({ status: "revoked" })
    expect(await (await callApi(restore.POST, act)).json()).toMatchObject({ status: "open" })
    expect((await (await callApi(newLink.POST, act)).json()).url).not.toBe(share.url)
    const list = await callApi(shares.GET, { as: owner, query: "?status=open&q=plan" })
    expect(await list.json()).toMatchObject({ items: [{ id }], nextCursor: null })
  })

  it("answers 404 for another member's share, an unknown id and an invalid id", async () => {
    const theirs = (await aShare()).id
    const stranger = await aMember()

    for (const id of [theirs, UNKNOWN, "no-id"]) {
      const act = { as: stranger, id }
      const answers = await Promise.all([
        callApi(one.GET, { as: stranger, id }),
        callApi(one.PATCH, { as: stranger, id, body: { title: "x" } }),
        callApi(revoke.POST, act),
        callApi(restore.POST, act),
        callApi(newLink.POST, act),
      ])
      for (const answer of answers) expect(await codeOf(answer)).toEqual([404, "not_found"])
    }
  })

  it("does not share another member's file", async () => {
    const { file } = await aStartedFile()
    const body = { fileIds: [file.id] }

    const answer = await callApi(shares.POST, { as: await aMember(), body })
    expect(await codeOf(answer)).toEqual([404, "not_found"])
  })

  it("accepts an id in capitals, and counts a file named twice once", async () => {
    const { owner, file } = await aStartedFile()
    const body = { fileIds: [file.id, file.id.toUpperCase()] }

    const created = await callApi(shares.POST, { as: owner, body })
    expect(created.status).toBe(201)
    expect((await created.json()).files).toMatchObject([{ id: file.id }])
  })

  it("accepts any text", async () => {
    const { owner, file } = await aStartedFile()
    const title = "a\0b \ud800 ‘; DROP TABLE share; --"

    const body = { fileIds: [file.id], title, message: title }
    const created = await callApi(shares.POST, { as: owner, body })
    expect((await created.json()).title).toBe("ab \ufffd ‘; DROP TABLE share; --")
    const found = await callApi(shares.GET, { as: owner, query: "?q=%00b%20%ED%A0%80&limit=5" })
    expect(found.status).toBe(200)
  })

  it("refuses invalid conditions", async () => {
    const { owner, file } = await aStartedFile()
    const create = async (more: object) => {
      const body = { fileIds: [file.id], ...more }
      return codeOf(await callApi(shares.POST, { as: owner, body }))
    }
    for (const wrong of [
      { fileIds: [] },
      { fileIds: ["no-id"] },
      { expiresAt: "2020-01-01T00:00:00Z" },
      { expiresAt: "tomorrow" },
      { maxDownloads: 0 },
      { mintTtlSeconds: 5 },
      { mintTtlSeconds: 301 },
      { password: "abc" },
    ]) {
      expect(await create(wrong)).toEqual([400, "invalid"])
    }
  })

  it("counts expiresIn by the database's clock, and within the bounds of expiresAt", async () => {
    const { owner, file } = await aStartedFile()
    const request = { title: "Photos", folder: "In" }
    const kinds = [
      { calls: shares, one, body: { fileIds: [file.id] } },
      { calls: callsAt("/requests"), one: callsAt("/requests/{id}"), body: request },
    ]
    await db.setting.create({ data: { name: "maxShareDays", value: 7, changedById: owner } })
    await db.member.update({ where: { id: owner }, data: { shareDefaults: { days: 3 } } })
    for (const { calls, one, body } of kinds) {
      const create = (ends: object) =>
        callApi(calls.POST, { as: owner, body: { ...body, ...ends } })
      const before = Date.now()
      const shown = await signIn(owner).then(() => withClock(3, () => create({ expiresIn: 1800 })))
      const { id, expiresAt } = await shown.json()
      expect(shown.status).toBe(201)
      expect(Date.parse(expiresAt) - before).toBeGreaterThanOrEqual(1800_000 - 1000)
      expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(1800_000)
      const change = (ends: object) => callApi(one.PATCH, { as: owner, id, body: ends })

      const later = await withClock(-3, () => change({ expiresIn: 7 * 86_400 }))
      const end = Date.parse((await later.json()).expiresAt)
      expect(Math.abs(end - Date.now() - 7 * DAY)).toBeLessThan(30_000)
      for (const wrong of [
        { expiresIn: 7 * 86_400 + 1 },
        { expiresIn: 60, expiresAt: inDays(1) },
        { expiresIn: 60, expiresAt: null },
        ...[-1, 1.5, "60", null, Number.MAX_SAFE_INTEGER].map((expiresIn) => ({ expiresIn })),
      ]) {
        expect(await codeOf(await create(wrong))).toEqual([400, "invalid"])
        expect(await codeOf(await change(wrong))).toEqual([400, "invalid"])
      }
      expect(await codeOf(await create({ expiresIn: 0 }))).toEqual([400, "invalid"])
      expect(await (await change({ expiresIn: 0 })).json()).toMatchObject({ status: "expired" })
    }
    await db.setting.deleteMany()
    const until2200 = Math.floor((Date.parse("2200-12-31T23:00:00Z") - Date.now()) / 1000)
    const far = (expiresIn: number) =>
      callApi(shares.POST, { as: owner, body: { fileIds: [file.id], expiresIn } })
    expect((await far(until2200)).status).toBe(201)
    expect(await codeOf(await far(until2200 + 3_660))).toEqual([400, "invalid"])
  })

  it("cuts off an open share, and one that has already ended", async () => {
    const { owner } = await aStartedFile()
    const { id } = await aShare({ owner })
    const call = async (body: object) =>
      (await callApi(revoke.POST, { as: owner, id, body })).json()

    expect(await call({})).toMatchObject({ status: "revoked", cutOff: null })
    expect(await call({ cutOff: true })).toMatchObject({
      status: "revoked",
      cutOff: { state: "done", how: "nothing_out", objects: 0, probe: null },
    })
  })
})

describe("the shares of the admins' API", () => {
  it("lists every share with its owner, and revokes so that only an admin restores", async () => {
    const admin = await anAdmin()
    const { id, ownerId } = await aShare()

    const list = await callApi(allShares.GET, { as: admin, query: `?ownerId=${ownerId}` })
    expect(await list.json()).toMatchObject({ items: [{ id, owner: { id: ownerId } }] })

    const revoked = await callApi(revokeMany.POST, {
      as: admin,
      body: { ids: [id], reason: "Leaked" },
    })
    expect(await revoked.json()).toMatchObject({ dryRun: false, count: 1 })
    expect(await codeOf(await callApi(restore.POST, { as: ownerId, id }))).toEqual([
      403,
      "forbidden",
    ])
    const restored = await callApi(restore.POST, { as: admin, id })
    expect(await restored.json()).toMatchObject({ status: "open" })
  })

  it("answers 202 with an id to follow where more shares are left than one batch has", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    await db.$executeRaw`
      INSERT INTO share (id, owner_id, max_ttl_seconds)
      SELECT gen_random_uuid(), ${owner}::uuid, 15 FROM generate_series(1, 1001)`
    const body = { ownerId: owner, confirm: 1_001 }

    const answer = await callApi(revokeMany.POST, { as: admin, body })

    expect(answer.status).toBe(202)
    const { id } = await answer.json()
    const progress = async () => (await callApi(revocation.GET, { as: admin, id })).json()
    expect(await progress()).toMatchObject({ id, cutOff: false, shares: 1_001 })
    await expect.poll(progress, { timeout: 20_000 }).toMatchObject({ state: "done", reach: null })
  })

  it("is for admins only, and requires an explicit selection of shares", async () => {
    const admin = await anAdmin()
    const { id, ownerId } = await aShare()

    expect(await codeOf(await callApi(allShares.GET, { as: ownerId }))).toEqual([403, "forbidden"])
    const body = { all: true }
    const tried = await callApi(revokeMany.POST, { as: ownerId, body })
    expect(await codeOf(tried)).toEqual([403, "forbidden"])
    for (const wrong of [{}, { ids: [id], all: true }, { all: false }, { ids: [] }]) {
      const answer = await callApi(revokeMany.POST, { as: admin, body: wrong })
      expect(await codeOf(answer)).toEqual([400, "invalid"])
    }
  })
})
