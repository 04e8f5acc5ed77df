import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { aFile, anUploadInParts, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest } from "#testing/builders/a-request.ts"
import { acting } from "#testing/builders/acting.ts"
import { inTurn } from "#testing/in-turn.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { HOUR, MIB, MINUTE } from "#testing/units.ts"
import { abandonIdleUploads, giveUpUnsent } from "./abandon-idle-uploads.ts"
import { finishUpload } from "./finish-upload.ts"
import { signParts } from "./parts/sign-parts.ts"
import { resumeUpload } from "./resume-upload.ts"
import { startUploads } from "./start-upload.ts"
import type { Uploader } from "./uploader.ts"

const SIGNED_FOR = 15 * MINUTE

/** Sets the time when the last URL of every upload was signed to this long ago. */
async function lastSigned(ago: number) {
  const putExpiresAt = new Date(Date.now() - ago + SIGNED_FOR)
  await db.object.updateMany({ where: { state: "uploading" }, data: { putExpiresAt } })
}

const statusOf = async (id: string) =>
  (await db.file.findUniqueOrThrow({ where: { id }, select: { status: true } })).status

describe("abandonIdleUploads", () => {
  it("abandons exactly the uploads for which no URL was signed for three days", async () => {
    const owner = await aMember()
    const ready = await aFile({ owner, bytes: "stays" })
    const { file, sign } = await anUploadInParts({ owner, size: 100 })
    const send = await sign(1)
    const { file: small } = await aStartedFile({ owner, bytes: "12345" })
    await lastSigned(72 * HOUR - MINUTE)
    expect(await abandonIdleUploads()).toBe(0)
    await lastSigned(72 * HOUR + MINUTE)
    const { file: running } = await aStartedFile({ owner, bytes: "123" })

    expect(await abandonIdleUploads()).toBe(2)

    expect(await statusOf(file.id)).toBe("abandoned")
    expect(await statusOf(small.id)).toBe("abandoned")
    expect(await statusOf(running.id)).toBe("uploading")
    expect(await statusOf(ready.id)).toBe("ready")
    await destroyDoomed()
    expect((await readUsage(owner)).usedBytes).toBe("stays".length + "123".length)
    await expect(requireFile(owner, file.id)).rejects.toBeRefusal("not_found")
    expect((await send()).status).toBe(404)
    expect(await abandonIdleUploads()).toBe(0)
  })

  it("is shown by a share that contains such a file; a deleted file is not", async () => {
    const owner = await aMember()
    const ready = await aFile({ owner, name: "here.pdf", bytes: "here" })
    const gone = await aFile({ owner, name: "gone.pdf" })
    const { file } = await aStartedFile({ owner, name: "never.pdf" })
    const share = await createShare(acting(owner), { fileIds: [file.id, gone.id, ready.id] })
    await deleteFile(owner, gone.id)
    await lastSigned(73 * HOUR)

    await abandonIdleUploads()

    const { files, fileCount, deletedFileCount, totalBytes } = await requireShare(owner, share.id)
    expect(files.map(({ name, status }) => [name, status])).toEqual([
      ["never.pdf", "abandoned"],
      ["here.pdf", "ready"],
    ])
    expect([fileCount, deletedFileCount, totalBytes]).toEqual([2, 1, 4])
  })

  it("never abandons an upload for which a URL is signed at the same moment", async () => {
    const owner = await aMember()
    const uploads = await inTurn(15, () => anUploadInParts({ owner, size: 100 }))
    await lastSigned(73 * HOUR)

    const [signed] = await Promise.all([
      Promise.allSettled(
        uploads.map(({ file }) => signParts(owner, file.id, { partNumbers: [1] })),
      ),
      abandonIdleUploads(),
      abandonIdleUploads(),
    ])

    for (const [n, { status }] of signed.entries()) {
      const { file, put } = uploads[n] ?? (await anUploadInParts())
      expect(await statusOf(file.id)).toBe(status === "fulfilled" ? "uploading" : "abandoned")
      if (status === "rejected") continue
      await put(1)
      expect((await finishUpload(owner, file.id)).status).toBe("ready")
    }
    await expectQuotaFits(owner)
  })

  it("releases the quota once under simultaneous cancel, sweep and complete", async () => {
    const owner = await aMember()
    const uploads = await inTurn(12, () => anUploadInParts({ owner, size: 100 }))
    for (const { put } of uploads) await put(1)
    await lastSigned(73 * HOUR)

    await Promise.allSettled([
      ...uploads.slice(0, 8).map(({ file }) => finishUpload(owner, file.id)),
      abandonIdleUploads(),
      ...uploads.slice(4).map(({ file }) => deleteFile(owner, file.id)),
      abandonIdleUploads(),
      ...uploads.slice(0, 4).map(({ file }) => resumeUpload(owner, file.id)),
    ])

    await expectQuotaFits(owner)
    const cancelled = uploads.slice(4).map(({ file }) => file.id)
    expect(await db.file.count({ where: { id: { in: cancelled }, deletedAt: null } })).toBe(0)
  })
})

