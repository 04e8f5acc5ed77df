import { randomUUID } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { STORE_TIMEOUTS } from "#lib/adapters/storage/calls/store-timeouts.ts"
import { readColour } from "#lib/adapters/storage.ts"
import { cutOffFile } from "#lib/rooms/cut-offs/cut-off-file.ts"
import { findFileCutOff } from "#lib/rooms/cut-offs/read-cut-off.ts"
import { runCutOff } from "#lib/rooms/cut-offs/run-cut-off.ts"
import { writeColour } from "#lib/rooms/files/objects/write-colour.ts"
import { settleRestore } from "#lib/rooms/shares/bulk/settle-restore.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aSharedFile, type SharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { keepDatabase } from "#testing/database/database-snapshot.ts"
import { type Fate, throughStoreProxy, writesTags } from "#testing/store/store-proxy.ts"
import { restoreTags } from "./restore-tags.ts"

const ROUNDS = process.env.HEAVY ? 40 : 5

const settle = () => settleRestore({ id: randomUUID(), takenAt: null, revoke: [], disable: [] })

/** Passes the time in which a URL from before the restore may work. */
async function passLostUrls() {
  await db.$executeRaw`UPDATE object SET colour_since = colour_since - interval '310 seconds'`
  await db.$executeRaw`
    UPDATE installation SET restored_at = restored_at - interval '310 seconds'`
}

const live = (fileId: string) => db.object.findFirstOrThrow({ where: { fileId, state: "live" } })

/** A request waits two seconds for a cut off; on a slow machine the job completes it. */
async function cutOff({ owner, fileId }: SharedFile) {
  let { cutOff } = await cutOffFile(owner, fileId)
  while (cutOff?.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { cutOffId } = await db.file.findUniqueOrThrow({ where: { id: fileId } })
    if (cutOffId) await runCutOff(cutOffId).catch(() => {})
    cutOff = await findFileCutOff(fileId)
  }
  return cutOff?.how
}

/** Makes two URLs after a backup, before and after a cut off that recoloured the file. */
async function cutOffSinceBackup() {
  const shared = await aSharedFile()
  const putBack = await keepDatabase()
  const before = await shared.click()
  expect(await cutOff(shared)).toBe("recoloured")
  const after = await shared.click()
  await putBack()
  await settle()
  return { shared, before, after, key: (await live(shared.fileId)).key }
}

const tagging = { ...STORE_TIMEOUTS }
afterEach(() => Object.assign(STORE_TIMEOUTS, tagging))

describe("after a restore", () => {
  it("a file whose colour a cut off changed since the backup downloads again", async () => {
    const { shared, after } = await cutOffSinceBackup()
    expect(await statusOf(await shared.click())).toBe(403)

    await restoreTags("")

    const { key, colour, taggingSince, tagUnsure } = await live(shared.fileId)
    expect(await readColour(key)).toBe(colour)
    expect([taggingSince, tagUnsure]).toEqual([null, false])
    expect(await statusOf(await shared.click())).toBe(200)
    expect(await statusOf(after)).toBe(403)
  })

  it.each(["before", "after"])(
    "a cut off kills what was handed out since the backup, %s the tags are as the rows say",
    async (order) => {
      const { shared, before, after } = await cutOffSinceBackup()
      if (order === "after") await restoreTags("")
      // The events of these clicks are lost.
      expect(await db.event.count({ where: { kind: "claim" } })).toBe(0)

      expect(await cutOff(shared)).toBe("rekeyed")

      await restoreTags("")
      for (const url of [before, after]) expect([403, 404]).toContain(await statusOf(url))
      expect(await statusOf(await shared.click())).toBe(200)
    },
  )

  it("a cut off also ends the URLs of which no event and no share is left", async () => {
    const shared = await aSharedFile()
    const putBack = await keepDatabase()
    const lost = await aSharedFile({ owner: shared.owner, fileId: shared.fileId })
    const kept = [await shared.click(), await lost.click()]
    await putBack()
    await settle()

    const { cutOff } = await revokeShare(shared.owner, shared.shareId, { cutOff: true })

    expect(cutOff).toMatchObject({ state: "done", how: "rekeyed", objects: 1 })
    for (const url of kept) expect([403, 404]).toContain(await statusOf(url))
  })

  it("a revoke says that an address may still work of which no row is left", async () => {
    const shared = await aSharedFile()
    const putBack = await keepDatabase()
    await shared.click()
    await putBack()
    await settle()

    const { exposedUntil } = await revokeShare(shared.owner, shared.shareId)

    expect(Number(new Date(exposedUntil ?? 0))).toBeGreaterThan(Date.now() + 290_000)
    expect((await requireShare(shared.owner, shared.shareId)).exposedUntil).toBe(exposedUntil)
  })

  it("cut offs recolour again once no URL from before can work", async () => {
    const { shared } = await cutOffSinceBackup()
    await restoreTags("")
    await passLostUrls()
    const kept = await shared.click()

    expect(await cutOff(shared)).toBe("recoloured")

    expect(await statusOf(kept)).toBe(403)
    expect(await statusOf(await shared.click())).toBe(200)
  })

  it("nothing that was handed out counts as a live URL forever", async () => {
    const { shared } = await cutOffSinceBackup()
    await passLostUrls()

    expect(await cutOff(shared)).toBe("nothing_out")
  })

  it("the restore starts the job, which continues from where it was", async () => {
    const { shared, key } = await cutOffSinceBackup()
    const jobs = await db.$queryRaw<unknown[]>`
      SELECT FROM graphile_worker.jobs WHERE task_identifier = 'restoreTags'`
    expect(jobs).toHaveLength(1)

    await restoreTags(key)
    expect(await statusOf(await shared.click())).toBe(403)
    await restoreTags("")
    await restoreTags("")
    expect(await statusOf(await shared.click())).toBe(200)
  })
})

