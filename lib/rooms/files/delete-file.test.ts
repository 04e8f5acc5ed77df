import { describe, expect, it } from "vitest"
import { db, pool, sql } from "#lib/adapters/database.ts"
import { completeMultipart, headObject, listMultiparts, listParts } from "#lib/adapters/storage.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { aFile, anUploadInParts, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { MINUTE } from "#testing/units.ts"
import { deleteFile, removeFile } from "./delete-file.ts"
import { DELETIONS_LOCK } from "./objects/deletions-lock.ts"
import { destroyObject } from "./objects/destroy-object.ts"
import { readUsage } from "./objects/quota.ts"
import { requireFile } from "./require-file.ts"
import { finishUpload } from "./upload/finish-upload.ts"

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"
const objectOf = (fileId: string) => db.object.findFirstOrThrow({ where: { fileId } })
const jobs = () =>
  db.$queryRaw<{ task: string; at: Date }[]>`
    SELECT task_identifier AS task, run_at AS at FROM graphile_worker.jobs ORDER BY run_at`

describe("deleteFile", () => {
  it("deletes the file, dooms its object and releases the quota", async () => {
    const owner = await aMember()
    const file = await aFile({ owner, bytes: "12345" })
    expect((await readUsage(owner)).usedBytes).toBe(5)
    await endUploadUrls()

    await deleteFile(owner, file.id)

    await expect(requireFile(owner, file.id)).rejects.toBeRefusal("not_found")
    await expect(deleteFile(owner, file.id)).rejects.toBeRefusal("not_found")
    expect((await objectOf(file.id)).state).toBe("doomed")
    expect((await readUsage(owner)).usedBytes).toBe(0)
    expect(await jobs()).toMatchObject([{ task: "destroyObject" }])
  })

  it("releases the quota once under twenty simultaneous deletes", async () => {
    const owner = await aMember()
    await aFile({ owner, bytes: "stays" })
    const file = await aFile({ owner, bytes: "goes" })
    await endUploadUrls()

    const deletes = await Promise.allSettled(
      Array.from({ length: 20 }, () => deleteFile(owner, file.id)),
    )

    expect(deletes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect((await readUsage(owner)).usedBytes).toBe(5)
    expect(await jobs()).toHaveLength(1)
  })

  it("cancels an upload, whose bytes then never become a file, and abandons it", async () => {
    const { owner, file, put } = await aStartedFile()
    await deleteFile(owner, file.id)
    await put()
    expect((await db.file.findUniqueOrThrow({ where: { id: file.id } })).status).toBe("abandoned")

    await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("not_found")
  })

  it("leaves a share its name, also as its last file", async () => {
    const owner = await aMember()
    const file = await aFile({ owner })
    const other = await aFile({ owner, name: "second.pdf" })
    const { id } = await aShare({ owner, fileIds: [file.id, other.id] })
    await deleteFile(owner, file.id)
    await deleteFile(owner, other.id)
    const share = await requireShare(owner, id)
    expect(share).toMatchObject({ title: "", name: "second.pdf", fileCount: 0 })
  })

  it("does not find another member's file", async () => {
    const file = await aFile()

    await expect(deleteFile(await aMember(), file.id)).rejects.toBeRefusal("not_found")
    expect((await objectOf(file.id)).state).toBe("live")
  })
})

describe("destroyObject", () => {
  it("deletes the bytes at once and keeps the row while a signed PUT could restore them", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()
    await finishUpload(owner, file.id)
    await deleteFile(owner, file.id)
    const { key, putExpiresAt } = await objectOf(file.id)

    await destroyObject(key)

    expect(await headObject(key)).toBeNull()
    const [, again] = await jobs()
    expect(again?.at).toEqual(putExpiresAt)

    // The uploader kept the URL and sends the bytes once more.
    expect((await put()).status).toBe(onCeph ? 200 : 403)
    await endUploadUrls()
    const { putExpiresAt: ended } = await objectOf(file.id)
    await destroyObject(key)
    expect(await headObject(key)).toBeNull()
    const last = (await jobs()).at(-1)
    expect(last?.at.getTime()).toBe(ended.getTime() + 15 * MINUTE)

    const past = new Date(Date.now() - 15 * MINUTE - 1000)
    await db.object.update({ where: { key }, data: { putExpiresAt: past } })
    await destroyObject(key)

    expect(await headObject(key)).toBeNull()
    expect(await db.object.count()).toBe(0)
  })

  it("leaves a live object alone", async () => {
    const file = await aFile()
    const { key } = await objectOf(file.id)

    await destroyObject(key)

    expect(await headObject(key)).not.toBeNull()
  })
})

describe("destroyObject during a backup", () => {
  it("deletes nothing and runs again a minute later; a killed backup pauses nothing", async () => {
    const file = await aFile()
    const { key } = await objectOf(file.id)
    const backup = await pool().connect()
    const backupId = await backup.query("SELECT pg_backend_pid() AS pid")
    backup.on("error", () => {})
    await backup.query("SELECT pg_advisory_lock($1, $2)", [
      DELETIONS_LOCK.class,
      DELETIONS_LOCK.key,
    ])
    await db.$transaction((tx) => removeFile(tx, sql`id = ${file.id}::uuid`))

    await destroyObject(key)

    expect(await headObject(key)).not.toBeNull()
    const [, again] = await jobs()
    expect(Number(again?.at) - Date.now()).toBeGreaterThan(50_000)
    await db.$executeRaw`SELECT pg_terminate_backend(${backupId.rows[0]?.pid}::int, 5000)`
    await destroyObject(key)
    expect(await headObject(key)).toBeNull()
    backup.release(true)
  })
})

describe("destroyObject of an upload in parts", () => {
  it("aborts it in the store, so that no signed URL can upload anything", async () => {
    const { owner, file, sign, object } = await anUploadInParts()
    const send = await sign(2)
    expect((await send()).status).toBe(200)
    await deleteFile(owner, file.id)
    const { key, uploadId } = await object()

    await destroyObject(key)
    await destroyObject(key)

    expect((await send()).status).toBe(404)
    expect(await listParts(key, uploadId ?? "")).toBeNull()
    expect(await headObject(key)).toBeNull()
    expect(await db.object.count()).toBe(1)
    const past = new Date(Date.now() - 15 * MINUTE - 1000)
    await db.object.update({ where: { key }, data: { putExpiresAt: past } })
    await destroyObject(key)
    expect(await db.object.count()).toBe(0)
  })

  it("deletes what a concurrent call completed meanwhile", async () => {
    const { owner, file, put, object } = await anUploadInParts({ size: 10 })
    await put(1)
    await deleteFile(owner, file.id)
    const { key, uploadId } = await object()
    const parts = await listParts(key, uploadId ?? "")
    await completeMultipart(key, uploadId ?? "", parts ?? [])
    expect(await headObject(key)).not.toBeNull()

    await destroyObject(key)

    expect(await headObject(key)).toBeNull()
  })

  it("finds one that began but was not recorded before its process died", async () => {
    const { owner, file, object } = await anUploadInParts()
    await db.object.updateMany({ data: { uploadId: null } })
    await deleteFile(owner, file.id)
    const { key } = await object()
    const begun = async () => {
      const found: string[] = []
      for await (const { uploadId } of listMultiparts(key)) found.push(uploadId)
      return found
    }
    expect(await begun()).toHaveLength(1)

    await destroyObject(key)

    expect(await begun()).toEqual([])
  })
})
