import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { deleteObject } from "#lib/adapters/storage.ts"
import { signOut } from "#lib/rooms/accounts/sign-in/session.ts"
import type { ExportedEntry } from "#lib/rooms/audit/export-audit.ts"
import { reconcile } from "#lib/rooms/files/objects/reconcile.ts"
import { abandonIdleUploads } from "#lib/rooms/files/upload/abandon-idle-uploads.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSession } from "#testing/builders/a-session.ts"
import { sealAll, sealedEntries } from "#testing/builders/sealed-entries.ts"
import { callApi } from "#testing/call-api.ts"

const deleteFile = "DELETE /files/{id}"
const renameFile = "PATCH /files/{id}"
const endOthers = "DELETE /sessions"
const newLink = "POST /shares/{id}/new-link"
const restore = "POST /shares/{id}/restore"
const revoke = "POST /shares/{id}/revoke"
const edit = "PATCH /shares/{id}"
const create = "POST /shares"
const csv = "GET /admin/audit.csv"
const csvHead = "HEAD /admin/audit.csv"
const jsonl = "GET /admin/audit.jsonl"
const revokeMany = "POST /admin/shares/revoke"
const head = "GET /admin/audit/head"
const list = "GET /admin/audit"

const headers = { "x-lapse-client-address": "203.0.113.7" }

const recorded = async (where = {}) =>
  (await db.auditEntry.findMany({ where, orderBy: { at: "asc" } })).map(
    ({ action, actorId, targetId, origin, details }) => ({
      action,
      actorId,
      targetId,
      hasOrigin: origin !== null,
      details,
    }),
  )

describe("the audit log", () => {
  it("has an entry for each thing a member does, with who, what and from where", async () => {
    const as = await aMember()
    const file = await aFile({ owner: as, name: "before.pdf" })
    const call = (at: string, id: string, body?: object) =>
      callApi(at, { as, id, headers, ...(body ? { body } : {}) })

    await call(renameFile, file.id, { name: "after.pdf" })
    const { id } = await (await call(create, "", { fileIds: [file.id], title: "Plans" })).json()
    await call(edit, id, { title: "Plans", password: "open sesame", maxDownloads: 3 })
    await call(edit, id, { title: "Plans" })
    await call(newLink, id)
    await call(revoke, id)
    await call(revoke, id)
    await call(restore, id)
    await call(restore, id)
    await call(deleteFile, file.id)
    await aSession(as)
    await call(endOthers, "")

    const title = "Plans"
    const entry = (action: string, targetId: unknown, details: object, hasOrigin = true) => ({
      action,
      actorId: as,
      targetId,
      hasOrigin,
      details,
    })
    const any = expect.any(String)
    expect(await recorded({ actorId: as })).toEqual([
      entry("file.upload", file.id, { name: "before.pdf", size: file.size }, false),
      entry("session.start", any, { agent: "Chrome on Linux" }, false),
      entry("file.rename", file.id, { before: "before.pdf", name: "after.pdf" }),
      entry("share.create", id, { title, files: 1, expiresAt: any }),
      entry("share.edit", id, {
        title,
        changed: "password maxDownloads",
        maxDownloads: 3,
        maxDownloadsBefore: null,
      }),
      entry("share.new_link", id, { title }),
      entry("share.revoke", id, { title }),
      entry("share.restore", id, { title }),
      entry("file.delete", file.id, { name: "after.pdf", size: file.size }),
      entry("session.start", any, { agent: "Chrome on Linux" }, false),
      entry("session.end", null, { sessions: 1 }),
    ])
    expect(JSON.stringify(await db.auditEntry.findMany())).not.toContain("sesame")
  })

  it("has one entry for a sign-out, however often it is sent", async () => {
    const member = await aMember()
    const session = await aSession(member)

    await Promise.all([signOut(session), signOut(session), signOut(session)])

    expect(await recorded({ action: "session.sign_out" })).toMatchObject([
      { actorId: member, targetId: session.sessionId },
    ])
  })

  it("has the changes that jobs make to people's files", async () => {
    const owner = await aMember({ name: "Ada", email: "ada@example.org" })
    const kept = await aFile({ owner })
    const lost = await aFile({ owner, name: "lost.pdf" })
    const { file: idle } = await aStartedFile({ owner, name: "idle.pdf" })
    const { objectKey } = await db.file.findUniqueOrThrow({ where: { id: lost.id } })
    await deleteObject(objectKey ?? "")
    await db.$executeRaw`
      UPDATE object SET put_expires_at = now() - interval '3 days' WHERE file_id = ${idle.id}::uuid`

    await Promise.all([abandonIdleUploads(), abandonIdleUploads()])
    await reconcile({ apply: true })
    await reconcile({ apply: true })

    const member = "Ada <ada@example.org>"
    expect(await recorded({ actorId: null })).toEqual([
      {
        action: "file.abandon",
        actorId: null,
        targetId: idle.id,
        hasOrigin: false,
        details: { name: "idle.pdf", size: idle.size, member },
      },
      {
        action: "storage.reconcile",
        actorId: null,
        targetId: null,
        hasOrigin: false,
        details: { objects: 0, uploads: 0, files: 1, adopted: 0 },
      },
      {
        action: "file.lose",
        actorId: null,
        targetId: lost.id,
        hasOrigin: false,
        details: { name: "lost.pdf", size: lost.size, member },
      },
    ])
    expect((await db.file.findUniqueOrThrow({ where: { id: kept.id } })).deletedAt).toBeNull()
  })

  it("lists every share of a bulk revoke below its entry", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const file = await aFile({ owner })
    for (const title of ["One", "Two", "Three"])
      await callApi(create, { as: owner, body: { fileIds: [file.id], title } })

    await callApi(revokeMany, { as: admin, headers, body: { all: true } })

    const answer = await callApi(list, { as: admin, query: "?action=share.revoke" })
    const { items } = await answer.json()
    expect(items).toMatchObject([{ details: { shares: 3, all: true }, actId: null }])
    const parts = await callApi(list, { as: admin, query: `?actId=${items[0].id}` })
    const titles = (await parts.json()).items.map((one: ExportedEntry) => one.details.title)
    expect(titles.sort()).toEqual(["One", "Three", "Two"])
  })
})

