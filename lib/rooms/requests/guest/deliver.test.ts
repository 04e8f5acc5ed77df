import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { readStart } from "#lib/adapters/storage.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { FileInput } from "#lib/rooms/files/file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { moveFiles } from "#lib/rooms/files/move-files.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { downloadFile } from "#lib/rooms/files/reads/download-files.ts"
import { renameFile } from "#lib/rooms/files/rename-file.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import { aRecipientOf } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import {
  aGuest,
  again,
  answered,
  aRequest,
  sentBy,
  someGuests,
  startedBy,
} from "#testing/builders/a-request.ts"
import { acting } from "#testing/builders/acting.ts"
import { inTurn } from "#testing/in-turn.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { editRequest } from "../edit-request.ts"
import { endDeliveries, endUploadsOf } from "../end-deliveries.ts"
import { newRequestLink, restoreRequest, revokeRequest } from "../end-request.ts"
import { eraseDelivery } from "../erase-deliveries.ts"
import { listDeliveries, senderNames } from "../list-deliveries.ts"
import { requireRequest } from "../read-requests.ts"
import { completeFile, finishDelivery, readReceipt, withdrawFile } from "./deliver.ts"
import { requireGuest } from "./guest.ts"
import { MAX_UNSENT_FILES } from "./request-page.ts"

/** Guests who send at the same moment, each more than its share of what a request takes. */
const GUESTS = process.env.HEAVY ? 200 : 60
const DONE = { sender: {}, fields: {} }
const MIB = 1024 ** 2

const aFile = (size: number, name = "boat.jpg") => ({ name, size, contentType: "image/jpeg" })

/** Starts files of many guests at once, in batches of `each`, and returns how many were accepted. */
async function race(publicId: Uint8Array, { guests, each, size }: Record<string, number>) {
  const all = await someGuests(publicId, guests ?? 0)
  const files = Array.from({ length: each ?? 1 }, () => aFile(size ?? 1))
  const answers = await Promise.all(all.map((guest) => answered(() => startUploads(guest, files))))
  return answers.flat().filter((one) => !(one instanceof Refusal)).length
}

describe(`${GUESTS} guests at once`, { timeout: 240_000 }, () => {
  it("never start more files than the request takes", async () => {
    const { id, ownerId, publicId } = await aRequest({ maxFiles: 37 })

    expect(await race(publicId, { guests: GUESTS, each: 2, size: 1 })).toBe(37)
    expect(await requireRequest(ownerId, id)).toMatchObject({ fileCount: 37 })
    expect(await db.delivery.count()).toBeLessThanOrEqual(37)
  })

  it("never start more bytes than the request takes", async () => {
    const { id, ownerId, publicId } = await aRequest({ maxBytes: 100 * MIB })

    expect(await race(publicId, { guests: GUESTS, each: 1, size: 3 * MIB })).toBe(33)
    expect(await requireRequest(ownerId, id)).toMatchObject({ totalBytes: 99 * MIB })
  })

  it("never start more bytes than three quarters of the owner's quota, over two requests", async () => {
    const owner = await aMember()
    await db.member.update({ where: { id: owner }, data: { quotaBytes: 50n } })
    const requests = [await aRequest({ owner }), await aRequest({ owner })]

    const accepted = await Promise.all(
      requests.map(({ publicId }) => race(publicId, { guests: GUESTS / 2, each: 1, size: 3 })),
    )

    expect(accepted.reduce((sum, one) => sum + one)).toBe(12)
    expect(await readUsage(owner)).toMatchObject({ usedBytes: 36 })
  })

  it("answer a request that takes one delivery only once", async () => {
    const { id, ownerId, publicId } = await aRequest({ reusable: false })
    const guests = await someGuests(publicId, 8)
    for (const guest of guests) await sentBy(guest)

    const done = await Promise.allSettled(guests.map((guest) => finishDelivery(guest, DONE)))

    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await requireRequest(ownerId, id)).toMatchObject({ status: "used_up", deliveries: 1 })
    await expect(aGuest(publicId)).rejects.toBeRefusal("gone")
  })

  it("by links of their own never deliver more often than each link allows, and each link counts its own", async () => {
    const { id: shareId, ownerId } = await aRequest()
    const links = await Promise.all(
      [1, 2, null].map((maxDownloads) =>
        aRecipientOf({ shareId }, { name: "Maria", maxDownloads }),
      ),
    )
    const guests = await Promise.all(links.map(({ publicId }) => someGuests(publicId, 4)))
    for (const guest of guests.flat()) await sentBy(guest)

    const done = await Promise.allSettled(guests.flat().map((guest) => finishDelivery(guest, DONE)))

    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1 + 2 + 4)
    const rows = await db.link.findMany({ where: { shareId, open: false }, orderBy: { id: "asc" } })
    expect(rows.map(({ downloads }) => downloads).sort()).toEqual([1, 2, 4])
    expect(await requireRequest(ownerId, shareId)).toMatchObject({ status: "open", deliveries: 7 })
    await expect(aGuest(links[0]?.publicId ?? new Uint8Array(8))).rejects.toBeRefusal("gone")
    await expect(sentBy(guests[0]?.[0] as never)).rejects.toBeRefusal("gone")
    await aGuest(links[2]?.publicId ?? new Uint8Array(8))
  })
})

