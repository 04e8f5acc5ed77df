import { beforeEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { releaseFile } from "#lib/rooms/admin/release-file.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { endUploads } from "#lib/rooms/files/upload/end-uploads.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import type { Guest } from "#lib/rooms/files/upload/uploader.ts"
import { finishDelivery } from "#lib/rooms/requests/guest/deliver.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { aFile, onlyAddress } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, again, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { runJobs } from "#testing/run-jobs.ts"

let owner: PersonId
beforeEach(async () => {
  owner = await aMember()
})

/** Sends a file that replaces another one, up to its last step. */
async function sentFor(replaces: string, by: PersonId | Guest = owner) {
  const isMember = typeof by === "string"
  const file = { name: "plan.pdf", size: 3, contentType: "application/pdf", replaces }
  const [started] = await startUploads(isMember ? acting(by) : by, [file], { ifNew: true })
  if (!started || started instanceof Error || "taken" in started || !started.upload)
    throw new Error("expected a new upload")
  const { id } = started.file
  const { upload } = started
  const to = isMember ? await onlyAddress(by, id, upload) : upload
  if (!("url" in to)) throw new Error("expected one PUT")
  const { url, headers } = to
  await fetch(url, { method: "PUT", headers, body: "new" })
  return { id, finish: () => finishUpload(by, id) }
}

const isThere = async (id: string) =>
  (await db.file.findUniqueOrThrow({ where: { id } })).deletedAt === null
const contents = async (shareId: string) =>
  (
    await db.shareFile.findMany({
      where: { shareId, removedAt: null },
      orderBy: { position: "asc" },
    })
  ).map(({ fileId }) => fileId)
const auditOf = (targetId: string, action: string) =>
  db.auditEntry.findFirstOrThrow({ where: { targetId, action }, orderBy: { id: "desc" } })
const remaining = () => db.file.findMany({ where: { deletedAt: null }, select: { id: true } })

const aPlan = () => aFile({ owner, name: "plan.pdf", bytes: "the old plan" })

describe("a file that replaces another one", () => {
  it("takes its place once it is ready, and the older one is deleted with its bytes", async () => {
    const old = await aPlan()
    const { id, finish } = await sentFor(old.id)
    expect(await isThere(old.id)).toBe(true)

    await finish()

    expect(await remaining()).toEqual([{ id }])
    expect(await db.object.count({ where: { fileId: old.id, state: "live" } })).toBe(0)
    const actions = await db.auditEntry.findMany({
      where: { targetId: old.id },
      select: { action: true },
    })
    expect(actions.map(({ action }) => action)).toContain("file.delete")
  })

  it("takes its place in this share alone, and other shares keep the older one", async () => {
    const [first, old, last] = [await aPlan(), await aPlan(), await aPlan()]
    const here = await aShare({ owner, fileIds: [first.id, old.id, last.id] })
    const elsewhere = await aShare({ owner, fileIds: [old.id] })
    const { id, finish } = await sentFor(old.id)
    await editShare(acting(owner), here.id, { addFileIds: [id] })
    expect(await contents(here.id)).toEqual([first.id, old.id, last.id, id])

    await finish()

    expect(await contents(here.id)).toEqual([first.id, id, last.id])
    expect(await contents(elsewhere.id)).toEqual([old.id])
    expect(await isThere(old.id)).toBe(true)
  })

  it("takes its place in a share to which it is added when it is ready already", async () => {
    const old = await aPlan()
    const share = await aShare({ owner, fileIds: [old.id] })
    const { id, finish } = await sentFor(old.id)
    await finish()
    expect(await contents(share.id)).toEqual([old.id])

    await editShare(acting(owner), share.id, { addFileIds: [id] })

    expect(await contents(share.id)).toEqual([id])
  })

  it("leaves the older one until an admin or the scanner has cleared it", async () => {
    const old = await aPlan()
    const share = await aShare({ owner, fileIds: [old.id] })
    const { id, finish } = await sentFor(old.id)
    await editShare(acting(owner), share.id, { addFileIds: [id] })
    configuration.CLAMD_ADDRESS = { host: "127.0.0.1", port: 1 }
    try {
      expect((await finish()).status).toBe("checking")
      await db.file.update({ where: { id }, data: { status: "held", heldFor: "Eicar" } })
      expect(await isThere(old.id)).toBe(true)

      const admin = await anAdmin()
      await releaseFile(admin, id, { reason: "known" })
      const { actorId } = await auditOf(old.id, "file.delete")
      expect(actorId).toBe(admin)
    } finally {
      delete configuration.CLAMD_ADDRESS
    }

    expect(await contents(share.id)).toEqual([id])
    expect(await isThere(old.id)).toBe(false)
  })

  it("leaves a share as if the older one were removed by hand", async () => {
    const old = await aFile({ owner, name: "old.pdf" })
    const here = await aShare({ owner, fileIds: [old.id] })
    await aShare({ owner, fileIds: [old.id] }) // keeps the file
    await db.$executeRaw`UPDATE share SET first_name = 'old.pdf' WHERE id = ${here.id}::uuid`
    const { id, finish } = await sentFor(old.id)
    await editShare(acting(owner), here.id, { addFileIds: [id] })
    await finish()
    await runJobs()

    const share = await db.share.findUniqueOrThrow({ where: { id: here.id } })

    expect(share.firstName).toBe("plan.pdf")
    // Its URLs live on for their minute, and the page says until when.
    expect(share.exposedUntil?.getTime()).toBeGreaterThan(Date.now())
    expect(share.exposedUntil?.getTime()).toBeLessThan(Date.now() + 90_000)
    const { actorId, details } = await auditOf(here.id, "share.files")
    expect({ actorId, details }).toMatchObject({
      actorId: owner,
      details: { added: 0, removed: 1 },
    })
  })

  it("replaces what the file replaces that it replaces before its check", async () => {
    const old = await aPlan()
    const share = await aShare({ owner, fileIds: [old.id] })
    configuration.CLAMD_ADDRESS = { host: "127.0.0.1", port: 1 }
    const second = await sentFor(old.id)
    await editShare(acting(owner), share.id, { addFileIds: [second.id] })
    try {
      await second.finish()
    } finally {
      delete configuration.CLAMD_ADDRESS
    }
    const third = await sentFor(second.id)
    await editShare(acting(owner), share.id, { addFileIds: [third.id] })

    await third.finish()

    expect(await contents(share.id)).toEqual([third.id])
    expect(await remaining()).toEqual([{ id: third.id }])
  })

  it("is not replaced by one that was sent before it and checked later", async () => {
    const old = await aPlan()
    const early = await sentFor(old.id)
    configuration.CLAMD_ADDRESS = { host: "127.0.0.1", port: 1 }
    try {
      await early.finish()
    } finally {
      delete configuration.CLAMD_ADDRESS
    }
    const late = await sentFor(old.id)

    await late.finish()

    expect(await remaining()).toEqual([{ id: late.id }])
    await expect(releaseFile(await anAdmin(), early.id, { reason: "known" })).rejects.toThrow()
  })

  it("is not replaced by one that was started before it and arrives later", async () => {
    const old = await aPlan()
    const share = await aShare({ owner, fileIds: [old.id] })
    const [slow, quick] = [await sentFor(old.id), await sentFor(old.id)]
    await editShare(acting(owner), share.id, { addFileIds: [slow.id, quick.id] })

    await quick.finish()
    await slow.finish()

    expect(await remaining()).toEqual([{ id: quick.id }])
    expect(await contents(share.id)).toEqual([quick.id])
  })

  it("takes the place in its own share also where a later one has it in the folder", async () => {
    const old = await aPlan()
    const share = await aShare({ owner, fileIds: [old.id] })
    const [slow, quick] = [await sentFor(old.id), await sentFor(old.id)]
    await editShare(acting(owner), share.id, { addFileIds: [slow.id] })

    await quick.finish()
    await slow.finish()

    expect(await contents(share.id)).toEqual([slow.id])
    expect(await isThere(old.id)).toBe(false)
    expect(await isThere(quick.id)).toBe(true)
  })

  it("leaves one before it that was renamed or moved since", async () => {
    const old = await aPlan()
    await aShare({ owner, fileIds: [old.id] }) // keeps the file
    const renamed = await sentFor(old.id)
    await renamed.finish()
    await db.file.update({ where: { id: renamed.id }, data: { name: "draft.pdf" } })
    const moved = await sentFor(old.id)
    await moved.finish()
    await db.file.update({ where: { id: moved.id }, data: { path: "2026" } })
    const replaced = await sentFor(old.id)
    await replaced.finish()

    const last = await sentFor(old.id)
    await last.finish()

    for (const { id } of [old, renamed, moved, last]) expect(await isThere(id)).toBe(true)
    expect(await isThere(replaced.id)).toBe(false)
  })

  it("takes nothing from a delivery that is done", async () => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const mine = await sentBy(guest, { name: "plan.pdf" })
    const newer = await sentFor(mine.id, await again(guest, publicId))
    configuration.CLAMD_ADDRESS = { host: "127.0.0.1", port: 1 }
    try {
      await newer.finish()
    } finally {
      delete configuration.CLAMD_ADDRESS
    }
    await finishDelivery(await again(guest, publicId), { sender: {}, fields: {} })

    await releaseFile(await anAdmin(), newer.id, { reason: "known" })

    expect(await isThere(mine.id)).toBe(true)
    expect(await isThere(newer.id)).toBe(true)
  })

  it("replaces nothing of another member, of another delivery or of the owner", async () => {
    const { publicId, ownerId } = await aRequest()
    const [guest, other] = [await aGuest(publicId), await aGuest(publicId)]
    const mine = await sentBy(guest, { name: "plan.pdf" })
    const theirs = await sentBy(other, { name: "plan.pdf" })
    const owned = await aFile({ owner: ownerId, name: "plan.pdf" })
    const foreign = await aPlan()
    const stays = [theirs, owned, foreign]
    // Their names are taken, as if no file were named to be replaced.
    for (const { id } of stays)
      await expect(sentFor(id, await again(guest, publicId))).rejects.toThrow("a new upload")
    await expect(sentFor(mine.id, ownerId)).rejects.toThrow("a new upload")
    for (const { id } of [mine, ...stays]) expect(await isThere(id)).toBe(true)
    expect(await db.file.count({ where: { replacesId: { not: null } } })).toBe(0)

    await (await sentFor(mine.id, await again(guest, publicId))).finish()

    expect(await isThere(mine.id)).toBe(false)
    const { action, actorId } = await db.auditEntry.findFirstOrThrow({
      where: { targetId: mine.id, action: { not: "request.receive" } },
    })
    expect({ action, actorId }).toEqual({ action: "request.withdraw", actorId: null })
  })

  it("leaves one file of several that replace the same at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      owner = await aMember()
      const old = await aPlan()
      const share = await aShare({ owner, fileIds: [old.id] })
      const all = await Promise.all([1, 2, 3, 4].map(() => sentFor(old.id)))
      await editShare(acting(owner), share.id, { addFileIds: all.map(({ id }) => id) })

      await Promise.all(all.map(({ finish }) => finish()))

      const there = await db.file.findMany({ where: { ownerId: owner, deletedAt: null } })
      expect(there).toHaveLength(1)
      expect(await contents(share.id)).toEqual([there[0]?.id])
    }
  })

  it("is added to a share beside the deletion of the older one, without a deadlock", async () => {
    for (let round = 0; round < 10; round += 1) {
      const [old, other] = [await aPlan(), await aFile({ owner })]
      const shares = await Promise.all(
        [1, 2, 3].map(() => aShare({ owner, fileIds: [old.id, other.id] })),
      )
      const { id, finish } = await sentFor(old.id)
      await finish()

      await Promise.all([
        ...shares.map((share) => editShare(acting(owner), share.id, { addFileIds: [id] })),
        deleteFile(owner, old.id),
      ])

      for (const share of shares) expect(await contents(share.id)).toContain(id)
    }
  })

  it("ends whole beside a deletion of either file", async () => {
    for (let round = 0; round < 6; round += 1) {
      owner = await aMember()
      const old = await aPlan()
      const share = await aShare({ owner, fileIds: [old.id] })
      const { id, finish } = await sentFor(old.id)
      await editShare(acting(owner), share.id, { addFileIds: [id] })
      const deleted = round % 2 ? old.id : id

      const [ended, gone] = await Promise.allSettled([finish(), deleteFile(owner, deleted)])

      if (deleted === old.id) {
        expect(ended.status).toBe("fulfilled")
        if (gone.status === "rejected") expect(gone.reason).toBeInstanceOf(Refusal)
        expect(await isThere(id)).toBe(true)
        expect(await isThere(old.id)).toBe(false)
      } else {
        expect(gone.status).toBe("fulfilled")
        if (ended.status === "rejected") expect(ended.reason).toBeInstanceOf(Refusal)
        // The older one goes only if the new one was ready.
        expect(await isThere(old.id)).toBe(ended.status === "rejected")
      }
    }
  })

  it("ends whole beside a member who is disabled, without a deadlock, and frees the older one's bytes", async () => {
    const admin = await anAdmin()
    for (let round = 0; round < 4; round += 1) {
      owner = await aMember()
      const plans = await Promise.all([1, 2, 3, 4].map(aPlan))
      const all = await Promise.all(plans.map(({ id }) => sentFor(id)))

      const [disabled, ...ended] = await Promise.allSettled([
        editMember(admin, owner, { disabled: true }, endUploads),
        ...all.map(({ finish }) => finish()),
      ])

      expect(disabled.status).toBe("fulfilled")
      for (const each of ended)
        if (each.status === "rejected") expect(each.reason).toBeInstanceOf(Refusal)
    }
    // A finish that came too late has raised it, and the job runs again until then.
    await db.$executeRaw`UPDATE object SET put_expires_at = now() - interval '1 hour'`
    await runJobs()
    const { usedBytes } = await db.member.findUniqueOrThrow({ where: { id: owner } })
    const { _sum } = await db.file.aggregate({
      where: { ownerId: owner, OR: [{ deletedAt: null }, { countedUntil: { not: null } }] },
      _sum: { size: true },
    })
    expect(usedBytes).toBe(_sum.size)
  })

  it("serves no older file from a share any more, beside those who click", async () => {
    const old = await aPlan()
    const { shareId, publicId } = await aLink({ like: { ownerId: owner, fileIds: [old.id] } })
    const { id, finish } = await sentFor(old.id)
    await editShare(acting(owner), shareId, { addFileIds: [id] })
    const click = (fileId: string) =>
      claim({ publicId, fileIds: [fileId], cookies: noCookies, directOnly: false, source })

    const [, ...clicks] = await Promise.allSettled([
      finish(),
      ...Array.from({ length: 8 }, () => click(old.id)),
    ])

    for (const one of clicks)
      if (one.status === "rejected") expect(one.reason).toBeInstanceOf(Refusal)
    await expect(click(old.id)).rejects.toBeInstanceOf(Refusal)
    await expect(click(id)).resolves.toBeDefined()
  })
})
