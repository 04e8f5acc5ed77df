import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { startUploads } from "#lib/rooms/files/upload/start-upload.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy, someGuests, startedBy } from "#testing/builders/a-request.ts"
import { acting } from "#testing/builders/acting.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { MIB } from "#testing/units.ts"
import { sweepDeliveries } from "../end-deliveries.ts"
import { completeFile, finishDelivery } from "./deliver.ts"
import type { RequestGuest } from "./guest.ts"
import { openRequest } from "./open-request.ts"
import { roomOf } from "./request-cap.ts"
import { MAX_UNSENT_FILES } from "./request-page.ts"

const root = path.join(import.meta.dirname, "../../../..")
const GUESTS = process.env.HEAVY ? 200 : 60
/** Files that a request takes: more than one for each guest, less than all want to send. */
const FILES = GUESTS * 1.5

const aFile = (size: number) => ({ name: "boat.jpg", size, contentType: "image/jpeg" })

/** Starts files of these sizes, and says which of them are accepted or why not. */
async function start(by: RequestGuest | PersonId, ...sizes: number[]) {
  const answers = await startUploads(typeof by === "string" ? acting(by) : by, sizes.map(aFile))
  return answers.map((one) => (one instanceof Refusal ? one.code : "ok"))
}

async function aMemberWith(quotaBytes: number) {
  const owner = await aMember()
  await db.member.update({ where: { id: owner }, data: { quotaBytes: BigInt(quotaBytes) } })
  return owner
}

/** What the page of a request says. */
async function pageOf(publicId: Uint8Array) {
  const nobody = { unlock: null, delivery: null }
  const page = await openRequest({
    publicId,
    visitId: null,
    proofs: nobody,
    kind: null,
    source: null,
  })
  if (page.state !== "request") throw new Error("The request is not open.")
  return page
}

type Started = { honest: number; hostile: number }

/** Starts a process that sends as half of the guests, and waits until it is ready. */
async function startReplica(replica: string): Promise<ChildProcess> {
  const args = [replica, String(GUESTS / 2)]
  const child = fork(path.join(root, "testing/children/guest-child.ts"), args, {
    execArgv: ["--import", path.join(root, "server/server-only.mjs")],
    env: process.env,
  })
  await once(child, "message")
  return child
}

async function sendFrom(replicas: ChildProcess[], publicId: Uint8Array): Promise<Started> {
  const done = replicas.map(async (child) => {
    const [started]: Started[] = await once(child, "message")
    return started ?? { honest: 0, hostile: 0 }
  })
  for (const child of replicas) child.send(Buffer.from(publicId).toString("hex"))
  const [one, other] = await Promise.all(done)
  return {
    honest: (one?.honest ?? 0) + (other?.honest ?? 0),
    hostile: (one?.hostile ?? 0) + (other?.hostile ?? 0),
  }
}

describe(`${GUESTS} guests over two processes, and a client that sends nothing`, () => {
  let replicas: ChildProcess[] = []
  beforeAll(async () => {
    replicas = await Promise.all(["1", "2"].map(startReplica))
  })
  afterAll(() => {
    for (const child of replicas) child.kill("SIGKILL")
  })

  it.each([
    ["the limit of the request", { maxBytes: FILES * MIB }, 10_000],
    ["three quarters of what the quota has left", { maxBytes: 3 * FILES * MIB }, (FILES * 4) / 3],
    ["the number of files", { maxFiles: FILES }, 10_000],
  ])("start exactly %s", { timeout: 300_000 }, async (_what, limits, quota) => {
    const owner = await aMemberWith(quota * MIB)
    const { publicId } = await aRequest({ owner, maxFiles: 10_000, ...limits })

    const { honest, hostile } = await sendFrom(replicas, publicId)

    expect(honest + hostile).toBe(FILES)
    expect(await readUsage(owner)).toMatchObject({ usedBytes: FILES * MIB })
    const each = await db.file.groupBy({ by: ["deliveryId"], _count: true })
    expect(Math.max(...each.map(({ _count }) => _count))).toBe(MAX_UNSENT_FILES)
  })
})

