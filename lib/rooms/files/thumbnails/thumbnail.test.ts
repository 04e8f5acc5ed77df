import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { headObject } from "#lib/adapters/storage.ts"
import { cutOffFile } from "#lib/rooms/cut-offs/cut-off-file.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { ThumbnailInput } from "#lib/rooms/files/file.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import {
  aFile,
  aPicture,
  aStartedFile,
  sendThumbnail,
  THUMBNAIL,
} from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy, startedBy } from "#testing/builders/a-request.ts"
import { finishThumbnail } from "./finish-thumbnail.ts"
import { listMissingThumbnails, readPicture } from "./missing-thumbnails.ts"
import { readThumbnail } from "./read-thumbnail.ts"
import { startThumbnail } from "./start-thumbnail.ts"

const PHOTO = { name: "boat.png", contentType: "image/png" }
const WEBP = { size: 4, contentType: "image/webp" } as const

async function aPhoto() {
  const owner = await aMember()
  const { id } = await aPicture(owner)
  return { owner, id }
}

type Photo = Awaited<ReturnType<typeof aPhoto>>

const send = ({ owner, id }: Photo, body?: Uint8Array<ArrayBuffer>) =>
  sendThumbnail(owner, id, body)

async function aThumbnail(photo: Photo) {
  expect((await send(photo)).ok).toBe(true)
  await finishThumbnail(photo.owner, photo.id)
  return keyOf(photo)
}

const keyOf = async ({ id }: Photo) =>
  (await db.file.findUniqueOrThrow({ where: { id } })).thumbnailKey ?? ""