describe("an upload that was given up", () => {
  const given = async (by: Uploader) =>
    (await listFiles(by, { status: "abandoned" })).items.map(({ name, fingerprint }) => [
      name,
      fingerprint,
    ])
  const fingerprint = "ab".repeat(32)
  const aFile = (name: string) => ({ name, size: 5, contentType: "text/plain", fingerprint })

  it("is listed for who sent it, until that person removes it or a month has passed", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    for (const by of [ownerId, guest]) {
      const sender = by === ownerId ? acting(ownerId) : guest
      const [, cancelled] = await startUploads(sender, [aFile("idle"), aFile("cancelled")])
      if (!cancelled || !("file" in cancelled)) throw new Error("refused")
      await deleteFile(by, cancelled.file.id)
    }
    await lastSigned(73 * HOUR)
    await abandonIdleUploads()

    expect(await given(ownerId)).toEqual([["idle", fingerprint]])
    expect(await given(guest)).toEqual([["idle", fingerprint]])
    expect((await listFiles(ownerId)).items).toEqual([])
    const [one] = (await listFiles(guest, { status: "abandoned" })).items
    await deleteFile(guest, one?.id ?? "")
    expect([await given(guest), await given(ownerId)]).toEqual([[], [["idle", fingerprint]]])
    await expect(deleteFile(guest, one?.id ?? "")).rejects.toBeRefusal("not_found")

    await db.file.updateMany({ data: { deletedAt: new Date(Date.now() - 31 * 24 * HOUR) } })
    await abandonIdleUploads()
    expect(await given(ownerId)).toEqual([])
  })
})

describe("an upload of a guest", () => {
  it("is given up if the store has nothing 60 minutes after its start, whatever was called", async () => {
    const { publicId, ownerId } = await aRequest()
    const guest = await aGuest(publicId)
    const sizes = [1, 1, 9 * MIB, 9 * MIB, 9 * MIB]
    const inputs = sizes.map((size, n) => ({ name: `${n}`, size, contentType: "text/plain" }))
    const started = (await startUploads(guest, inputs)).map((one) => {
      if (!("file" in one)) throw one
      return one
    })
    const [, put, begun, sent] = started
    if (put?.upload.method !== "put" || !begun || !sent) throw new Error("There are five uploads.")
    await fetch(put.upload.url, { method: "PUT", headers: put.upload.headers, body: "b" })
    const { parts } = await signParts(guest, sent.file.id, { partNumbers: [2] })
    const [part] = parts
    if (!part) throw new Error("no part")
    await fetch(part.url, { method: "PUT", headers: part.headers, body: new Uint8Array(MIB) })
    for (const { file } of started) await resumeUpload(guest, file.id)
    await signParts(guest, begun.file.id, { partNumbers: [1, 2] })

    const [job] = await db.$queryRaw<{ payload: { fileIds: string[] }; minutes: number }[]>`
      SELECT payload, round(extract(epoch FROM run_at - now()) / 60)::int AS minutes
      FROM graphile_worker._private_jobs AS jobs JOIN graphile_worker._private_tasks AS tasks
        ON tasks.id = task_id WHERE identifier = 'giveUpUnsent'`
    expect(job).toMatchObject({ minutes: 60 })
    await giveUpUnsent(job?.payload.fileIds ?? [])

    const left = await db.file.findMany({ where: { deletedAt: null }, orderBy: { name: "asc" } })
    expect(left.map(({ name }) => name)).toEqual(["1", "3"])
    await expect(resumeUpload(guest, begun.file.id)).rejects.toBeRefusal("not_found")
    await endUploadUrls()
    await destroyDoomed()
    expect((await readUsage(ownerId)).usedBytes).toBe(1 + 9 * MIB)
    await finishUpload(guest, put.file.id)
  })
})

/**
 * Expects that the reserved quota matches the files, and that every object is live exactly when its
 * file is.
 */
async function expectQuotaFits(owner: PersonId) {
  const files = await db.file.findMany({ include: { objects: true } })
  const kept = files.filter(({ deletedAt }) => deletedAt === null)
  const bytes = kept.reduce((sum, { size }) => sum + Number(size), 0)
  await endUploadUrls()
  await destroyDoomed()
  expect((await readUsage(owner)).usedBytes).toBe(bytes)
  for (const { deletedAt, objects } of files) {
    expect(objects.map(({ state }) => state === "doomed")).toEqual([deletedAt !== null])
  }
}