describe("a guest", () => {
  it("sends a file that belongs to the owner, in the request's folder", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)

    const [started] = await startUploads(guest, [{ ...aFile(5), path: "Sea/North" }])
    expect(started).toMatchObject({ file: { path: "Sea/North", status: "uploading" } })
    expect((await listFiles(ownerId)).items).toEqual([])

    await sentBy(guest)
    expect((await listFiles(ownerId)).items).toMatchObject([{ path: "Inbox", status: "ready" }])
    expect(await readUsage(ownerId)).toMatchObject({ usedBytes: 10 })
  })

  it("sees, completes, signs and withdraws only files of the own delivery", async () => {
    const { publicId } = await aRequest()
    const [one, other] = [await aGuest(publicId), await aGuest(publicId)]
    const { file, put } = await startedBy(one)
    await put()
    await startedBy(other)

    await expect(completeFile(other, file.id, {})).rejects.toBeRefusal("not_found")
    await expect(signParts(other, file.id, { partNumbers: [1] })).rejects.toBeRefusal("not_found")
    await expect(withdrawFile(other, file.id)).rejects.toBeRefusal("not_found")
    expect((await listFiles(one)).items).toMatchObject([{ id: file.id }])
    expect(await completeFile(one, file.id, {})).toMatchObject({ status: "ready", path: "" })
  })

  it("cannot use the ticket at another request, or after a new link or another password", async () => {
    const [request, other] = [await aRequest(), await aRequest()]
    const guest = await aGuest(request.publicId)
    await sentBy(guest)

    await expect(again(guest, other.publicId)).rejects.toBeRefusal("not_found")
    await editRequest(acting(request.ownerId), request.id, { password: "open sesame" })
    await expect(again(guest, request.publicId)).rejects.toBeRefusal("locked")
    await expect(sentBy(guest)).rejects.toBeRefusal("locked")
    await newRequestLink(acting(request.ownerId), request.id, { keepSlug: true })
    await expect(again(guest, request.publicId)).rejects.toBeRefusal("not_found")
  })

  it("needs the password of a locked request", async () => {
    const { publicId } = await aRequest({ password: "open sesame" })

    await expect(aGuest(publicId)).rejects.toBeRefusal("locked")
  })

  it("is refused types and sizes that the request does not take", async () => {
    const { publicId } = await aRequest({ types: ["pdf", "image/*"], maxFileBytes: 100 })
    const guest = await aGuest(publicId)

    const answers = await startUploads(guest, [
      aFile(101),
      { name: "a.exe", size: 1, contentType: "application/octet-stream" },
      aFile(100),
    ])

    expect(answers).toMatchObject([
      { code: "too_large" },
      { code: "not_allowed" },
      { file: { size: 100 } },
    ])
  })

  it.each([
    ["plan.PDF", "application/octet-stream", true],
    ["plan.pdf. .", "application/octet-stream", true],
    ["photo", "Image/WebP; q=1", true],
    ["pdf", "text/plain", false],
    ["page", "text/html", false],
    ["plan.pdf::$DATA.exe", "text/plain", false],
  ])(
    "is judged by its name as systems take it, and by its kind (%j, %s)",
    async (name, contentType, isTaken) => {
      const { publicId } = await aRequest({ types: ["pdf", "image/*", "text/css"] })
      const [answer] = await startUploads(await aGuest(publicId), [{ name, size: 1, contentType }])
      if (isTaken) return expect(answer).toMatchObject({ file: { name } })
      expect(answer).toBeRefusal("not_allowed", {
        field: "name",
        message: `Only PDF files, photos, and CSS files are accepted here.`,
      })
    },
  )

  it.each([
    ["../secret", false],
    ["..", false],
    ["a/b", false],
    ["x".repeat(10_000), false],
    ["nul\0name.txt", true],
    ["cod\u202Etxt.exe", true],
    ["\\\\server\\share.txt", true],
  ])("names a file only by what is safe (%j)", async (name, isStored) => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const send = async () => startUploads(guest, [parse(FileInput, { name, size: 1 })])

    if (!isStored) return expect(send()).rejects.toBeRefusal("invalid")
    const [started] = await send()
    if (!started || !("file" in started)) throw started
    expect(started.file.name).not.toMatch(/[\0\u202E\\]/)
  })

  it("cannot leave the owner's folder by a path", async () => {
    expect(() => parse(FileInput, { name: "a", size: 1, path: "../.." })).toThrow()
    const { publicId } = await aRequest({ folder: `${"f".repeat(255)}/${"f".repeat(255)}` })
    const guest = await aGuest(publicId)
    const path = Array.from({ length: 3 }, () => "g".repeat(250)).join("/")

    const [answer] = await startUploads(guest, [{ ...aFile(1), path }])

    expect(answer).toBeRefusal("invalid")
  })

  it("adds and withdraws nothing once the delivery is done, and keeps a receipt", async () => {
    const { id, ownerId, publicId } = await aRequest({ thanks: "Thank you!" })
    const guest = await aGuest(publicId)
    const { id: fileId } = await sentBy(guest)
    const late = await startedBy(guest)

    await expect(finishDelivery(guest, DONE)).rejects.toBeRefusal("conflict")
    await withdrawFile(guest, late.file.id)
    await finishDelivery(guest, DONE)

    await expect(sentBy(guest)).rejects.toBeRefusal("conflict")
    await expect(withdrawFile(guest, fileId)).rejects.toBeRefusal("conflict")
    await revokeRequest(ownerId, id)
    expect(await readReceipt(publicId, guest.ticket)).toMatchObject({
      title: "Photos, please",
      thanks: "Thank you!",
      files: [{ name: "boat.jpg", path: "", size: 5 }],
    })
    await expect(readReceipt(publicId, null)).rejects.toBeRefusal("not_found")
  })

  it("frees the room of a withdrawn file at once, and its bytes when no URL can store them", async () => {
    const { ownerId, publicId } = await aRequest({ maxFiles: 1 })
    const guest = await aGuest(publicId)
    const { file } = await startedBy(guest)

    await withdrawFile(guest, file.id)

    expect(await startedBy(guest)).toMatchObject({ file: { status: "uploading" } })
    expect(await readUsage(ownerId)).toMatchObject({ usedBytes: 10 })
  })

  it("reads the name and folder that it sent, whatever the owner calls the file later", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const { id } = await sentBy(guest, { name: "cv.pdf", path: "Papers" })
    const known = async () => {
      const [listed] = (await listFiles(guest)).items
      const [noted] = (await readReceipt(publicId, guest.ticket)).files
      const files = [listed, noted, await completeFile(guest, id, {})]
      return files.map((file) => `${file?.path}/${file?.name}`)
    }
    const sent = ["Papers/cv.pdf", "Papers/cv.pdf", "Papers/cv.pdf"]
    expect(await known()).toEqual(sent)
    await renameFile(ownerId, id, "Rejected.pdf")
    await moveFiles(ownerId, { fileIds: [id], path: "Inbox/No" })

    expect(await known()).toEqual(sent)
    expect((await listFiles(ownerId)).items).toMatchObject([
      { name: "Rejected.pdf", path: "Inbox/No" },
    ])

    await eraseDelivery(ownerId, guest.deliveryId, { files: "keep" })
    const file = await db.file.findUnique({ where: { id } })
    expect(file).toMatchObject({ sentName: null, sentPath: null })
    // As for files of the version before.
    expect((await listFiles(guest)).items).toMatchObject([{ name: "Rejected.pdf", path: "No" }])
  })

  it("gets no URL for a part of a complete file", async () => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const { id } = await sentBy(guest)

    await expect(signParts(guest, id, { partNumbers: [1] })).rejects.toBeRefusal("conflict")
    expect(await completeFile(guest, id, {})).toMatchObject({ status: "ready" })
  })
})

