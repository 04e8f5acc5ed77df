import { createHash, randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { callApi, callsAt } from "#testing/call-api.ts"
import { withoutDatabase, withStoreAt } from "#testing/with-outage.ts"

const complete = callsAt("/files/{id}/complete")
const parts = callsAt("/files/{id}/parts")
const one = callsAt("/files/{id}")
const upload = callsAt("/files/{id}/upload")
const batch = callsAt("/files/batch")
const files = callsAt("/files")

const input = { name: "Büro.pdf", size: 3, contentType: "application/pdf" }
const FILE_KEYS = [
  "contentType",
  "createdAt",
  "fingerprint",
  "hasThumbnail",
  "heldFor",
  "id",
  "name",
  "notScanned",
  "path",
  "sha256",
  "sha256Verified",
  "size",
  "status",
]
const UNKNOWN = "01a20e37-1124-7000-b66b-5d65dec0defa"

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  const problem = await response.json()
  expect(problem).toMatchObject({ status: response.status, title: expect.stringMatching(/\w/) })
  return [response.status, problem.code]
}

describe("the files of the members' API", () => {
  it("answers 503 during an outage of the store or the database, and loses nothing", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()
    const finish = () => callApi(complete.POST, { as: owner, id: file.id })
    const list = () => callApi(files.GET, { as: owner })

    const start = () => callApi(files.POST, { as: owner, body: input })

    const cases = [
      await withStoreAt(finish),
      await withStoreAt(start),
      await withoutDatabase(finish),
      await withoutDatabase(list),
    ]
    for (const answer of cases) {
      expect(answer.headers.get("retry-after")).toBe("5")
      expect(await problemOf(answer)).toEqual([503, "unavailable"])
    }

    expect(await (await finish()).json()).toMatchObject({ id: file.id, status: "ready" })
  })

  it("creates, completes and deletes a file", async () => {
    const owner = await aMember()

    const started = await callApi(files.POST, { as: owner, body: input })
    expect(started.status).toBe(201)
    const { file, upload: put } = await started.json()
    expect(Object.keys(file).sort()).toEqual(FILE_KEYS)
    expect(file).toMatchObject({ ...input, status: "uploading" })
    expect(put).toMatchObject({ method: "put", headers: { "content-type": "application/pdf" } })

    const early = await callApi(complete.POST, { as: owner, id: file.id })
    expect(await problemOf(early)).toEqual([409, "conflict"])

    const renewed = await callApi(upload.POST, { as: owner, id: file.id })
    const fresh = (await renewed.json()).upload
    await fetch(fresh.url, { method: "PUT", headers: fresh.headers, body: "abc" })
    for (let n = 0; n < 2; n++) {
      const done = await callApi(complete.POST, { as: owner, id: file.id })
      expect(done.status).toBe(200)
      expect(await done.json()).toEqual({ ...file, status: "ready" })
    }

    const renamed = await callApi(one.PATCH, {
      as: owner,
      id: file.id,
      body: { name: "Plan.pdf" },
    })
    expect(await renamed.json()).toMatchObject({ name: "Plan.pdf" })
    const listed = await callApi(files.GET, { as: owner, query: "?q=plan&limit=1&cursor=" })
    expect(await listed.json()).toMatchObject({ items: [{ id: file.id }], nextCursor: null })

    const deleted = await callApi(one.DELETE, { as: owner, id: file.id })
    expect([deleted.status, await deleted.text()]).toEqual([204, ""])
    expect(await problemOf(await callApi(one.GET, { as: owner, id: file.id }))).toEqual([
      404,
      "not_found",
    ])
  })

  it("answers 404 for another member's file, an unknown id and an invalid id", async () => {
    const theirs = (await aFile()).id
    const stranger = await aMember()

    for (const id of [theirs, UNKNOWN, "no-id", "../x"]) {
      const answers = await Promise.all([
        callApi(one.GET, { as: stranger, id }),
        callApi(one.PATCH, { as: stranger, id, body: { name: "x" } }),
        callApi(one.DELETE, { as: stranger, id }),
        callApi(complete.POST, { as: stranger, id }),
        callApi(upload.POST, { as: stranger, id }),
        callApi(parts.GET, { as: stranger, id }),
        callApi(parts.POST, { as: stranger, id, body: { partNumbers: [1] } }),
      ])
      for (const answer of answers) expect(await problemOf(answer)).toEqual([404, "not_found"])
    }
  })

  it("uploads a file in parts, and continues after an interruption", async () => {
    const owner = await aMember()
    const bytes = new Uint8Array(randomBytes(8 * 1024 ** 2 + 5))
    const [fingerprint, whole] = ["ab".repeat(32), hash(bytes)]
    const announced = { ...input, size: bytes.length, path: "Plans/2026", fingerprint }
    const started = await callApi(files.POST, {
      as: owner,
      body: { ...announced, partChecksums: true },
    })
    const { file, upload: way } = await started.json()
    expect(way).toEqual({
      method: "multipart",
      partSize: 8 * 1024 ** 2,
      partCount: 2,
      checksums: true,
    })
    const send = async (number: number) => {
      const piece = bytes.subarray((number - 1) * way.partSize, number * way.partSize)
      const body = { partNumbers: [number], sha256: { [number]: hash(piece) } }
      const signed = await callApi(parts.POST, { as: owner, id: file.id, body })
      const [{ partNumber, url, headers }] = (await signed.json()).parts
      expect(partNumber).toBe(number)
      expect((await fetch(url, { method: "PUT", headers, body: piece })).status).toBe(200)
    }
    await send(1)

    const unfinished = await callApi(files.GET, { as: owner, query: "?status=uploading" })
    expect((await unfinished.json()).items).toEqual([
      { ...file, ...announced, deletesAt: null, kept: null, legalHold: false },
    ])
    const renewed = await callApi(upload.POST, { as: owner, id: file.id })
    expect(await renewed.json()).toEqual({ file, upload: way })
    const there = await callApi(parts.GET, { as: owner, id: file.id })
    expect(await there.json()).toEqual({ parts: [{ partNumber: 1, size: way.partSize }] })
    await send(2)

    const done = await callApi(complete.POST, {
      as: owner,
      id: file.id,
      body: { sha256: whole },
    })
    const ready = { ...file, status: "ready", sha256: whole, fingerprint: null }
    expect(await done.json()).toEqual(ready)
    const left = await callApi(files.GET, { as: owner, query: "?status=uploading" })
    expect((await left.json()).items).toEqual([])
  })

  it("refuses to list parts of an upload in one PUT, with a message", async () => {
    const { owner, file } = await aStartedFile()

    expect(await problemOf(await callApi(parts.GET, { as: owner, id: file.id }))).toEqual([
      409,
      "conflict",
    ])
    const signed = await callApi(parts.POST, {
      as: owner,
      id: file.id,
      body: { partNumbers: [1] },
    })
    expect(await problemOf(signed)).toEqual([409, "conflict"])
  })

  it("refuses invalid files", async () => {
    const owner = await aMember()
    const start = async (body: unknown) => problemOf(await callApi(files.POST, { as: owner, body }))

    expect(await start({ ...input, size: -1 })).toEqual([400, "invalid"])
    expect(await start({ ...input, size: 1.5 })).toEqual([400, "invalid"])
    expect(await start({ ...input, name: "  " })).toEqual([400, "invalid"])
    expect(await start({ ...input, path: "../etc" })).toEqual([400, "invalid"])
    expect(await start({ ...input, sha256: "abc" })).toEqual([400, "invalid"])
    expect(await start([])).toEqual([400, "invalid"])
    expect(await start({ ...input, size: 6 * 1024 ** 4 })).toEqual([413, "too_large"])
    for (const query of ["?limit=0", "?status=held,lost"]) {
      const list = await callApi(files.GET, { as: owner, query })
      expect(await problemOf(list)).toEqual([400, "invalid"])
    }
  })

  it("starts several files with one call, and answers each with its upload or its problem", async () => {
    const owner = await aMember()
    const start = (list: unknown) => callApi(batch.POST, { as: owner, body: { files: list } })
    const huge = { ...input, size: 6 * 1024 ** 4 }

    const answer = await start([
      input,
      { ...input, name: " " },
      { ...input, path: "Plans" },
      huge,
      7,
    ])

    expect(answer.status).toBe(201)
    const { items } = await answer.json()
    expect(Object.keys(items[0].file).sort()).toEqual(FILE_KEYS)
    expect(items).toMatchObject([
      { file: { ...input, path: "" }, upload: { method: "put" } },
      { problem: { status: 400, code: "invalid", title: expect.stringMatching(/name/) } },
      { file: { ...input, path: "Plans" }, upload: { method: "put" } },
      { problem: { status: 413, code: "too_large", field: "size" } },
      { problem: { status: 400, code: "invalid" } },
    ])
    const listed = await callApi(files.GET, { as: owner, query: "?status=uploading" })
    expect((await listed.json()).items).toHaveLength(2)

    const full = await start(Array.from({ length: 500 }, () => input))
    expect((await full.json()).items).toHaveLength(500)
    for (const list of [[], Array.from({ length: 501 }, () => input), "x"])
      expect(await problemOf(await start(list))).toEqual([400, "invalid"])
  })

  it("answers what has arrived without starting it again, if asked to", async () => {
    const owner = await aMember()
    const sha256 = hash(Buffer.from("abc"))
    const start = async (...files: object[]) => {
      const body = { files, ifNew: true }
      return (await (await callApi(batch.POST, { as: owner, body })).json()).items
    }
    const [{ file, upload: put }] = await start({ ...input, sha256 })
    await fetch(put.url, { method: "PUT", headers: put.headers, body: "abc" })
    await callApi(complete.POST, { as: owner, id: file.id })

    expect(await start({ ...input, sha256 }, { ...input, size: 4 })).toEqual([
      {
        file: { ...file, sha256, status: "ready", sha256Verified: expect.any(Boolean) },
        upload: null,
      },
      {
        problem: expect.objectContaining({ code: "conflict", status: 409, field: "name" }),
        file: expect.objectContaining({ id: file.id, size: 3, sha256 }),
      },
    ])
    expect(await db.file.count()).toBe(1)
  })

  it("requires a session, and accepts a write only from the app's pages", async () => {
    const { owner, file } = await aStartedFile()

    expect(await problemOf(await callApi(files.GET, { as: null }))).toEqual([401, "signed_out"])
    const crossSite = { origin: "https://evil.example" }
    const answer = await callApi(one.DELETE, {
      as: owner,
      id: file.id,
      headers: crossSite,
    })
    expect(await problemOf(answer)).toEqual([403, "forbidden"])
    expect((await callApi(one.GET, { as: owner, id: file.id })).status).toBe(200)
  })

  it("normalizes a name by one rule in every call, and answers with it", async () => {
    const owner = await aMember()
    const post = (body: object) => callApi(files.POST, { as: owner, body: { ...input, ...body } })
    const { file } = await (await post({})).json()
    const patch = (body: object) => callApi(one.PATCH, { as: owner, id: file.id, body })
    const channels = [
      async (name: string) => (await (await post({ name })).json()).file?.name,
      async (name: string) => (await (await patch({ name })).json()).name,
      async (name: string) => (await (await post({ path: name })).json()).file?.path,
      async (name: string) => (await (await patch({ path: name })).json()).path,
    ]
    for (const [given, stored] of [
      ["back\\slash.txt", "back_slash.txt"],
      ["a.ex\u200be", "a.exe"],
      ["invoice\u202egpj.exe", "invoicegpj.exe"],
      ["می\u200cخواهم.txt", "می\u200cخواهم.txt"],
    ] as const)
      for (const store of channels) expect(await store(given)).toBe(stored)

    for (const name of ["../../x", "a/b", "..\u200b"])
      for (const answer of [await post({ name }), await patch({ name })])
        expect(await problemOf(answer)).toEqual([400, "invalid"])
    for (const path of ["../../x", "a/..\u200b"])
      for (const answer of [await post({ path }), await patch({ path })])
        expect(await problemOf(answer)).toEqual([400, "invalid"])
  })

  it("finds and moves an older folder whose name is invalid for new ones", async () => {
    const owner = await aMember()
    const old = "trips\u200b/a\u00adb"
    const { id } = await aFile({ owner })
    await db.file.update({ where: { id }, data: { path: old } })

    const query = `?${new URLSearchParams({ folder: "trips\u200b" })}`
    const listed = await callApi(files.GET, { as: owner, query })
    expect((await listed.json()).items).toMatchObject([{ id, path: old }])
    expect(await createShare(acting(owner), { folder: old })).toMatchObject({ fileCount: 1 })
  })
})
