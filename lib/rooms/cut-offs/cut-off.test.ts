import pg from "pg"
import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, sql } from "#lib/adapters/database.ts"
import { headObject } from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { restoreShare } from "#lib/rooms/shares/revoke/restore-share.ts"
import { findReach } from "#lib/rooms/shares/revoke/revocation-reach.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import {
  aSharedFile,
  clickOn,
  cutOffFileToEnd,
  cutOffShareToEnd,
  endedShareCutOff,
  lookAt,
  type SharedFile,
  statusOf,
} from "#testing/builders/shared-file.ts"
import { cutOffFile } from "./cut-off-file.ts"

const objectsOf = (fileId: string, state: "live" | "doomed" = "live") =>
  db.object.findMany({ where: { fileId, state } })

async function revoke({ owner, shareId }: SharedFile) {
  await revokeShare(owner, shareId, { cutOff: true })
  await endedShareCutOff({ owner, shareId })
  return requireShare(owner, shareId)
}

describe("a revoke with a cut off", () => {
  it("ends a kept URL, whole and by Range, by another colour, and says so", async () => {
    const share = await aSharedFile()
    const kept = await share.click()
    expect(await statusOf(kept)).toBe(200)

    const { cutOff, exposedUntil } = await revoke(share)

    expect(cutOff).toMatchObject({
      state: "done",
      how: "recoloured",
      objects: 1,
      probe: { before: 206, status: 403 },
    })
    expect(exposedUntil).toBeNull()
    expect([await statusOf(kept), await statusOf(kept, { range: "bytes=0-0" })]).toEqual([403, 403])
  })

  it("ends the kept URL of a preview too, and touches no file that was not viewed", async () => {
    const owner = await aMember()
    const files = [await aFile({ owner }), await aFile({ owner, name: "notes.txt" })]
    const fileIds = files.map((file) => file.id)
    const { id, url } = await aShare({ owner, fileIds, viewOnly: true })
    const kept = await lookAt(url, fileIds[1] ?? "")
    expect(await statusOf(kept)).toBe(200)
    const [before] = await objectsOf(fileIds[0] ?? "")

    const reach = await findReach(sql`id = ${id}::uuid`, new Date())
    const { cutOff, exposedUntil } = await revokeShare(owner, id, { cutOff: true })

    expect(reach).toMatchObject({ exposedShares: 1, exposedFiles: 1 })
    expect(cutOff).toMatchObject({ state: "done", how: "recoloured", objects: 1 })
    expect(exposedUntil).toBeNull()
    expect([await statusOf(kept), await statusOf(kept, { range: "bytes=0-0" })]).toEqual([403, 403])
    expect(await objectsOf(fileIds[0] ?? "")).toEqual([before])
    await expect(lookAt(url, fileIds[1] ?? "")).rejects.toBeRefusal("gone")
    await restoreShare(acting(owner), id)
    expect(await statusOf(await lookAt(url, fileIds[1] ?? ""))).toBe(200)
  })

  it("is done at once if nothing was handed out, and touches no object", async () => {
    const share = await aSharedFile()
    const before = await objectsOf(share.fileId)

    const { cutOff } = await revoke(share)

    expect(cutOff).toMatchObject({ state: "done", how: "nothing_out", objects: 0, probe: null })
    expect(await objectsOf(share.fileId)).toEqual(before)
  })

  it("leaves another share of the file open, which mints anew", async () => {
    const share = await aSharedFile()
    const other = await aSharedFile(share)
    const [kept, others] = [await share.click(), await other.click()]

    await revoke(share)

    expect(await statusOf(kept)).toBe(403)
    expect(await statusOf(others)).toBe(403)
    expect(await statusOf(await other.click())).toBe(200)
    expect(await requireShare(other.owner, other.shareId)).toMatchObject({ cutOff: null })
  })

  it("touches only the files of which a URL was minted", async () => {
    const owner = await aMember()
    const files = [await aFile({ owner }), await aFile({ owner }), await aFile({ owner })]
    const { id, url } = await aShare({ owner, fileIds: files.map((file) => file.id) })
    await clickOn(url, [files[1]?.id ?? ""])
    const coloursBefore = await Promise.all(files.map((file) => objectsOf(file.id)))

    const { cutOff } = await revokeShare(owner, id, { cutOff: true })

    const coloursAfter = await Promise.all(files.map((file) => objectsOf(file.id)))
    const changed = coloursAfter.map(([o], i) => o?.colour !== coloursBefore[i]?.[0]?.colour)
    expect(changed).toEqual([false, true, false])
    expect(cutOff).toMatchObject({ how: "recoloured", objects: 1 })
  })

  it("covers every file of a claim of all files", async () => {
    const owner = await aMember()
    const files = [await aFile({ owner }), await aFile({ owner })]
    const { id, url } = await aShare({ owner, fileIds: files.map((file) => file.id) })
    const urls = await clickOn(url, null)

    const { cutOff } = await revokeShare(owner, id, { cutOff: true })

    expect(cutOff).toMatchObject({ how: "recoloured", objects: 2 })
    expect(await Promise.all(urls.map((url) => statusOf(url)))).toEqual([403, 403])
  })

  it("never reuses a colour while a URL that it signed may work: then it copies", async () => {
    const share = await aSharedFile()
    const urls: string[] = []
    const hows: unknown[] = []
    for (let n = 0; n < 5; n++) {
      urls.push(await share.click())
      const cutOff = await cutOffShareToEnd(share)
      hows.push(cutOff?.how)
    }

    expect(hows).toEqual(["recoloured", "recoloured", "rekeyed", "recoloured", "recoloured"])
    const statuses = await Promise.all(urls.map((url) => statusOf(url)))
    expect(statuses.filter((status) => status !== 403 && status !== 404)).toEqual([])
    expect(await statusOf(await share.click())).toBe(200)
    expect(await objectsOf(share.fileId)).toHaveLength(1)
  })

  it("copies a file from before colours, and the copy has a colour", async () => {
    const share = await aSharedFile()
    await db.object.updateMany({
      where: { fileId: share.fileId },
      data: { colour: null, colourSince: null },
    })
    const [before] = await objectsOf(share.fileId)
    const kept = await share.click()
    expect(await statusOf(kept)).toBe(200)

    const { cutOff } = await revoke(share)

    expect(cutOff).toMatchObject({ state: "done", how: "rekeyed", objects: 1 })
    expect(cutOff?.probe).toMatchObject({ before: 206, status: 404 })
    expect(await statusOf(kept)).toBe(404)
    const [after] = await objectsOf(share.fileId)
    expect(after?.key).not.toBe(before?.key)
    expect(after?.colour).not.toBeNull()
    await restoreShare(acting(share.owner), share.shareId)
    expect(await (await fetch(await share.click())).text()).toBe("secret bytes")
  })

  it("does not bring old URLs back when the share is restored", async () => {
    const share = await aSharedFile()
    const kept = await share.click()
    await revoke(share)

    expect(await restoreShare(acting(share.owner), share.shareId)).toMatchObject({ cutOff: null })

    expect(await statusOf(kept)).toBe(403)
    expect(await statusOf(await share.click())).toBe(200)
  })

  it("ends URLs of a file that was deleted meanwhile", async () => {
    const share = await aSharedFile()
    const kept = await share.click()
    await deleteFile(share.owner, share.fileId)

    const { cutOff } = await revoke(share)

    expect(cutOff).toMatchObject({ state: "done" })
    expect(await statusOf(kept)).toBe(403)
  })
})