describe("what guests have reserved and not sent", () => {
  it("is at most three quarters of what the owner's quota has left without it", async () => {
    const owner = await aMemberWith(100)
    const [first, second] = [await aRequest({ owner }), await aRequest({ owner })]
    const [one, other] = [await aGuest(first.publicId), await aGuest(second.publicId)]

    expect(await start(one, 76)).toEqual(["quota_exceeded"])
    expect(await start(one, 70)).toEqual(["ok"])
    expect(await pageOf(second.publicId)).toMatchObject({ bytesLeft: 5 })
    expect(await start(other, 6, 5)).toEqual(["too_many", "ok"])
    expect(await start(owner, 26, 25)).toEqual(["quota_exceeded", "ok"])
  })

  it("is less again with what arrives, and not with what is withdrawn", async () => {
    const { publicId } = await aRequest({ owner: await aMemberWith(100) })
    const [guest, other] = [await aGuest(publicId), await aGuest(publicId)]
    const { file, put } = await startedBy(guest, { bytes: "b".repeat(60) })
    const withdrawn = await startedBy(guest, { bytes: "b".repeat(15) })
    expect(await start(other, 15)).toEqual(["too_many"])

    await deleteFile(guest, withdrawn.file.id)
    expect(await start(other, 15)).toEqual(["too_many"])
    await put()
    await completeFile(guest, file.id, {})
    expect(await start(other, 15)).toEqual(["ok"])
    expect(await start(other, 1)).toEqual(["too_many"])
  })

  it("has no limit of its own without a quota", async () => {
    const { publicId } = await aRequest({ maxBytes: 100 })

    expect(await pageOf(publicId)).toMatchObject({ bytesLeft: 100 })
    expect(await start(await aGuest(publicId), 100)).toEqual(["ok"])
  })
})

describe("a delivery", () => {
  it("has at most 16 files under way, also when its calls come at the same moment", async () => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)

    const calls = Array.from({ length: 8 }, () => start(guest, 1, 1, 1, 1, 1))
    const answers = (await Promise.all(calls)).flat()

    expect(answers.filter((one) => one === "ok")).toHaveLength(16)
    expect(answers.filter((one) => one === "too_many")).toHaveLength(24)
    expect(await start(await aGuest(publicId), 1)).toEqual(["ok"])
  })

  it("starts another for each that arrives or is withdrawn", async () => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const [one, two] = [await startedBy(guest), await startedBy(guest)]
    await start(guest, ...Array.from({ length: 14 }, () => 1))
    expect(await start(guest, 1)).toEqual(["too_many"])

    await one.put()
    await completeFile(guest, one.file.id, {})
    expect(await start(guest, 1, 1)).toEqual(["ok", "too_many"])
    await deleteFile(guest, two.file.id)
    expect(await start(guest, 1, 1)).toEqual(["ok", "too_many"])
  })
})

describe("a request", () => {
  it("counts what guests reserve by an index of their owner", async () => {
    const { text, values } = roomOf(newId(), null)
    const plan = await pool().query(`EXPLAIN ${text}`, values)
    expect(JSON.stringify(plan.rows)).toContain("file_reserved_idx")
  })

  it("takes no more of the quota than its limit, however often files are sent and withdrawn", async () => {
    const { ownerId, publicId } = await aRequest({ maxBytes: 8 })
    const guest = await aGuest(publicId)
    const send = async () => (await sentBy(guest, { bytes: "8 bytes!" })).id
    await deleteFile(guest, await send())

    await expect(send()).rejects.toBeRefusal("quota_exceeded")
    expect(await readUsage(ownerId)).toMatchObject({ usedBytes: 8 })
    expect(await pageOf(publicId)).toMatchObject({
      ...{ bytesLeft: 0, filesLeft: 1_000, returning: { bytes: 8, minutes: 15 } },
    })

    await endUploadUrls()
    await destroyDoomed()
    expect(await pageOf(publicId)).toMatchObject({ bytesLeft: 8, returning: { bytes: 0 } })
    await send()
  })

  it("says what the owner's quota has left, if that is less than its limit", async () => {
    const owner = await aMemberWith(100)
    const { publicId } = await aRequest({ owner, maxBytes: 1_000 })
    await start(owner, 60)

    expect(await pageOf(publicId)).toMatchObject({ bytesLeft: 30 })
    const guest = await aGuest(publicId)
    expect(await start(guest, 31, 30)).toEqual(["quota_exceeded", "ok"])
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
