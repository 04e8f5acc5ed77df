import { beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { STORE_TIMEOUTS } from "#lib/adapters/storage/calls/store-timeouts.ts"
import { headObject, readColour } from "#lib/adapters/storage.ts"
import { rekeyFile, rekeyObject } from "#lib/rooms/cut-offs/rekey-file.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import {
  aSharedFile,
  cutOffFileToEnd,
  type SharedFile,
  statusOf,
} from "#testing/builders/shared-file.ts"
import { keepDatabase } from "#testing/database/database-snapshot.ts"
import { throughStoreProxy, writesTags } from "#testing/store/store-proxy.ts"
import {
  beginScan,
  removeTags,
  replaceTags,
  someTags,
  tagsOf,
} from "#testing/store/tagging-program.ts"
import { checkTags } from "./check-tags.ts"

const ROUNDS = process.env.HEAVY ? 40 : 4
const SCANNED = { Key: "scanned", Value: "clean" }
const DEAD = [403, 404]

const live = (fileId: string) => db.object.findFirstOrThrow({ where: { fileId, state: "live" } })

/** The keys that a job is going to copy. */
const toCopy = async () => {
  const jobs = await db.$queryRaw<{ key: string }[]>`
    SELECT payload ->> 'key' AS key FROM graphile_worker._private_jobs AS job
    JOIN graphile_worker._private_tasks AS task ON task.id = job.task_id
    WHERE identifier = 'rekey'`
  return jobs.map(({ key }) => key)
}

/** Runs the check once, with the jobs that it enqueues. */
async function check() {
  await checkTags()
  for (const key of await toCopy()) await rekeyObject(key)
  await db.$executeRaw`DELETE FROM graphile_worker._private_jobs`
}

const reported = () =>
  db.auditEntry.findMany({
    where: { action: "file.tag" },
    select: { targetId: true, details: true },
  })

const counted = async () => (await metrics().foreignTags.get()).values[0]?.value ?? 0

/** Makes the colour of a file this many minutes old. */
const ageColour = (fileId: string, minutes: number) =>
  db.$executeRaw`
    UPDATE object SET colour_since = clock_timestamp() - make_interval(mins => ${minutes}::int)
    WHERE file_id = ${fileId}::uuid`

async function expectDownloads({ click }: SharedFile) {
  expect(await statusOf(await click())).toBe(200)
}

/**
 * Neither the next walk nor a current one runs, so that only objects that got their colour recently
 * are checked.
 */
beforeEach(async () => {
  await db.$executeRaw`
    UPDATE installation SET tag_walk_after = NULL, tag_walk_began_at = clock_timestamp()`
})

describe("a program that writes back the tags it read before a cut off", () => {
  it("revives an ended URL until the check, and never again", async () => {
    const shared = await aSharedFile()
    const other = await aSharedFile({ owner: shared.owner, fileId: shared.fileId })
    const kept = await shared.click()
    const { key } = await live(shared.fileId)
    const writeBack = await beginScan(key)
    expect(await cutOffFileToEnd(shared)).toMatchObject({ state: "done", how: "recoloured" })
    expect(await statusOf(kept)).toBe(403)

    await writeBack()
    expect(await statusOf(kept)).toBe(200)
    expect(await statusOf(await other.click())).toBe(403)
    const before = await counted()
    await check()

    expect(DEAD).toContain(await statusOf(kept))
    await expectDownloads(shared)
    await expectDownloads(other)
    await expect(writeBack()).rejects.toThrow()
    await check()
    expect(DEAD).toContain(await statusOf(kept))
    expect(await reported()).toEqual([
      { targetId: shared.fileId, details: { name: expect.any(String), how: "rekeyed" } },
    ])
    expect((await counted()) - before).toBe(1)
    expect((await live(shared.fileId)).tagUnsure).toBe(false)
  })

  it("revives nothing that a cut off before the check did not also end", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const writeBack = await beginScan((await live(shared.fileId)).key)
    await cutOffFileToEnd(shared)
    await writeBack()
    expect(await statusOf(kept)).toBe(200)
    await checkTags()

    expect(await cutOffFileToEnd(shared)).toMatchObject({ state: "done" })
    expect(DEAD).toContain(await statusOf(kept))
    for (const key of await toCopy()) await rekeyObject(key)
    expect(DEAD).toContain(await statusOf(kept))
    await expectDownloads(shared)
  })

  it("revives nothing permanently while cut offs, checks and clicks run beside it", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const shared = await aSharedFile()
      const kept: string[] = []
      const scan = async () => {
        const { key } = await live(shared.fileId)
        const writeBack = await beginScan(key).catch(() => async () => {})
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 40))
        await Promise.resolve(writeBack()).catch(() => {})
      }
      const visit = async () => void kept.push(await shared.click())
      await Promise.all([visit(), visit()])
      await Promise.all([
        ...[scan(), scan(), scan(), check(), visit()],
        ...[cutOffFileToEnd(shared), check(), scan()],
      ])
      await check()
      await visit()
      const writeBack = await beginScan((await live(shared.fileId)).key)
      await cutOffFileToEnd(shared)
      const before = kept.splice(0)

      await Promise.all([writeBack().catch(() => {}), check()])
      await check()

      for (const url of before) expect(DEAD).toContain(await statusOf(url))
      const { key, colour, taggingSince } = await live(shared.fileId)
      expect([await readColour(key), taggingSince]).toEqual([colour, null])
      await expectDownloads(shared)
    }
  })
})