describe("the address of an upload that is sent again after a cut off", () => {
  it("brings nothing back: the object is there, or has no tag and is deleted again", async () => {
    const { owner, file, put } = await aStartedFile({ bytes: "secret bytes" })
    await put()
    await finishUpload(owner, file.id)
    const share = await aSharedFile({ owner, fileId: file.id })
    const urls: string[] = []
    for (const how of ["recoloured", "recoloured", "rekeyed"]) {
      urls.push(await share.click())
      const { cutOff } = await cutOffFile(owner, file.id)
      expect(cutOff?.how).toBe(how)

      await put()

      const statuses = await Promise.all(urls.map((url) => statusOf(url)))
      expect(statuses.filter((status) => status < 400)).toEqual([])
    }
    const doomed = await objectsOf(file.id, "doomed")
    await db.object.updateMany({
      where: { fileId: file.id, state: "doomed" },
      data: { putExpiresAt: new Date(0) },
    })
    for (const { key } of doomed) {
      await destroyObject(key)
      expect(await headObject(key)).toBeNull()
    }
    expect(await (await fetch(await share.click())).text()).toBe("secret bytes")
  })
})

describe("a cut off of a file", () => {
  it("ends the URLs of all its shares, and they mint new ones", async () => {
    const share = await aSharedFile()
    const other = await aSharedFile(share)
    const urls = [await share.click(), await other.click()]

    const cutOff = await cutOffFileToEnd(share)

    expect(cutOff).toMatchObject({ state: "done", how: "recoloured", objects: 1 })
    expect(await Promise.all(urls.map((url) => statusOf(url)))).toEqual([403, 403])
    const anew = await Promise.all([share.click(), other.click()])
    expect(await Promise.all(anew.map((url) => statusOf(url)))).toEqual([200, 200])
  })

  it("is refused for another member's file", async () => {
    const { fileId } = await aSharedFile()
    await expect(cutOffFile(await aMember(), fileId)).rejects.toBeRefusal("not_found")
  })
})

describe("a claim that is held open while a revoke and a cut off run", () => {
  it("gets a URL that no longer works when the cut off says done", async () => {
    const share = await aSharedFile()
    await share.click() // later claims take no lock on the share
    const { held, release } = await holdCounters(share.shareId)
    const pending = share.click()
    await held()

    const revoked = revoke(share)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const running = await requireShare(share.owner, share.shareId)
    await release()

    expect(running).toMatchObject({ status: "revoked", cutOff: { state: "running" } })
    const late = await pending
    expect((await revoked).cutOff).toMatchObject({ state: "done", how: "recoloured" })
    expect(await statusOf(late)).toBe(403)
  })
})

/** Locks the counters of a share, on which a claim waits between its grant and its commit. */
async function holdCounters(shareId: string) {
  const client = new pg.Client({ connectionString: configuration.DATABASE_URL })
  await client.connect()
  await client.query("BEGIN")
  await client.query(
    `INSERT INTO share_counter (share_id, shard) SELECT $1, generate_series(0, 7)
     ON CONFLICT (share_id, shard) DO UPDATE SET downloads = share_counter.downloads`,
    [shareId],
  )
  const held = async () => {
    for (;;) {
      const { rows } = await client.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      )
      if (rows.length > 0) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const release = async () => {
    await client.query("COMMIT")
    await client.end()
  }
  return { held, release }
}