describe("restoring tags", () => {
  it("while cut offs run leaves the store as the rows say, and revives nothing", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { shared } = await cutOffSinceBackup()
      await passLostUrls()
      const kept = [await shared.click()]

      const cutOffNow = () => cutOffFile(shared.owner, shared.fileId)
      await Promise.all([restoreTags(""), cutOffNow(), restoreTags(""), cutOffNow()])

      kept.push(...(await Promise.all([shared.click(), shared.click()])))
      await Promise.all([restoreTags(""), cutOff(shared)])
      for (const url of kept) expect([403, 404]).toContain(await statusOf(url))
      const { key, colour } = await live(shared.fileId)
      expect(await readColour(key)).toBe(colour)
      expect(await statusOf(await shared.click())).toBe(200)
    }
  })

  it("writes nothing when another process settled the tag and a cut off continued from there", async () => {
    const { shared, key } = await cutOffSinceBackup()
    await passLostUrls()
    const { colour } = await live(shared.fileId)
    const kept = await shared.click()
    let reads = 0
    const readsTag = (method = "", url = "") =>
      method === "GET" && url.includes(key) && url.includes("tagging")

    await throughStoreProxy(
      async ({ method, url }): Promise<Fate> => {
        if (!readsTag(method, url) || ++reads !== 2) return "forwarded"
        expect(await writeColour(key, colour ?? "")).toBe("sure")
        expect(await statusOf(kept)).toBe(200)
        await db.object.update({ where: { key }, data: { taggingSince: null } })
        expect(await cutOff(shared)).toBe("recoloured")
        return "forwarded"
      },
      () => restoreTags(""),
    )

    expect(reads).toBeGreaterThan(1)
    expect(await statusOf(kept)).toBe(403)
    const object = await live(shared.fileId)
    expect(await readColour(key)).toBe(object.colour)
    expect(object.colour).not.toBe(colour)
  })

  it("has a cut off copy the file whose tag may still be written", async () => {
    const { shared, key } = await cutOffSinceBackup()
    await passLostUrls()
    const kept = await shared.click()
    Object.assign(STORE_TIMEOUTS, { tag: 300 })

    await throughStoreProxy(
      (request) => (writesTags(request) && request.url?.includes(key) ? "held" : "forwarded"),
      async ({ release }) => {
        await restoreTags("")
        expect(await live(shared.fileId)).toMatchObject({ key, tagUnsure: true })
        expect(await cutOff(shared)).toBe("rekeyed")
        expect(await release()).toEqual([404])
      },
    )

    expect([403, 404]).toContain(await statusOf(kept))
    expect(await statusOf(await shared.click())).toBe(200)
  })
})