describe("a tag that another program removed", () => {
  it("is written again if no URL of another colour can work", async () => {
    const shared = await aSharedFile()
    const { key, colour } = await live(shared.fileId)
    await replaceTags(key, [SCANNED])
    const refused = await shared.click()
    expect(await statusOf(refused)).toBe(403)

    await check()

    expect(await statusOf(refused)).toBe(200)
    expect(await live(shared.fileId)).toMatchObject({ key, colour, tagUnsure: false })
    expect(await tagsOf(key)).toEqual([SCANNED, { Key: "signer", Value: colour }])
    expect(await reported()).toMatchObject([{ details: { how: "rewritten" } }])
  })

  it("soon after a cut off has the file copied, and its old URLs stay dead", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const { key } = await live(shared.fileId)
    await cutOffFileToEnd(shared)
    await removeTags(key)

    await check()

    expect(DEAD).toContain(await statusOf(kept))
    expect((await live(shared.fileId)).key).not.toBe(key)
    await expectDownloads(shared)
  })

  it("of a slow program is found at a later check, and within a day in any case", async () => {
    const [slow, old] = [await aSharedFile(), await aSharedFile()]
    for (const { fileId } of [slow, old]) await removeTags((await live(fileId)).key)
    await ageColour(slow.fileId, 40)
    await ageColour(old.fileId, 4_000)

    await check()
    await expectDownloads(slow)
    expect(await statusOf(await old.click())).toBe(403)

    await db.$executeRaw`
      UPDATE installation SET tag_walk_began_at = tag_walk_began_at - interval '1441 minutes'`
    await check()
    await expectDownloads(old)
  })

  it("is not looked for while the store is unreachable, and the walk does not advance", async () => {
    const shared = await aSharedFile()
    await removeTags((await live(shared.fileId)).key)
    await ageColour(shared.fileId, 4_000)
    await db.$executeRaw`UPDATE installation SET tag_walk_after = '', tag_walk_began_at = NULL`
    const timeouts = { ...STORE_TIMEOUTS }
    Object.assign(STORE_TIMEOUTS, { tag: 200 })
    try {
      await throughStoreProxy(
        () => "held",
        () => expect(checkTags()).rejects.toThrow(),
      )
    } finally {
      Object.assign(STORE_TIMEOUTS, timeouts)
    }

    await check()
    await expectDownloads(shared)
  })

  it("that Lapse's own late write changed is corrected and not attributed to another program", async () => {
    const shared = await aSharedFile()
    const { key } = await live(shared.fileId)
    await db.object.update({ where: { key }, data: { tagUnsure: true } })
    await removeTags(key)

    await check()

    expect((await live(shared.fileId)).key).not.toBe(key)
    await expectDownloads(shared)
    expect(await reported()).toEqual([])
  })

  it("of a file that is deleted before the copy is made leaves nothing", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const { key } = await live(shared.fileId)
    const writeBack = await beginScan(key)
    await cutOffFileToEnd(shared)
    await writeBack()
    await checkTags()
    expect(await toCopy()).toEqual([key])

    await deleteFile(shared.owner, shared.fileId)
    await rekeyObject(key)
    await destroyObject(key)

    expect(DEAD).toContain(await statusOf(kept))
    const left = await db.object.findMany({ where: { fileId: shared.fileId } })
    expect(left.filter(({ state }) => state !== "doomed")).toEqual([])
    for (const object of left) expect(await headObject(object.key)).toBeNull()
  })
})

