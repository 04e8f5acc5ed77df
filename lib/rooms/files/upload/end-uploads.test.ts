import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { headObject, listMultiparts } from "#lib/adapters/storage.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { moveFiles } from "#lib/rooms/files/move-files.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { finishThumbnail } from "#lib/rooms/files/thumbnails/finish-thumbnail.ts"
import { startThumbnail } from "#lib/rooms/files/thumbnails/start-thumbnail.ts"
import { changeMemberAndLinks } from "#lib/rooms/shares/change-member-and-links.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import {
  aFile,
  anUploadInParts,
  aPicture,
  aStartedFile,
  sendThumbnail,
} from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { inTurn } from "#testing/in-turn.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { finishUpload } from "./finish-upload.ts"
import { signParts } from "./parts/sign-parts.ts"
import { resumeUpload } from "./resume-upload.ts"
import { startUpload } from "./start-upload.ts"

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"
const disable = async (id: PersonId) =>
  changeMemberAndLinks(await anAdmin(), id, { disabled: true })
const WEBP = { size: 4, contentType: "image/webp" } as const

describe("disabling a member", () => {
  it("ends running uploads: their URLs are refused, and nothing of them is stored", async () => {
    const owner = await aMember()
    const kept = await aFile({ owner })
    const picture = await aPicture(owner)
    const begun = await aStartedFile({ owner })
    const arrived = await aStartedFile({ owner })
    await arrived.put()
    const parts = await anUploadInParts({ owner })
    const send = await parts.sign(2)
    await send()
    const { upload } = await startThumbnail(owner, picture.id, WEBP)

    await disable(owner)

    const objects = await db.object.findMany({ where: { state: "doomed" } })
    expect(objects).toHaveLength(4)
    await destroyDoomed()
    const abandoned = [begun, arrived, parts].map(({ file }) => file.id)
    const where = { id: { in: abandoned }, status: "abandoned", deletedAt: { not: null } } as const
    expect(await db.file.count({ where })).toBe(3)
    const put = () => fetch(upload.url, { method: "PUT", headers: upload.headers, body: "webp" })
    const answers = await Promise.all([begun.put(), arrived.put(), put()])
    if (!onCeph) expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
    expect((await send()).status).toBe(404)
    const { key } = await parts.object()
    for await (const { uploadId } of listMultiparts(key)) expect(uploadId).toBeUndefined()

    await endUploadUrls()
    await destroyDoomed()
    for (const { key } of objects) expect(await headObject(key)).toBeNull()
    expect((await readUsage(owner)).usedBytes).toBe(kept.size + picture.size)
  })

  it("is not undone by enabling: the uploads are abandoned, and those of others continue", async () => {
    const [owner, other, admin] = [await aMember(), await aMember(), await anAdmin()]
    const mine = await aStartedFile({ owner })
    const share = await createShare(acting(owner), { fileIds: [mine.file.id] })
    const theirs = await aStartedFile({ owner: other })
    await theirs.put()

    await changeMemberAndLinks(admin, owner, { disabled: true })
    await changeMemberAndLinks(admin, owner, { disabled: false })

    const calls = [() => finishUpload(owner, mine.file.id), () => resumeUpload(owner, mine.file.id)]
    const over = { message: expect.stringContaining("has ended. Upload it again") }
    for (const call of calls) await expect(call()).rejects.toBeRefusal("conflict", over)
    await destroyDoomed()
    for (const call of calls) await expect(call()).rejects.toBeRefusal("not_found")
    expect((await listFiles(owner)).items).toEqual([])
    const { files } = await requireShare(owner, share.id)
    expect(files.map(({ status }) => status)).toEqual(["abandoned"])
    expect((await finishUpload(other, theirs.file.id)).status).toBe("ready")
    await startUpload(acting(owner), { name: "new.pdf", size: 1, contentType: "application/pdf" })
  })

  it("is one act in the audit log, with an entry for each upload", async () => {
    const owner = await aMember()
    const uploads = await inTurn(3, () => aStartedFile({ owner, name: "plan.pdf" }))

    await disable(owner)

    const act = await db.auditEntry.findFirstOrThrow({ where: { action: "member.disable" } })
    const parts = await db.auditEntry.findMany({ where: { actId: act.id } })
    expect(parts.map(({ targetId }) => targetId).sort()).toEqual(
      uploads.map(({ file }) => file.id).sort(),
    )
    for (const { action, actorId, details } of parts) {
      expect({ action, actorId, details }).toEqual({
        action: "file.cancel",
        actorId: act.actorId,
        details: { name: "plan.pdf", size: 10 },
      })
    }
  })

  it("leaves no upload running, whatever the member does at the same moment, and never deadlocks", async () => {
    for (let round = 0; round < (process.env.HEAVY ? 40 : 4); round++) {
      const [owner, admin] = [await aMember(), await anAdmin()]
      const picture = await aPicture(owner)
      const gone = await aPicture(owner)
      await sendThumbnail(owner, picture.id)
      await startThumbnail(owner, gone.id, WEBP)
      const begun = await inTurn(6, () => aStartedFile({ owner }))
      const [a, b, c, d] = begun.map(({ file }) => file.id)
      const parts = await anUploadInParts({ owner, size: 100 })
      await Promise.all(begun.map(({ put }) => put()))
      const start = () =>
        startUpload(acting(owner), { name: "late.pdf", size: 10, contentType: "application/pdf" })

      const [disabled, ...all] = await Promise.allSettled([
        changeMemberAndLinks(admin, owner, { disabled: true }),
        ...Array.from({ length: 4 }, start),
        finishUpload(owner, a ?? ""),
        deleteFile(owner, b ?? ""),
        deleteFile(owner, gone.id),
        createShare(acting(owner), { fileIds: begun.map(({ file }) => file.id) }),
        moveFiles(owner, { fileIds: begun.map(({ file }) => file.id), path: "there" }),
        resumeUpload(owner, c ?? ""),
        signParts(owner, parts.file.id, { partNumbers: [1] }),
        finishThumbnail(owner, picture.id),
        finishUpload(owner, d ?? ""),
        ...Array.from({ length: 4 }, start),
      ])

      expect(disabled).toMatchObject({ status: "fulfilled" })
      const reasons = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []))
      for (const reason of reasons) {
        // The message of a failed statement has its SQL state, such as that of a deadlock.
        const codes = ["signed_out", "not_found", "conflict", "invalid"]
        expect(codes, String(reason)).toContain(reason.code)
      }
      const unfinished = { state: "uploading", file: { ownerId: owner } } as const
      expect(await db.object.count({ where: unfinished })).toBe(0)
      await endUploadUrls()
      await destroyDoomed()
      expect(await db.file.count({ where: { ownerId: owner, status: "uploading" } })).toBe(0)
      const { _sum } = await db.file.aggregate({
        where: { ownerId: owner, deletedAt: null },
        _sum: { size: true },
      })
      expect((await readUsage(owner)).usedBytes).toBe(Number(_sum.size))
    }
  })
})
