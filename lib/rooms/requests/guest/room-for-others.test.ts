import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy, someGuests, startedBy } from "#testing/builders/a-request.ts"
import { MIB } from "#testing/units.ts"
import { sweepDeliveries } from "../end-deliveries.ts"
import { eraseDelivery } from "../erase-deliveries.ts"
import { completeFile, finishDelivery } from "./deliver.ts"
import { beginGuest, type RequestGuest } from "./guest.ts"

const root = path.join(import.meta.dirname, "../../../..")
const GUESTS = 200

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

const NOBODY = { unlock: null, delivery: null }
const from = (publicId: Uint8Array, address: string, guest?: RequestGuest) =>
  beginGuest(publicId, { ...NOBODY, delivery: guest?.ticket ?? null }, { address })
const aFile = (size: number) => ({ name: "boat.jpg", size, contentType: "image/jpeg" })

/** Starts files of these sizes, and says which of them are accepted or why not. */
async function start(guest: RequestGuest, ...sizes: number[]) {
  const answers = await startUploads(guest, sizes.map(aFile))
  return answers.map((one) => (one instanceof Refusal ? one.code : "ok"))
}

type Started = { honest: number; hostile: number }

async function sendFromTwoProcesses(publicId: Uint8Array): Promise<Started> {
  const text = Buffer.from(publicId).toString("hex")
  const ready = await Promise.all(
    ["1", "2"].map(async (replica) => {
      const args = [text, replica, String(GUESTS / 2)]
      const child = fork(path.join(root, "testing/children/guest-child.ts"), args, {
        execArgv: ["--import", path.join(root, "server/server-only.mjs")],
        env: process.env,
      })
      children.push(child)
      await once(child, "message")
      return child
    }),
  )
  const done = ready.map(async (child) => {
    const [started]: Started[] = await once(child, "message")
    return started ?? { honest: 0, hostile: 0 }
  })
  for (const child of ready) child.send("go")
  const [one, other] = await Promise.all(done)
  return {
    honest: (one?.honest ?? 0) + (other?.honest ?? 0),
    hostile: (one?.hostile ?? 0) + (other?.hostile ?? 0),
  }
}

describe(`${GUESTS} guests over two processes, and a client that sends nothing`, () => {
  it("all have room", { timeout: 300_000 }, async () => {
    const most = 900
    const { ownerId, publicId } = await aRequest({ maxFiles: 10_000, maxBytes: most * MIB })

    const { honest, hostile } = await sendFromTwoProcesses(publicId)

    expect(honest).toBe(GUESTS)
    expect(hostile).toBeGreaterThan(300)
    expect(hostile).toBeLessThanOrEqual((most * 3) / 4)
    expect(await readUsage(ownerId)).toMatchObject({ usedBytes: (honest + hostile) * MIB })
  })
})

describe("one network", () => {
  it("has at most three quarters of what is left under way, in files and in bytes", async () => {
    const { publicId } = await aRequest({ maxFiles: 8, maxBytes: 100 })
    const one = await from(publicId, "192.0.2.1")
    const [again, other] = [await from(publicId, "192.0.2.1"), await from(publicId, "192.0.2.2")]

    expect(await start(one, 76)).toEqual(["quota_exceeded"])
    expect(await start(one, 70)).toEqual(["ok"])
    expect(await start(again, 6)).toEqual(["too_many"])
    expect(await start(again, 1, 1, 1, 1, 1, 1)).toEqual(["ok", "ok", "ok", "ok", "ok", "too_many"])
    expect(await start(other, 19)).toEqual(["quota_exceeded"])
    expect(await start(other, 18)).toEqual(["ok"])
  })

  it("is a /48 of IPv6, whose clients take any address of it", async () => {
    const { publicId } = await aRequest({ maxFiles: 4, maxBytes: 1000 })
    expect(await start(await from(publicId, "2001:db8:1:1::1"), 1, 1, 1)).toEqual([
      "ok",
      "ok",
      "ok",
    ])
    expect(await start(await from(publicId, "2001:db8:1:2::1"), 1)).toEqual(["too_many"])
    expect(await start(await from(publicId, "2001:db8:2:1::1"), 1)).toEqual(["ok"])
  })

  it("has room again with what arrives, and not by withdrawing what has not", async () => {
    const owner = await aMember()
    await db.member.update({ where: { id: owner }, data: { quotaBytes: 100n } })
    const { publicId } = await aRequest({ owner })
    const guest = await aGuest(publicId)
    const [started] = await startUploads(guest, [aFile(60)])
    if (!started || !("file" in started)) throw started
    expect(await start(guest, 30)).toEqual(["too_many"])

    await start(guest, 15)
    const { id: withdrawn } = await db.file.findFirstOrThrow({ where: { size: 15 } })
    await deleteFile(guest, withdrawn)
    expect(await start(guest, 15)).toEqual(["too_many"])

    if (started.upload.method !== "put") throw new Error("expected one PUT")
    const { url, headers } = started.upload
    await fetch(url, { method: "PUT", headers, body: "b".repeat(60) })
    await completeFile(guest, started.file.id, {})
    expect(await start(guest, 15)).toEqual(["ok"])
  })

  it("is forgotten when all has arrived, and when its sender is erased", async () => {
    const { ownerId, publicId } = await aRequest()
    const [guest, other] = [await aGuest(publicId), await aGuest(publicId)]
    const { file, put } = await startedBy(guest)
    await start(other, 5)
    const networks = async () =>
      (await db.delivery.findMany({ orderBy: { id: "asc" } })).map(({ network }) => network)
    expect(new Set(await networks()).size).toBe(2)
    expect((await networks()).join()).not.toMatch(/\b10\.9\./)

    const startedAt = new Date(Date.now() - 25 * 3_600_000)
    await db.delivery.updateMany({ data: { startedAt } })
    await sweepDeliveries()
    expect(await networks()).not.toContain(null)
    await put()
    await completeFile(guest, file.id, {})
    await sweepDeliveries()
    expect(await networks()).toEqual([null, expect.any(String)])
    await eraseDelivery(ownerId, other.deliveryId, { files: "keep" })
    expect(await networks()).toEqual([null, null])
  })
})