describe("an attack by a URL or by bytes", () => {
  it("stores nothing with the URL of a part after the file is complete", async () => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const [started] = await startUploads(guest, [aFile(8 * MIB + 1)])
    if (!started || !("file" in started)) throw started
    const { id } = started.file
    const { parts } = await signParts(guest, id, { partNumbers: [1, 2] })
    const put = (index: number, byte: string) => {
      const { url = "", headers = {} } = parts[index] ?? {}
      const body = byte.repeat(index === 0 ? 8 * MIB : 1)
      return fetch(url, { method: "PUT", headers, body })
    }
    for (const index of [0, 1]) expect((await put(index, "a")).ok).toBe(true)
    await completeFile(guest, id, {})
    const key = (await db.file.findUniqueOrThrow({ where: { id } })).objectKey ?? ""

    expect((await put(1, "b")).ok).toBe(false)

    expect(Buffer.from(await readStart(key, 8 * MIB + 1)).at(-1)).toBe("a".charCodeAt(0))
  })

  it("completes no file of which bytes are withheld, or others than announced", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const [started] = await startUploads(guest, [aFile(5)])
    if (!started || !("file" in started) || started.upload.method !== "put") throw started
    const { url, headers } = started.upload
    const put = (body: string) => fetch(url, { method: "PUT", headers, body })

    await expect(completeFile(guest, started.file.id, {})).rejects.toBeRefusal("conflict")
    for (const body of ["byte", "bytes and more"]) expect((await put(body)).ok).toBe(false)
    await expect(completeFile(guest, started.file.id, {})).rejects.toBeRefusal("conflict")
    expect((await put("bytes")).ok).toBe(true)
    expect((await put("other")).ok).toBe(false)
    await completeFile(guest, started.file.id, {})

    expect((await put("again")).ok).toBe(false)
    const { url: download } = await downloadFile(ownerId, started.file.id)
    expect(await (await fetch(download)).text()).toBe("bytes")
  })
})