/** How many statements wait for a row lock. */
async function waiting() {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`
  return row?.count
}

const usedBy = async ({ owner }: Photo) =>
  (await db.member.findUniqueOrThrow({ where: { id: owner } })).usedBytes

describe("the thumbnail of a file", () => {
  it("is a separate object with a colour, and takes nothing of the quota", async () => {
    const photo = await aPhoto()
    const used = await usedBy(photo)
    const key = await aThumbnail(photo)

    const object = await db.object.findUniqueOrThrow({ where: { key } })
    expect(object).toMatchObject({
      kind: "thumbnail",
      state: "live",
      size: BigInt(THUMBNAIL.length),
      fileId: photo.id,
    })
    expect(object.colour).not.toBeNull()
    expect(await usedBy(photo)).toBe(used)
    expect(await requireFile(photo.owner, photo.id)).toMatchObject({ status: "ready", size: 10 })
  })

  it("is finished while the file is added to a share, without a deadlock", async () => {
    const photo = await aPhoto()
    await send(photo)
    const { finish } = await db.$transaction(async (tx) => {
      // Locks as the row of a share and its trigger do.
      await tx.$queryRaw`SELECT id FROM file WHERE id = ${photo.id}::uuid FOR KEY SHARE`
      const finish = finishThumbnail(photo.owner, photo.id)
      finish.catch(() => {})
      await expect.poll(waiting).toBe(1)
      await tx.$executeRaw`UPDATE file SET maybe_unshared = false WHERE id = ${photo.id}::uuid`
      return { finish }
    })
    await finish
    expect(await keyOf(photo)).not.toBe("")
  })

  it("is finished once under repeats and races, and a new one ends the previous one", async () => {
    const photo = await aPhoto()
    await send(photo)
    const finish = () => finishThumbnail(photo.owner, photo.id)
    await Promise.all([finish(), finish(), finish()])
    await finish()
    const first = await keyOf(photo)

    const second = await aThumbnail(photo)

    expect(second).not.toBe(first)
    const live = await db.object.findMany({
      where: { fileId: photo.id, kind: "thumbnail", state: "live" },
    })
    expect(live.map(({ key }) => key)).toEqual([second])
  })

  it("is refused before its bytes have arrived, and with other bytes than announced", async () => {
    const photo = await aPhoto()
    const finish = finishThumbnail(photo.owner, photo.id)
    await expect(finish).rejects.toBeRefusal("conflict")
    expect((await send(photo, new Uint8Array(THUMBNAIL.length + 1))).status).toBe(403)
    const again = finishThumbnail(photo.owner, photo.id)
    await expect(again).rejects.toBeRefusal("conflict")
    expect(await keyOf(photo)).toBe("")
  })

  it("is never a picture that browsers would need gigabytes for, nor of another format", async () => {
    const photo = await aPhoto()
    const bytes = THUMBNAIL.length
    const large = new Uint8Array(THUMBNAIL)
    large.set([0xff, 0xff, 0xff, 0x0f], 21) // 16,384 × 16,384
    const png = new Uint8Array(bytes)
    png.set(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))
    for (const body of [large, png, new Uint8Array(bytes)]) {
      expect((await send(photo, body)).ok).toBe(true)
      const finish = finishThumbnail(photo.owner, photo.id)
      await expect(finish).rejects.toBeRefusal("invalid")
      expect(await keyOf(photo)).toBe("")
    }
  })

  it("of a PDF is its first page, which is listed as missing and has a URL to draw it from", async () => {
    const owner = await aMember()
    const { id } = await aFile({ owner })
    await db.file.update({ where: { id }, data: { readyAt: new Date(Date.now() - 120_000) } })
    expect((await listMissingThumbnails(owner)).map((file) => file.id)).toEqual([id])
    expect((await readPicture(owner, id)).url).toMatch(/^http/)
    expect((await sendThumbnail(owner, id)).ok).toBe(true)
    await finishThumbnail(owner, id)
    expect((await requireFile(owner, id)).hasThumbnail).toBe(true)
    expect(await listMissingThumbnails(owner)).toEqual([])
  })

  it("is made only of pictures, videos and PDFs that are ready, and only by the owner", async () => {
    const owner = await aMember()
    const text = await aFile({ owner, name: "x.txt", contentType: "text/plain" })
    const svg = await aFile({ owner, name: "x.svg", contentType: "image/svg+xml" })
    const started = await aStartedFile({ owner, ...PHOTO })
    for (const { id } of [text, svg, started.file]) {
      const start = startThumbnail(owner, id, WEBP)
      await expect(start).rejects.toBeRefusal("conflict")
    }
    const photo = await aPhoto()
    const other = await aMember()
    for (const call of [
      () => startThumbnail(other, photo.id, WEBP),
      () => finishThumbnail(other, photo.id),
    ]) {
      await expect(call()).rejects.toBeRefusal("not_found")
    }
    expect(
      ThumbnailInput.safeParse({ size: 64 * 1024 + 1, contentType: "image/webp" }).success,
    ).toBe(false)
    expect(ThumbnailInput.safeParse({ size: 9, contentType: "text/html" }).success).toBe(false)
  })

  it("is begun only a few times, also at once, so that nothing fills the store", async () => {
    const photo = await aPhoto()
    const starts = Array.from({ length: 20 }, () => startThumbnail(photo.owner, photo.id, WEBP))
    const settled = await Promise.allSettled(starts)
    const refused = settled.filter((each) => each.status === "rejected")
    expect(refused).toHaveLength(16)
    expect(refused[0]?.reason).toBeRefusal("too_many")
    expect(await db.object.count({ where: { fileId: photo.id, kind: "thumbnail" } })).toBe(4)
  })

  it("that is missing is drawn from a URL for the owner, until a cut off", async () => {
    const photo = await aPhoto()
    const other = await aMember()
    // The tab that uploads it may be drawing it.
    expect(await listMissingThumbnails(photo.owner)).toEqual([])
    const readyAt = new Date(Date.now() - 61_000)
    await db.file.update({ where: { id: photo.id }, data: { readyAt } })
    expect((await listMissingThumbnails(photo.owner)).map(({ id }) => id)).toEqual([photo.id])
    expect(await listMissingThumbnails(other)).toEqual([])
    await expect(readPicture(other, photo.id)).rejects.toBeRefusal("not_found")
    const { url } = await readPicture(photo.owner, photo.id)
    expect((await fetch(url)).status).toBe(200)

    await cutOffFile(photo.owner, photo.id)
    await expect.poll(async () => (await fetch(url)).status).toBe(403)

    await aThumbnail(photo)
    expect(await listMissingThumbnails(photo.owner)).toEqual([])
    await expect(readPicture(photo.owner, photo.id)).rejects.toBeRefusal("conflict")
  })

  it("is missing of what guests sent, once it is complete, page by page", async () => {
    const { ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const sent: string[] = []
    for (let n = 0; n < 3; n++) sent.unshift((await sentBy(guest)).id)
    await startedBy(guest)

    const idsOf = (files: { id: string }[]) => files.map(({ id }) => id)
    expect(idsOf(await listMissingThumbnails(ownerId))).toEqual(sent)
    expect(idsOf(await listMissingThumbnails(ownerId, { after: sent[0] }))).toEqual(sent.slice(1))
    expect(await listMissingThumbnails(ownerId, { after: sent[2] })).toEqual([])
    const [id = ""] = sent
    await aThumbnail({ owner: ownerId, id })
    expect(idsOf(await listMissingThumbnails(ownerId))).toEqual(sent.slice(1))
  })

  it("is shown to its owner alone, until a cut off", async () => {
    const photo = await aPhoto()
    const { owner, id } = photo
    await expect(readThumbnail(owner, id)).rejects.toBeRefusal("not_found")
    expect(await requireFile(owner, id)).toMatchObject({ hasThumbnail: false })
    await aThumbnail(photo)
    expect(await requireFile(owner, id)).toMatchObject({ hasThumbnail: true })
    await expect(readThumbnail(await aMember(), id)).rejects.toBeRefusal("not_found")

    const { url } = await readThumbnail(owner, id)
    const shown = await fetch(url)
    expect(shown.headers.get("content-type")).toBe("image/webp")
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(new Uint8Array(THUMBNAIL))
    await cutOffFile(owner, id)
    await expect.poll(async () => (await fetch(url)).status).toBe(403)
  })

  it("is deleted with its file", async () => {
    const photo = await aPhoto()
    const key = await aThumbnail(photo)
    await deleteFile(photo.owner, photo.id)
    expect(await db.object.findUniqueOrThrow({ where: { key } })).toMatchObject({ state: "doomed" })
    expect(await keyOf(photo)).toBe("")
    expect(await headObject(key)).not.toBeNull() // the job deletes it
  })

  it("is not shown if a delete comes first", async () => {
    for (let round = 0; round < 10; round++) {
      const photo = await aPhoto()
      await send(photo)
      await Promise.allSettled([
        finishThumbnail(photo.owner, photo.id),
        deleteFile(photo.owner, photo.id),
      ])
      const live = await db.object.count({ where: { fileId: photo.id, state: { not: "doomed" } } })
      expect(live).toBe(0)
    }
  })
})
