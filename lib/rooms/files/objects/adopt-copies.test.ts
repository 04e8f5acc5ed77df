import { randomBytes, randomUUID } from "node:crypto"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import {
  copyObject,
  deleteObject,
  headObject,
  listObjects,
  readColour,
  storeTime,
} from "#lib/adapters/storage.ts"
import { cutOffFile } from "#lib/rooms/cut-offs/cut-off-file.ts"
import { rekeyFile } from "#lib/rooms/cut-offs/rekey-file.ts"
import { sweepCopies } from "#lib/rooms/cut-offs/sweep-cut-offs.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aSharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { keepDatabase } from "#testing/database/database-snapshot.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { DAY } from "#testing/units.ts"
import { destroyObject } from "./destroy-object.ts"
import { reconcile } from "./reconcile.ts"

const ROUNDS = process.env.HEAVY ? 40 : 3
const newKey = () => `o/${randomBytes(20).toString("hex")}`
const inDays = async (days: number) => new Date(Number(await storeTime()) + days * DAY)
const fileOf = (id: string) => db.file.findUniqueOrThrow({ where: { id } })
const keyOf = async (id: string) => (await fileOf(id)).objectKey ?? ""

async function rekey(fileId: string) {
  const { size, contentType } = await fileOf(fileId)
  const key = await keyOf(fileId)
  expect(await rekeyFile({ fileId, kind: "file", key, size: Number(size), contentType })).toBe(true)
  await destroyObject(key)
}

async function copyOf(fileId: string, named = fileId) {
  const from = await keyOf(fileId)
  const head = await headObject(from)
  const copy = {
    from,
    to: newKey(),
    size: head?.size ?? 0,
    contentType: "application/pdf",
    colour: await readColour(from),
    otherTags: [],
    fileId: named,
  }
  await copyObject(copy)
  return copy.to
}

/** Makes a file that was copied to another key after the backup that is restored now. */
async function copiedSinceBackup() {
  const shared = await aSharedFile()
  const putBack = await keepDatabase()
  const missing = await keyOf(shared.fileId)
  await rekey(shared.fileId)
  const copy = await keyOf(shared.fileId)
  await putBack()
  expect(await keyOf(shared.fileId)).toBe(missing)
  expect(await statusOf(await shared.click())).not.toBe(200)
  return { ...shared, missing, copy }
}

async function expectOneObject(fileId: string) {
  for (const { key } of await db.object.findMany({ where: { fileId, state: "doomed" } }))
    await destroyObject(key)
  const { objectKey } = await fileOf(fileId)
  const live = await db.object.findMany({ where: { fileId, state: "live" } })
  expect(live.map(({ key }) => key)).toEqual(objectKey ? [objectKey] : [])
  for (const { key, colour } of live) {
    expect(await headObject(key)).not.toBeNull()
    expect(await readColour(key)).toBe(colour)
  }
}

beforeAll(useOwnBucket)

// The bucket is kept between tests, the tables are not.
beforeEach(async () => {
  for await (const { key } of listObjects("o/")) await deleteObject(key)
})

