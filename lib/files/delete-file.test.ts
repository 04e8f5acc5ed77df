import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { headObject } from "#lib/storage.ts"
import { aFile, aStartedFile } from "#lib/testing/a-file.ts"
import { aMember } from "#lib/testing/a-member.ts"
import { deleteFile } from "./delete-file.ts"
import { destroyObject } from "./destroy-object.ts"
import { finishUpload } from "./finish-upload.ts"
import { readUsage } from "./read-usage.ts"
import { requireFile } from "./require-file.ts"

const objectOf = (fileId: string) => db.object.findFirstOrThrow({ where: { fileId } })
const jobs = () =>
  db.$queryRaw<{ task: string; at: Date }[]>`
    SELECT task_identifier AS task, run_at AS at FROM graphile_worker.jobs ORDER BY run_at`

describe("deleteFile", () => {
  it("takes the file away, dooms its object and gives the quota back", async () => {
    const owner = await aMember()
    const file = await aFile({ owner, bytes: "12345" })
    expect((await readUsage(owner)).usedBytes).toBe(5)

    await deleteFile(owner, file.id)

    await expect(requireFile(owner, file.id)).rejects.toMatchObject({ code: "not_found" })
    await expect(deleteFile(owner, file.id)).rejects.toMatchObject({ code: "not_found" })
    expect((await objectOf(file.id)).state).toBe("doomed")
    expect((await readUsage(owner)).usedBytes).toBe(0)
    expect(await jobs()).toMatchObject([{ task: "destroyObject" }])
  })

  it("gives the quota back once to twenty simultaneous deletes", async () => {
    const owner = await aMember()
    await aFile({ owner, bytes: "stays" })
    const file = await aFile({ owner, bytes: "goes" })

    const deletes = await Promise.allSettled(
      Array.from({ length: 20 }, () => deleteFile(owner, file.id)),
    )

    expect(deletes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect((await readUsage(owner)).usedBytes).toBe(5)
    expect(await jobs()).toHaveLength(1)
  })

  it("cancels an upload, whose bytes then never become a file", async () => {
    const { owner, file, put } = await aStartedFile()
    await deleteFile(owner, file.id)
    await put()

    await expect(finishUpload(owner, file.id)).rejects.toMatchObject({ code: "not_found" })
  })

  it("does not know another member's file", async () => {
    const file = await aFile()

    await expect(deleteFile(await aMember(), file.id)).rejects.toMatchObject({ code: "not_found" })
    expect((await objectOf(file.id)).state).toBe("live")
  })
})

describe("destroyObject", () => {
  it("deletes the bytes at once and keeps the row while a kept PUT could bring them back", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()
    await finishUpload(owner, file.id)
    await deleteFile(owner, file.id)
    const { key, putExpiresAt } = await objectOf(file.id)

    await destroyObject(key)

    expect(await headObject(key)).toBeNull()
    const [, again] = await jobs()
    expect(again?.at.getTime()).toBe(putExpiresAt.getTime() + 15 * 60_000)

    expect((await put()).status).toBe(200) // kept by the uploader and sent once more
    const past = new Date(Date.now() - 15 * 60_000 - 1000)
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