describe("a revocation in the middle of an upload", () => {
  it("refuses the next part and removes what has arrived, but not what is complete", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const complete = await sentBy(guest)
    const { file, put } = await startedBy(guest)
    const [parts] = await startUploads(guest, [aFile(9 * MIB)])
    if (!parts || !("file" in parts)) throw parts
    await signParts(guest, parts.file.id, { partNumbers: [1] })
    await put()

    await revokeRequest(ownerId, id)

    await expect(again(guest, publicId)).rejects.toBeRefusal("gone")
    await expect(completeFile(guest, file.id, {})).rejects.toBeRefusal("gone")
    expect(await endDeliveries()).toBe(2)
    const objects = await db.object.findMany({ where: { state: "doomed" } })
    expect(objects).toHaveLength(2)
    for (const { key } of objects) await destroyObject(key)
    expect((await listFiles(ownerId)).items).toMatchObject([{ id: complete.id }])
    expect(await db.file.findMany({ where: { status: "uploading" } })).toEqual([])
  })

  it("lets its guests go on when the owner undoes it", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    await startedBy(guest)
    await revokeRequest(ownerId, id)
    await restoreRequest(acting(ownerId), id)

    expect(await endDeliveries()).toBe(0)
    expect(await sentBy(await again(guest, publicId))).toMatchObject({ status: "ready" })
  })

  it("lets no file become ready after it, however the two race", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, ownerId, publicId } = await aRequest()
      const guest = await aGuest(publicId)
      const { file, put } = await startedBy(guest)
      await put()

      const [finished] = await Promise.allSettled([
        completeFile(guest, file.id, {}),
        revokeRequest(ownerId, id),
      ])
      await endDeliveries()

      const { status } = await db.file.findUniqueOrThrow({ where: { id: file.id } })
      expect(status).toBe(finished.status === "fulfilled" ? "ready" : "abandoned")
    }
  })
})

