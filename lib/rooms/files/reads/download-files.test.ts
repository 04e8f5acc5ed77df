import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { cutOffShare } from "#lib/rooms/shares/revoke/cut-off-share.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy, startedBy } from "#testing/builders/a-request.ts"
import {
  aSharedFile,
  cutOffFileToEnd,
  endedShareCutOff,
  statusOf,
} from "#testing/builders/shared-file.ts"
import { callApi } from "#testing/call-api.ts"
import { deleteFile } from "../delete-file.ts"
import { destroyObject } from "../objects/destroy-object.ts"
import { renameFile } from "../rename-file.ts"
import { type DownloadUrls, downloadFile, downloadFiles, showFiles } from "./download-files.ts"

const GET = "GET /files/{id}/download"
const JSON_ONLY = { accept: "application/json" }

/** The id of the audit entry in a URL. */
const entryOf = (url: string) => new URL(url).searchParams.get("x-lapse-claim") ?? ""

const downloads = () =>
  db.auditEntry.findMany({ where: { action: "file.download" }, orderBy: { id: "asc" } })

describe("the download of an own file", () => {
  it("redirects to a URL that saves it under its name, and records who took it", async () => {
    const owner = await aMember()
    const { id } = await aFile({ owner, bytes: "own bytes" })
    await renameFile(owner, id, "Büro \u05d0.pdf")

    const answer = await callApi(GET, { as: owner, id })

    expect(answer.status).toBe(302)
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer")
    const url = answer.headers.get("location") ?? ""
    const stored = await fetch(url)
    expect(await stored.text()).toBe("own bytes")
    expect(stored.headers.get("content-disposition")).toMatch(
      /^attachment; filename=".*"; filename\*=UTF-8''B%C3%BCro%20%D7%90\.pdf$/,
    )
    expect(await downloads()).toMatchObject([
      { id: entryOf(url), actorId: owner, targetId: id, details: { size: 9 } },
    ])
    expect(await db.event.count()).toBe(0)
  })

  it("names the URL to those who ask for JSON, for as long as a visitor's", async () => {
    const owner = await aMember()
    const { id } = await aFile({ owner })

    const answer = await callApi(GET, { as: owner, id, headers: JSON_ONLY })

    const { url, expiresAt } = await answer.json()
    expect(answer.status).toBe(200)
    expect(await statusOf(url)).toBe(200)
    expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe("60")
    const seconds = (Date.parse(expiresAt) - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(55)
    expect(seconds).toBeLessThanOrEqual(61)
  })

  it("hands nothing out to HEAD, to others, and of a file that is not ready", async () => {
    const owner = await aMember()
    const { id } = await aFile({ owner })
    const { file: started } = await aStartedFile({ owner })
    const { ownerId, publicId } = await aRequest({ owner })
    const { file: arriving } = await startedBy(await aGuest(publicId))

    const statusFor = async (as: string | null, id: string, at = GET) =>
      (await callApi(at, { as, id })).status
    expect(await statusFor(owner, id, "HEAD /files/{id}/download")).toBe(405)
    expect(await statusFor(await aMember(), id)).toBe(404)
    expect(await statusFor(null, id)).toBe(401)
    expect(await statusFor(owner, started.id)).toBe(409)
    expect(await statusFor(ownerId, arriving.id)).toBe(409)
    await deleteFile(owner, id)
    expect(await statusFor(owner, id)).toBe(404)
    expect(await downloads()).toEqual([])
  })

  it("is refused above the limit of URLs, which others do not share", async () => {
    const [owner, other] = [await aMember(), await aMember()]
    const [{ id }, theirs] = [await aFile({ owner }), await aFile({ owner: other })]
    await downloadFile(owner, id)
    await db.attempt.updateMany({ where: { purpose: "download" }, data: { attempts: 100_000 } })

    await expect(downloadFile(owner, id)).rejects.toBeRefusal("too_many")
    await expect(downloadFiles(owner, [id])).rejects.toBeRefusal("too_many")
    expect(await statusOf((await downloadFile(other, theirs.id)).url)).toBe(200)
  })
})

describe("the download of many files", () => {
  it("has the files that are ready by their folders, as one act of the audit log", async () => {
    const owner = await aMember()
    const { publicId } = await aRequest({ owner })
    const guest = await aGuest(publicId)
    const sent = [await sentBy(guest, { name: "b.jpg" }), await sentBy(guest, { name: "a.jpg" })]
    const own = await aFile({ owner })
    const theirs = await aFile()
    const { file: arriving } = await startedBy(guest)
    const ids = [...sent, own, theirs, arriving].map(({ id }) => id)

    const answer = await callApi("POST /files/download", { as: owner, body: { ids } })

    const { files }: DownloadUrls = await answer.json()
    expect(files.map(({ path, name }) => [path, name])).toEqual([
      ["", "report.pdf"],
      ["Inbox", "a.jpg"],
      ["Inbox", "b.jpg"],
    ])
    for (const { url } of files) expect(await statusOf(url)).toBe(200)
    const entries = new Map((await downloads()).map((entry) => [entry.id, entry]))
    const [first, ...others] = files.map(({ url }) => entries.get(entryOf(url)))
    expect(first).toMatchObject({ targetId: own.id, actId: null })
    expect(others).toMatchObject([
      { targetId: sent[1]?.id, actId: first?.id },
      { targetId: sent[0]?.id, actId: first?.id },
    ])
    expect(entries.size).toBe(3)
  })

  it("does not deadlock with others of the same files", async () => {
    const owner = await aMember()
    const ids: string[] = []
    for (let n = 0; n < 10; n++) ids.push((await aFile({ owner })).id)
    const both = Array.from({ length: 20 }, (_, n) =>
      downloadFiles(owner, n % 2 === 0 ? ids : ids.toReversed()),
    )
    for (const { files } of await Promise.all(both)) expect(files).toHaveLength(10)
  })
})

describe("a look at own files", () => {
  const POST = "POST /files/download"
  const looks = () => db.auditEntry.findMany({ where: { action: "file.view" } })
  const show = async (as: string | null, ids: string[]) => {
    const answer = await callApi(POST, { as, body: { ids, shown: true } })
    const { files }: DownloadUrls = await answer.json()
    return files
  }

  it("shows a file under the safe type of its preview, and counts nothing", async () => {
    const { owner, fileId, shareId } = await aSharedFile()
    const page = await aFile({ owner, name: "page.html", contentType: "text/html" })

    const files = await show(owner, [fileId, page.id])

    const stored = await Promise.all(files.map(({ url }) => fetch(url)))
    expect(stored.map(({ headers }) => headers.get("content-type"))).toEqual([
      "text/plain; charset=utf-8",
      "application/pdf",
    ])
    for (const { status, headers } of stored) {
      expect(status).toBe(200)
      expect(headers.get("content-disposition")).toMatch(/^inline; /)
    }
    expect(await db.event.count()).toBe(0)
    expect(await db.shareCounter.count({ where: { shareId, previews: { gt: 0 } } })).toBe(0)
  })

  it("leaves out what has no preview, is not ready, is held or deleted, and what others own", async () => {
    const owner = await aMember()
    const archive = await aFile({ owner, name: "all.zip", contentType: "application/zip" })
    const binary = await aFile({ owner, name: "data", contentType: "application/x-executable" })
    const { file: started } = await aStartedFile({ owner })
    const [checking, held, deleted] = [
      await aFile({ owner }),
      await aFile({ owner }),
      await aFile({ owner }),
    ]
    await db.file.update({ where: { id: checking.id }, data: { status: "checking" } })
    await db.file.update({ where: { id: held.id }, data: { status: "held" } })
    await deleteFile(owner, deleted.id)
    const theirs = await aFile()

    const asked = [archive, binary, started, checking, held, deleted, theirs]
    expect(
      await show(
        owner,
        asked.map(({ id }) => id),
      ),
    ).toEqual([])
    expect(await looks()).toEqual([])
  })

  it("is a line of the audit log once per file and hour, even of simultaneous ones", async () => {
    const owner = await aMember()
    const ids = [(await aFile({ owner })).id, (await aFile({ owner })).id]

    await Promise.all(Array.from({ length: 12 }, () => showFiles(owner, ids)))
    await downloadFile(owner, ids[0] ?? "")
    expect((await looks()).map(({ targetId }) => targetId).sort()).toEqual(ids.toSorted())
    expect(await downloads()).toHaveLength(1)

    await db.$executeRaw`UPDATE attempt SET window_end_at = now() - interval '1 s'`
    await showFiles(owner, ids)
    await showFiles(owner, ids)
    expect(await looks()).toHaveLength(4)
  })

  it("names the entry of the first file for the others, though that was seen before", async () => {
    const owner = await aMember()
    const ids: string[] = []
    for (const name of ["a.pdf", "b.pdf", "c.pdf"]) ids.push((await aFile({ owner, name })).id)
    await showFiles(owner, ids.slice(0, 1))

    await showFiles(owner, ids)

    const entries = new Map((await looks()).map((entry) => [entry.targetId, entry]))
    expect(entries.get(ids[1] ?? "")?.actId).toBeNull()
    expect(entries.get(ids[2] ?? "")?.actId).toBe(entries.get(ids[1] ?? "")?.id)
  })
})

/** Downloads a file by several clients until `stop`, and returns the URLs with their times. */
function downloadAlong(mint: () => Promise<{ url: string }>) {
  const urls: string[] = []
  let isStopped = false
  const client = async () => {
    while (!isStopped) {
      const one = await mint().catch(() => null)
      if (one) urls.push(one.url)
    }
  }
  const clients = Promise.all([client(), client(), client(), client()])
  const stop = async () => {
    isStopped = true
    await clients
    return urls
  }
  return { stop, some: () => expect.poll(() => urls.length).toBeGreaterThan(4) }
}

/** The URLs that were granted before a cut off began, and still work. */
async function aliveOf(urls: string[]) {
  const granted = await db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM audit_entry WHERE action = 'file.download'
      AND at <= (SELECT max(started_at) FROM cut_off)`
  const before = new Set(granted.map(({ id }) => id))
  const old = urls.filter((url) => before.has(entryOf(url)))
  expect(old.length).toBeGreaterThan(0)
  const statuses = await Promise.all(old.map((url) => statusOf(url)))
  return statuses.filter((status) => ![403, 404].includes(status))
}

describe("a cut off while its owner downloads", () => {
  it("of the file leaves no URL alive", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 5; round++) {
      const { owner, fileId } = await aSharedFile()
      const along = downloadAlong(() => downloadFile(owner, fileId))
      await along.some()
      expect(await cutOffFileToEnd({ owner, fileId })).toMatchObject({ state: "done" })
      expect(await aliveOf(await along.stop())).toEqual([])
      expect(await statusOf((await downloadFile(owner, fileId)).url)).toBe(200)
    }
  })

  it("of a share of the file leaves no URL alive", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 5; round++) {
      const { owner, fileId, shareId } = await aSharedFile()
      const along = downloadAlong(async () => {
        const { files } = await downloadFiles(owner, [fileId])
        if (!files[0]) throw new Error("The file has no URL.")
        return files[0]
      })
      await along.some()
      await cutOffShare(owner, shareId)
      expect(await endedShareCutOff({ owner, shareId })).toMatchObject({ state: "done" })
      expect(await aliveOf(await along.stop())).toEqual([])
    }
  })

  it("ends each URL by which the owner looked at the file", { timeout: 60_000 }, async () => {
    const { owner, fileId } = await aSharedFile()
    const urls: string[] = []
    for (let n = 0; n < 3; n++)
      urls.push(...(await showFiles(owner, [fileId])).files.map(({ url }) => url))
    expect(urls).toHaveLength(3)

    expect(await cutOffFileToEnd({ owner, fileId })).toMatchObject({ state: "done" })

    for (const url of urls) expect([403, 404]).toContain(await statusOf(url))
    const [again] = (await showFiles(owner, [fileId])).files
    expect(await statusOf(again?.url ?? "")).toBe(200)
  })

  it("by deleting the file leaves no URL alive", async () => {
    const { owner, fileId } = await aSharedFile()
    const along = downloadAlong(() => downloadFile(owner, fileId))
    await along.some()
    await deleteFile(owner, fileId)
    for (const { key } of await db.object.findMany({ where: { fileId } })) await destroyObject(key)
    const urls = await along.stop()
    const statuses = new Set(await Promise.all(urls.map((url) => statusOf(url))))
    expect([...statuses].filter((status) => status !== 403 && status !== 404)).toEqual([])
  })
})
