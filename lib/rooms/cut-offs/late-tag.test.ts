import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { STORE_TIMEOUTS } from "#lib/adapters/storage/calls/store-timeouts.ts"
import { readColour } from "#lib/adapters/storage.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aSharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { throughStoreProxy, writesTags } from "#testing/store/store-proxy.ts"
import { cutOffFile } from "./cut-off-file.ts"
import { runCutOff } from "./run-cut-off.ts"

const timeouts = { ...STORE_TIMEOUTS }
beforeAll(() => {
  Object.assign(STORE_TIMEOUTS, { tag: 300, probe: 300, total: 1_000 })
})
afterAll(() => void Object.assign(STORE_TIMEOUTS, timeouts))

const live = (fileId: string) => db.object.findFirstOrThrow({ where: { fileId, state: "live" } })

/** A request waits two seconds for a cut off, but the store is silent for longer. */
async function untilDone(owner: Parameters<typeof cutOffFile>[0], fileId: string) {
  const { cutOff } = await cutOffFile(owner, fileId)
  if (cutOff?.state === "done") return cutOff.how
  for (;;) {
    const { cutOffId } = await db.file.findUniqueOrThrow({ where: { id: fileId } })
    const done = await db.cutOff.findFirst({
      where: { id: cutOffId ?? "", doneAt: { not: null } },
      select: { files: { select: { how: true } } },
    })
    if (done) return done.files[0]?.how
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe("a write of a tag that the store does not answer", () => {
  it("revives nothing when it arrives after the cut off, which copied the file", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const { key } = await live(shared.fileId)

    await throughStoreProxy(
      (request) => (writesTags(request) && request.url?.includes(key) ? "held" : "forwarded"),
      async ({ release }) => {
        expect(await untilDone(shared.owner, shared.fileId)).toBe("rekeyed")
        expect([403, 404]).toContain(await statusOf(kept))

        expect(await release()).toEqual([404])
      },
    )

    expect([403, 404]).toContain(await statusOf(kept))
    expect(await statusOf(await shared.click())).toBe(200)
  })

  it("is trusted once the store confirms that it arrived", async () => {
    const shared = await aSharedFile()
    const kept = await shared.click()
    const before = await live(shared.fileId)

    const how = await throughStoreProxy(
      (request) => (writesTags(request) ? "unanswered" : "forwarded"),
      () => untilDone(shared.owner, shared.fileId),
    )

    expect(how).toBe("recoloured")
    const after = await live(shared.fileId)
    expect(after).toMatchObject({ key: before.key, tagUnsure: false })
    expect(await readColour(after.key)).toBe(after.colour)
    expect(await statusOf(kept)).toBe(403)
  })

  it("of an upload makes later cut offs copy", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()
    await throughStoreProxy(
      (request) => (writesTags(request) ? "held" : "forwarded"),
      async ({ release }) => {
        await expect(finishUpload(owner, file.id)).rejects.toBeRefusal("unavailable")
        await release()
      },
    )
    await finishUpload(owner, file.id)
    const shared = await aSharedFile({ owner, fileId: file.id })
    const kept = await shared.click()

    expect(await untilDone(owner, file.id)).toBe("rekeyed")

    expect([403, 404]).toContain(await statusOf(kept))
    expect(await live(file.id)).toMatchObject({ tagUnsure: false })
  })

  it("does not delay another file, and an unreachable store delays nothing forever", async () => {
    const [stuck, other] = [await aSharedFile(), await aSharedFile()]
    const kept = await stuck.click()
    await other.click()
    const { key } = await live(stuck.fileId)

    await throughStoreProxy(
      (request) => (request.url?.includes(key) ? "held" : "forwarded"),
      async () => {
        const { cutOff } = await cutOffFile(stuck.owner, stuck.fileId)
        expect(cutOff?.state).toBe("running")
        expect(await untilDone(other.owner, other.fileId)).toBe("recoloured")

        // Passes the time until the URL expires.
        const { cutOffId } = await db.file.findUniqueOrThrow({ where: { id: stuck.fileId } })
        const id = cutOffId ?? ""
        await db.$executeRaw`UPDATE event SET at = at - interval '1 hour'`
        await db.cutOffFile.updateMany({ where: { cutOffId: id }, data: { outUntil: new Date() } })
        for (let done = false; !done; ) {
          await db.cutOff.updateMany({ where: { id }, data: { leasedUntil: null } })
          await runCutOff(id).catch(() => {})
          done = (await db.cutOff.count({ where: { id, doneAt: { not: null } } })) > 0
        }
        const ended = await db.cutOffFile.findMany({ where: { cutOffId: id } })
        expect(ended.map(({ how }) => how)).toEqual(["lapsed"])
      },
    )
    expect(await statusOf(kept)).not.toBe(500)
  })
})