describe("an owner who ends the uploads of a sender", () => {
  it("has the room at once as far as no URL can store any more, and leaves what arrived", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const [guest, other] = [await aGuest(publicId), await aGuest(publicId)]
    await sentBy(guest, { bytes: "here" })
    await startedBy(other, { bytes: "of another" })
    const late = await startedBy(guest, { bytes: "late" })
    const input = { name: "film.mp4", size: 9 * MIB, contentType: "video/mp4" }
    const [unbegun, begun] = await startUploads(guest, [input, input])
    if (!unbegun || !begun || !("file" in unbegun) || !("file" in begun)) throw new Error("refused")
    await signParts(guest, begun.file.id, { partNumbers: [1] })
    const ofGuest = async () =>
      (await listDeliveries(ownerId, id)).items.find((one) => one.id === guest.deliveryId)
    expect(await ofGuest()).toMatchObject({
      ...{ arrivingFileCount: 3, arrivingBytes: 18 * MIB + 4, files: [{ size: 4 }] },
    })

    await endUploadsOf(ownerId, guest.deliveryId)
    await endUploadsOf(ownerId, guest.deliveryId)

    expect(await ofGuest()).toMatchObject({ arrivingFileCount: 0, files: [{ size: 4 }] })
    await destroyDoomed()
    expect(await readUsage(ownerId)).toMatchObject({ usedBytes: 9 * MIB + 4 + 4 + 10 })
    await endUploadUrls()
    await destroyDoomed()
    expect(await readUsage(ownerId)).toMatchObject({ usedBytes: 4 + 10 })

    const ended = { message: expect.stringContaining("has ended") }
    for (const { file } of [unbegun, begun, late]) {
      await expect(resumeUpload(guest, file.id)).rejects.toBeRefusal("gone", ended)
      await expect(completeFile(guest, file.id, {})).rejects.toBeRefusal("gone", ended)
    }
    expect(await sentBy(guest)).toMatchObject({ status: "ready" })
    const stranger = await aMember()
    await expect(endUploadsOf(stranger, guest.deliveryId)).rejects.toBeRefusal("not_found")
  })

  it("ends none that is complete at the same moment", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const uploads = await inTurn(MAX_UNSENT_FILES, () => startedBy(guest))
    await Promise.all(uploads.map(({ put }) => put()))

    const [, ...completed] = await Promise.allSettled([
      answered(() => endUploadsOf(ownerId, guest.deliveryId)),
      ...uploads.map(({ file }) => answered(() => completeFile(guest, file.id, {}))),
    ])

    const ready = await db.file.count({ where: { status: "ready", deletedAt: null } })
    expect(completed.filter(({ status }) => status === "fulfilled")).toHaveLength(ready)
    expect(await db.file.count({ where: { endedFor: "owner" } })).toBe(MAX_UNSENT_FILES - ready)
  })
})