describe("a copy without a row", () => {
  it("becomes the object of its file, even if it is the only object left", async () => {
    const { fileId, missing, copy, click } = await copiedSinceBackup()
    const adopted = [{ id: fileId, key: missing, copy, size: "secret bytes".length }]

    expect(await reconcile({ apply: false })).toMatchObject({ adopted, orphans: [], lost: [] })
    expect(await keyOf(fileId)).toBe(missing)
    expect(await reconcile({ apply: true })).toMatchObject({ adopted, lost: [], young: 0 })

    expect(await keyOf(fileId)).toBe(copy)
    expect(await (await fetch(await click())).text()).toBe("secret bytes")
    await expectOneObject(fileId)
    expect(await reconcile({ apply: true, now: await inDays(3) })).toMatchObject({
      adopted: [],
      orphans: [],
      lost: [],
      objects: 1,
    })
  })

  it("that was adopted is copied by the next cut off, which ends the URLs that were handed out", async () => {
    const { owner, fileId, copy, click } = await copiedSinceBackup()
    await reconcile({ apply: true })
    const kept = await click()

    expect((await cutOffFile(owner, fileId)).cutOff).toMatchObject({
      state: "done",
      how: "rekeyed",
    })

    expect([403, 404]).toContain(await statusOf(kept))
    expect(await keyOf(fileId)).not.toBe(copy)
    expect(await statusOf(await click())).toBe(200)
  })

  it("is deleted if its file has its object, is unknown or was deleted", async () => {
    const { id, ...file } = await aFile()
    const deleted = await aFile()
    const copies = [
      await copyOf(id),
      await copyOf(id, randomUUID()),
      await copyOf(id, "no id"),
      await copyOf(deleted.id),
    ]
    const owner = (await fileOf(deleted.id)).ownerId
    await deleteFile(owner as Parameters<typeof deleteFile>[0], deleted.id)
    // Another file is missing, so that copies are looked for.
    const lost = await aFile()
    await deleteObject(await keyOf(lost.id))

    const found = await reconcile({ apply: true, now: await inDays(2) })

    expect(found.adopted).toEqual([])
    expect(found.orphans.map(({ key }) => key).sort()).toEqual(copies.sort())
    expect(found.lost).toMatchObject([{ id: lost.id }])
    for (const key of copies) expect(await headObject(key)).toBeNull()
    expect((await headObject(await keyOf(id)))?.size).toBe(file.size)
  })

  it("of another size is not used for the file", async () => {
    const [other, { id }] = [
      await aFile({ bytes: "other" }),
      await aFile({ bytes: "longer bytes" }),
    ]
    const copy = await copyOf(other.id, id)
    await deleteObject(await keyOf(id))

    const now = await inDays(2)
    expect(await reconcile({ apply: false, now })).toMatchObject({
      adopted: [],
      orphans: [{ key: copy }],
      lost: [{ id }],
    })
  })

  it("is adopted if it is the newest of several; the others are deleted once they are old", async () => {
    const { fileId, copy, missing } = await copiedSinceBackup()
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // some stores round times to seconds
    await db.file.update({ where: { id: fileId }, data: { size: 12n } })
    const newer = newKey()
    await copyObject({
      from: copy,
      to: newer,
      size: 12,
      contentType: "text/plain",
      colour: "amber",
      otherTags: [],
      fileId,
    })

    const found = await reconcile({ apply: true, now: await inDays(2) })

    expect(found).toMatchObject({
      adopted: [{ copy: newer, key: missing }],
      orphans: [{ key: copy }],
      lost: [],
    })
    expect(await headObject(copy)).toBeNull()
    await expectOneObject(fileId)
  })

  it.each(["reconcile", "the sweep"])(
    "whose row says that it is unfinished is adopted by %s",
    async (by) => {
      const { fileId, copy } = await copiedSinceBackup()
      await db.object.create({
        data: { key: copy, fileId, state: "uploading", putExpiresAt: new Date(0), colour: "blue" },
      })

      if (by === "the sweep") await sweepCopies()
      else expect((await reconcile({ apply: true })).adopted).toMatchObject([{ copy }])

      expect(await keyOf(fileId)).toBe(copy)
      await expectOneObject(fileId)
    },
  )

  it("is not lost in a race of two reconciliations, the sweep and a delete", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { owner, fileId, copy, click } = await copiedSinceBackup()
      const deletes = round % 3 === 2
      const now = await inDays(2)
      const apply = () =>
        reconcile({ apply: true, now }).catch((error) => {
          // The other reconciliation changed everything first, so bucket and database seem to have
          // nothing in common.
          expect(error.code).toBe("conflict")
        })

      await Promise.all([
        apply(),
        deletes ? deleteFile(owner, fileId) : sweepCopies(),
        apply(),
        apply(),
      ])

      if (deletes) expect((await fileOf(fileId)).deletedAt).not.toBeNull()
      else {
        expect(await keyOf(fileId)).toBe(copy)
        expect(await statusOf(await click())).toBe(200)
      }
      await expectOneObject(fileId)
    }
  })
})