describe("GET /api/v1/admin/audit", () => {
  const items = async (as: string, query: string) =>
    (await (await callApi(list, { as, query })).json()).items

  it("filters by time, day and text", async () => {
    const admin = await anAdmin({ name: "Grace Hopper" })
    await db.$executeRaw`
      INSERT INTO audit_entry (id, at, actor, action, details) VALUES
        (gen_random_uuid(), '2026-03-01T23:59:59.999999Z', 'Ada <ada@example.org>', 'share.edit', '{"title": "100 % \\"done\\""}'),
        (gen_random_uuid(), '2026-03-02T00:00:00Z', 'Bo <bo@example.org>', 'share.edit', '{"title": "Grüße"}')`
    const actors = async (query: string) =>
      (await items(admin, `?action=share&${query}`)).map(
        (one: ExportedEntry) => one.actor.split(" ")[0],
      )

    expect(await actors("since=2026-03-02")).toEqual(["Bo"])
    expect(await actors("until=2026-03-01")).toEqual(["Ada"])
    expect(await actors("since=2026-03-01&until=2026-03-02")).toEqual(["Bo", "Ada"])
    expect(await actors("until=2026-03-02T00:00:00Z")).toEqual(["Ada"])
    expect(await actors("q=GR%C3%9C")).toEqual(["Bo"])
    expect(await actors(`q=${encodeURIComponent('100 % "D')}`)).toEqual(["Ada"])
    expect(await actors("q=title")).toEqual([])
    expect(await actors("q=bo%40example")).toEqual(["Bo"])
  })

  it("pages through entries of the same moment once", async () => {
    const admin = await anAdmin()
    await db.$executeRaw`
      INSERT INTO audit_entry (id, at, actor, action)
      SELECT gen_random_uuid(), '2026-03-02T00:00:00.123456Z', 'Lapse', 'share.edit' FROM generate_series(1, 250)`
    const seen: string[] = []
    let cursor = ""
    do {
      const query = `?action=share.edit&limit=200${cursor && `&cursor=${cursor}`}`
      const page = await (await callApi(list, { as: admin, query })).json()
      seen.push(...page.items.map(({ id }: ExportedEntry) => id))
      cursor = page.nextCursor
    } while (cursor)

    expect(new Set(seen).size).toBe(250)
    expect(seen).toHaveLength(250)
  })

  it.each([
    "?since=yesterday",
    "?until=2026-13-01",
    "?since=0000-01-01",
    "?until=2026-02-30",
    "?cursor=x",
    "?actorId=x",
    "?limit=0",
    "?action=%00",
  ])("refuses %s", async (query) => {
    expect((await callApi(list, { as: await anAdmin(), query })).status).toBe(400)
  })
})

describe("the exports", () => {
  it("are for admins only, and so is the head", async () => {
    const as = await aMember()
    for (const route of [list, csv, csvHead, jsonl, head]) {
      expect((await callApi(route, { as })).status).toBe(403)
      expect((await callApi(route, { as: null })).status).toBe(401)
    }
  })

  it("contain the entries that match the filter, and parts of bulk actions", async () => {
    const admin = await anAdmin()
    await sealedEntries(3)
    const lines = (await (await callApi(jsonl, { as: admin, query: "?action=share" })).text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(lines.map(({ sequence, targetId }) => [sequence, targetId])).toEqual([
      [1, "0"],
      [2, "1"],
      [3, "2"],
    ])

    const answer = await callApi(csv, { as: admin, query: "?action=share&q=share+1" })
    expect(answer.headers.get("content-disposition")).toContain("audit-log.csv")
    const text = await answer.text()
    expect(text.split("\r\n")).toHaveLength(3)
    expect(text).toMatch(/^sequence,at,action,/)
    expect(text).toContain('"{""files"":1,""title"":""Share 1""}"')
    const none = await callApi(csv, { as: admin, query: "?action=token" })
    expect((await none.text()).split("\r\n")).toHaveLength(2)
  })

  it("read no more than the client takes", async () => {
    const admin = await anAdmin()
    await db.$executeRaw`
      INSERT INTO audit_entry (id, actor, action)
      SELECT gen_random_uuid(), 'Lapse', 'share.edit' FROM generate_series(1, 6000)`
    const { body } = await callApi(jsonl, { as: admin, query: "?action=share.edit" })
    const reader = body?.getReader()

    const first = await reader?.read()
    await db.auditEntry.deleteMany({ where: { action: "share.edit" } })
    const second = await reader?.read()

    expect(new TextDecoder().decode(first?.value).trimEnd().split("\n")).toHaveLength(2000)
    expect(second?.done).toBe(true)
  })

  it("give the sealed head, once there is one", async () => {
    const admin = await anAdmin()
    expect((await callApi(head, { as: admin })).status).toBe(404)
    await sealAll()
    const answer = await (await callApi(head, { as: admin })).json()
    expect(answer).toEqual({
      sequence: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      sealedAt: expect.any(String),
    })
  })
})