describe("an erasure beside what its sender does", () => {
  it("leaves no name of uploads that end beside it, and lets none end after it", {
    timeout: 120_000,
  }, async () => {
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const uploads = []
    for (let n = 0; n < MAX_UNSENT_FILES; n++)
      uploads.push(await startedBy(guest, { name: `Bo ${n}.jpg` }))
    await Promise.all(uploads.map(({ put }) => put()))

    const ends = uploads.map(({ file }) => answered(() => completeFile(guest, file.id, {})))
    await Promise.any(ends)
    await answered(() => eraseDelivery(ownerId, guest.deliveryId, { files: "keep" }))
    const done = await Promise.allSettled(ends)
    await endDeliveries()

    const { erasedAt } = await db.delivery.findUniqueOrThrow({ where: { id: guest.deliveryId } })
    const files = await db.file.findMany()
    expect(
      files.filter(({ sentName, sentPath }) => sentName !== null || sentPath !== null),
    ).toEqual([])
    const ready = files.filter(({ status }) => status === "ready")
    expect(ready).toHaveLength(done.filter(({ status }) => status === "fulfilled").length)
    const received = await db.auditEntry.findMany({ where: { action: "request.receive" } })
    for (const { at } of received) expect(at.getTime()).toBeLessThanOrEqual(Number(erasedAt))
    expect(files.filter(({ status }) => status === "abandoned")).toHaveLength(
      MAX_UNSENT_FILES - ready.length,
    )
    expect((await requireRequest(ownerId, id)).arrivingFileCount).toBe(0)
  })

  it("forgets the name that a delivery gives which is done at that moment", async () => {
    for (let round = 0; round < 10; round++) {
      const { ownerId, publicId } = await aRequest()
      const guest = await aGuest(publicId)
      await sentBy(guest)

      await Promise.allSettled([
        finishDelivery(guest, { sender: { name: "Bo" }, fields: {} }),
        eraseDelivery(ownerId, guest.deliveryId, { files: "keep" }),
      ])

      const { name } = await db.delivery.findUniqueOrThrow({ where: { id: guest.deliveryId } })
      expect(name).toBe("")
    }
  })

  it("is refused with an answer to a question that its request does not ask", async () => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)
    await sentBy(guest)

    await expect(
      finishDelivery(guest, { sender: {}, fields: { Branch: "main" } }),
    ).rejects.toBeRefusal("invalid")
    await finishDelivery(guest, { sender: {}, fields: { Branch: "" } })
  })

  it("keeps no name of a file that its sender withdrew, and the receipt's of one that is deleted", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const [withdrawn, deleted] = [await sentBy(guest), await sentBy(guest, { name: "pier.jpg" })]
    const sentName = async (id: string) =>
      (await db.file.findUniqueOrThrow({ where: { id } })).sentName

    await withdrawFile(guest, withdrawn.id)
    expect(await sentName(withdrawn.id)).toBeNull()
    await finishDelivery(guest, DONE)
    await renameFile(ownerId, deleted.id, "x.jpg")
    await deleteFile(ownerId, deleted.id)
    expect((await readReceipt(publicId, guest.ticket)).files).toMatchObject([{ name: "pier.jpg" }])
    await eraseDelivery(ownerId, guest.deliveryId, { files: "keep" })
    expect(await sentName(deleted.id)).toBeNull()
  })
})

describe("the audit log", () => {
  it("says who removed a file: its sender, by the id of the delivery, or its owner", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const [withdrawn, deleted] = [await sentBy(guest), await sentBy(guest)]
    const { file: unfinished } = await startedBy(guest)
    for (const { id } of [withdrawn, unfinished]) await withdrawFile(guest, id)
    await finishDelivery(guest, { sender: { name: "Bo" }, fields: {} })
    await deleteFile(ownerId, deleted.id)

    const entries = await db.auditEntry.findMany({ orderBy: { at: "asc" } })
    const entryOf = (id: string, action: string) =>
      entries.find((entry) => entry.targetId === id && entry.action === action)
    const { deliveryId } = guest
    for (const { id } of [withdrawn, unfinished])
      expect(entryOf(id, "request.withdraw")).toMatchObject({
        actorId: null,
        details: { name: "boat.jpg", deliveryId },
      })
    expect(entryOf(deleted.id, "file.delete")).toMatchObject({ actorId: ownerId })
    expect(entries.find(({ action }) => action === "request.deliver")?.details).toMatchObject({
      deliveryId,
    })
    expect(JSON.stringify(entries)).not.toContain("Bo")

    const admin = await anAdmin()
    expect(await senderNames(admin, [deliveryId, "no id"])).toEqual(new Map([[deliveryId, "Bo"]]))
    await eraseDelivery(ownerId, deliveryId, { files: "keep" })
    expect(await senderNames(admin, [deliveryId])).toEqual(new Map())
  })
})

describe("requireGuest", () => {
  it("knows nobody without a ticket", async () => {
    const { publicId } = await aRequest()
    const nobody = { unlock: null, delivery: null }
    await expect(requireGuest(publicId, nobody)).rejects.toBeRefusal("not_found")
  })
})