describe("a cut off that the database has lost", () => {
  it("stays done: the file is copied if its row names the colour that was ended", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const putBack = await keepDatabase()
    expect(await cutOffFileToEnd(shared)).toMatchObject({ how: "recoloured" })
    await putBack()
    await ageColour(shared.fileId, 10)

    await check()

    expect(DEAD).toContain(await statusOf(kept))
    await expectDownloads(shared)
  })
})

describe("tags of another program", () => {
  it("stay, whatever an upload, a cut off by colour and a copy do", async () => {
    const others = someTags(9)
    const { owner, file, put } = await aStartedFile({ bytes: "secret bytes" })
    await put()
    const started = await db.object.findFirstOrThrow({ where: { fileId: file.id } })
    await replaceTags(started.key, others)
    await finishUpload(owner, file.id)
    const shared = await aSharedFile({ owner, fileId: file.id })
    const expectTags = async () => {
      const { key, colour } = await live(file.id)
      expect(await tagsOf(key)).toEqual([{ Key: "signer", Value: colour }, ...others])
      await expectDownloads(shared)
    }
    await expectTags()

    expect(await cutOffFileToEnd(shared)).toMatchObject({ how: "recoloured" })
    await expectTags()

    const { key } = await live(file.id)
    const size = { size: 12, contentType: "text/plain" }
    expect(await rekeyFile({ fileId: file.id, kind: "file", key, ...size })).toBe(true)
    expect((await live(file.id)).key).not.toBe(key)
    await expectTags()
  })

  it("that leave no room at an upload make the app's key sign, and cut offs copy", async () => {
    const others = someTags(10)
    const { owner, file, put } = await aStartedFile({ bytes: "secret bytes" })
    await put()
    await replaceTags(
      (await db.object.findFirstOrThrow({ where: { fileId: file.id } })).key,
      others,
    )
    await finishUpload(owner, file.id)
    const shared = await aSharedFile({ owner, fileId: file.id })
    const kept = await shared.click()
    expect(await statusOf(kept)).toBe(200)

    expect(await cutOffFileToEnd(shared)).toMatchObject({ state: "done", how: "rekeyed" })

    expect(DEAD).toContain(await statusOf(kept))
    const { key, colour } = await live(file.id)
    expect([colour, await tagsOf(key)]).toEqual([null, others])
    await expectDownloads(shared)
  })

  it("that leave no room at a cut off, or at a check, have the file copied with them", async () => {
    for (const mend of [cutOffFileToEnd, check]) {
      const shared = await aSharedFile()
      const kept = await shared.click()
      const { key } = await live(shared.fileId)
      await replaceTags(key, someTags(10))

      await mend(shared)

      expect((await live(shared.fileId)).key).not.toBe(key)
      expect(DEAD).toContain(await statusOf(kept))
      await expectDownloads(shared)
      expect(await tagsOf((await live(shared.fileId)).key)).toEqual(someTags(10))
    }
  })

  it("do not hide that a write of the colour was not answered", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const before = await live(shared.fileId)
    await replaceTags(before.key, [SCANNED, { Key: "signer", Value: before.colour ?? "" }])
    const timeouts = { ...STORE_TIMEOUTS }
    Object.assign(STORE_TIMEOUTS, { tag: 300, probe: 300 })
    try {
      const cutOff = await throughStoreProxy(
        (request) => (writesTags(request) ? "unanswered" : "forwarded"),
        () => cutOffFileToEnd(shared),
      )
      expect(cutOff).toMatchObject({ how: "recoloured" })
    } finally {
      Object.assign(STORE_TIMEOUTS, timeouts)
    }

    const { key, colour } = await live(shared.fileId)
    expect(await tagsOf(key)).toEqual([SCANNED, { Key: "signer", Value: colour }])
    expect(await statusOf(kept)).toBe(403)
  })
})