describe("a delivery that goes on after its network was forgotten", () => {
  const DAY = 24 * 3_600_000
  const network = async ({ deliveryId }: RequestGuest) =>
    (await db.delivery.findUniqueOrThrow({ where: { id: deliveryId } })).network

  /** A guest whose one file arrived more than a day ago. */
  async function forgotten(publicId: Uint8Array) {
    const guest = await from(publicId, "192.0.2.1")
    await sentBy(guest, { bytes: "b" })
    const startedAt = new Date(Date.now() - 2 * DAY)
    await db.delivery.updateMany({ where: { id: guest.deliveryId }, data: { startedAt } })
    await sweepDeliveries()
    expect(await network(guest)).toBeNull()
    return guest
  }

  it("counts in the share of the network from where it goes on, with its others", async () => {
    const { publicId } = await aRequest({ maxBytes: 101 })
    const first = await forgotten(publicId)
    const guest = await from(publicId, "192.0.2.2", first)
    expect(await start(guest, 70)).toEqual(["ok"])
    expect(await start(guest, 6)).toEqual(["too_many"])
    expect(await start(await from(publicId, "192.0.2.3", first), 6)).toEqual(["too_many"])
    expect(await start(await from(publicId, "192.0.2.2"), 6)).toEqual(["too_many"])
    expect(await start(await from(publicId, "192.0.2.1"), 6)).toEqual(["ok"])
  })

  it("is forgotten again once nothing of it is under way", async () => {
    const { publicId } = await aRequest()
    const guest = await from(publicId, "192.0.2.2", await forgotten(publicId))
    const { file, put } = await startedBy(guest)
    await sweepDeliveries()
    expect(await network(guest)).toEqual(expect.any(String))
    await put()
    await completeFile(guest, file.id, {})
    await sweepDeliveries()
    expect(await network(guest)).toBeNull()
  })
})

describe("deliveries that came to nothing", () => {
  it("are deleted when their tickets have expired, and no others", async () => {
    const { publicId } = await aRequest()
    const [empty, begun, sent, done, recent] = await someGuests(publicId, 5)
    if (!empty || !begun || !sent || !done || !recent) throw new Error("There are five guests.")
    for (const guest of [empty, recent]) {
      const { file } = await startedBy(guest)
      await deleteFile(guest, file.id)
    }
    await db.file.updateMany({ data: { countedUntil: null } })
    await startedBy(begun)
    await sentBy(sent)
    const { id } = await sentBy(done)
    await finishDelivery(done, { sender: {}, fields: {} })
    await db.file.update({ where: { id }, data: { deletedAt: new Date() } })
    const startedAt = new Date(Date.now() - 31 * 24 * 3_600_000)
    const old = [empty, begun, sent, done].map(({ deliveryId }) => deliveryId)
    await db.delivery.updateMany({ where: { id: { in: old } }, data: { startedAt } })

    await sweepDeliveries()

    const left = await db.delivery.findMany({ select: { id: true } })
    expect(left.map(({ id }) => id).sort()).toEqual(
      [begun, sent, done, recent].map(({ deliveryId }) => deliveryId).sort(),
    )
  })
})
