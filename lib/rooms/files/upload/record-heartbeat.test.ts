import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { listSharedFiles } from "#lib/rooms/shares/list/list-shared-files.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { recordHeartbeat } from "./record-heartbeat.ts"

const cookies = noCookies

/** A link with one ready file and uploads of these names. */
async function anArriving(...names: string[]) {
  const link = await aLink({ files: ["ready", ...names] })
  const ids = link.fileIds.slice(1)
  await db.file.updateMany({ where: { id: { in: ids } }, data: { status: "uploading" } })
  return { ...link, owner: link.ownerId as PersonId, ids }
}

/** Makes the last heartbeats of these files older. */
const age = (ids: string[], seconds: number) => db.$executeRaw`
  UPDATE file SET heartbeat_at = heartbeat_at - make_interval(secs => ${seconds}::int)
  WHERE id = ANY(${ids}::uuid[])`

/**
 * Returns the names of the paused files, about which the page and the list of a share must agree.
 */
async function pausedOf({ publicId, shareId }: { publicId: Uint8Array; shareId: string }) {
  const page = await openLink({ publicId, cookies, kind: null, source: null })
  if (page.state !== "open") throw new Error("the link is open")
  const paused = page.files.filter(({ isPaused }) => isPaused).map(({ name }) => name)
  const listed = await listSharedFiles({ shareId })
  expect(listed.counts).toEqual(page.counts)
  expect(listed.files.filter(({ isPaused }) => isPaused).map(({ name }) => name)).toEqual(paused)
  expect(page.counts.paused).toBe(paused.length)
  return paused
}

describe("recordHeartbeat", () => {
  it("keeps an upload from being shown as paused for 15 seconds", async () => {
    const link = await anArriving("a", "b")
    const [a = "", b = ""] = link.ids
    expect(await pausedOf(link), "a program reports nothing").toEqual([])
    await recordHeartbeat(link.owner, [a, b])
    expect(await pausedOf(link)).toEqual([])
    await age([a], 14)
    expect(await pausedOf(link)).toEqual([])
    await age([a], 1)
    expect(await pausedOf(link)).toEqual(["a"])

    await recordHeartbeat(link.owner, [a])
    expect(await pausedOf(link)).toEqual([])
    await age([a, b], 15)
    await db.file.update({ where: { id: b }, data: { status: "ready" } })
    expect(await pausedOf(link)).toEqual(["a"])
  })

  it("leaves queued uploads, which were never reported, to those of the same share", async () => {
    const link = await anArriving("a", "b", "queued")
    const [a = "", b = ""] = link.ids
    await recordHeartbeat(link.owner, [a, b])
    await age([a], 20)
    expect(await pausedOf(link)).toEqual(["a"])
    await age([b], 20)
    expect(await pausedOf(link)).toEqual(["a", "b", "queued"])
  })

  it("leaves an upload that no browser ever reported running for two minutes", async () => {
    const link = await anArriving("a", "b")
    const [a = "", b = ""] = link.ids
    const begin = (id: string, secondsAgo: number) =>
      db.file.update({
        where: { id },
        data: { createdAt: new Date(Date.now() - secondsAgo * 1_000) },
      })
    await begin(a, 110)
    expect(await pausedOf(link)).toEqual([])
    await begin(a, 130)
    expect(await pausedOf(link), "its tab was closed at once").toEqual(["a", "b"])
    await recordHeartbeat(link.owner, [b])
    expect(await pausedOf(link), "it is queued behind one that moves").toEqual([])
  })

  it("writes nothing of others, of what has ended, twice in three seconds, or on a full disk", async () => {
    const link = await anArriving("a", "b")
    const [a = "", b = ""] = link.ids
    const at = async (id: string) =>
      (await db.file.findUniqueOrThrow({ where: { id } })).heartbeatAt?.getTime() ?? null
    await recordHeartbeat(await aMember(), [a])
    hostState().disk = {
      directory: "/data",
      reserveBytes: 1_000,
      takesUploads: false,
      freeBytes: 0,
    }
    await recordHeartbeat(link.owner, [a])
    hostState().disk = null
    expect(await at(a)).toBeNull()

    await db.file.update({ where: { id: b }, data: { status: "abandoned", deletedAt: new Date() } })
    await Promise.all(Array.from({ length: 20 }, () => recordHeartbeat(link.owner, [b, a, a])))
    expect(await at(b)).toBeNull()
    const first = await at(a)
    expect(first).not.toBeNull()
    await recordHeartbeat(link.owner, [a])
    expect(await at(a)).toBe(first)
    await age([a], 3)
    await recordHeartbeat(link.owner, [a])
    expect(await at(a)).toBeGreaterThanOrEqual(first ?? 0)
  })

  it("waits for no row that another transaction changes", async () => {
    const link = await anArriving("a", "b")
    const [a = "", b = ""] = link.ids
    await db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM file WHERE id = ${a}::uuid FOR UPDATE`
      await recordHeartbeat(link.owner, [a, b])
    })
    const rows = await db.file.findMany({ where: { heartbeatAt: { not: null } } })
    expect(rows.map(({ id }) => id)).toEqual([b])
  })
})
