import { fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { startJobs } from "#lib/rooms/jobs/start-jobs.ts"
import { sweepDeliveries } from "#lib/rooms/requests/end-deliveries.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy, startedBy } from "#testing/builders/a-request.ts"
import { acting } from "#testing/builders/acting.ts"
import { startFalseClamd } from "#testing/programs/clamd.ts"
import { freePort } from "#testing/programs/daemons.ts"
import { inDays } from "#testing/units.ts"
import { scanNext } from "./scan-file.ts"
import { keepFile, takeFile } from "./take-file.ts"

const root = path.join(import.meta.dirname, "../../../..")

let waiting = 0

/** Rows of files that wait for their scan, in this order; of a guest, with a network. */
async function waitingFiles(ownerId: PersonId, count: number, deliveryId: string | null = null) {
  const rows = Array.from({ length: count }, () => ({
    id: newId(),
    ownerId,
    deliveryId,
    name: "letter.txt",
    size: 1,
    contentType: "text/plain",
    status: "checking" as const,
    uncheckedSince: new Date(Date.now() - 3_600_000 + waiting++),
  }))
  await db.file.createMany({ data: rows })
  return rows.map(({ id }) => id)
}

/** A delivery from a network, without files. */
async function aDelivery(shareId: string, network: string) {
  const { id } = await db.delivery.create({ data: { id: newId(), shareId, network } })
  return id
}

/** Takes files that are scanned at once, and returns their ids. */
async function taken(count: number) {
  const ids: string[] = []
  while (ids.length < count) {
    const file = await takeFile(0)
    if (!file) break
    ids.push(file.id)
    const data = { status: "held", heldFor: "Bad" } as const
    await db.file.update({ where: { id: file.id }, data })
  }
  return ids
}

const longAgo = (id: string, seconds: number) => db.$executeRaw`
  UPDATE file SET scan_taken_at = scan_taken_at - make_interval(secs => ${seconds}),
    scan_until = scan_until - make_interval(secs => ${seconds}) WHERE id = ${id}::uuid`

beforeEach(async () => {
  configuration.CLAMD_ADDRESS = { host: "127.0.0.1", port: await freePort() }
})

describe("takeFile", () => {
  it("takes another owner's file after one of a stranger's forty, and then in turns", async () => {
    const [stranger, member] = [await aMember(), await aMember()]
    const many = await waitingFiles(stranger, 40)
    expect(await taken(2)).toEqual(many.slice(0, 2))
    const few = await waitingFiles(member, 2)
    expect(await taken(5)).toEqual([few[0], many[2], few[1], many[3], many[4]])
  })

  it("takes turns by network among the senders of one owner, and by owner before", async () => {
    const { id, ownerId } = await aRequest()
    const many = await waitingFiles(ownerId, 4, await aDelivery(id, "a"))
    const again = await waitingFiles(ownerId, 1, await aDelivery(id, "a"))
    const other = await waitingFiles(ownerId, 2, await aDelivery(id, "b"))
    const member = await waitingFiles(await aMember(), 2)
    expect(await taken(9)).toEqual([
      many[0],
      member[0],
      other[0],
      member[1],
      many[1],
      other[1],
      many[2],
      many[3],
      ...again,
    ])
  })

  it("knows the network of a sender for a day, and only with a scanner", async () => {
    const { publicId } = await aRequest()
    const { deliveryId } = await startedBy(await aGuest(publicId)).then(({ file }) =>
      rowOf(file.id),
    )
    const networkOf = async (id: string | null) =>
      (await db.delivery.findUniqueOrThrow({ where: { id: id ?? "" } })).network
    expect(await networkOf(deliveryId)).toMatch(/^[\w-]{43}$/)
    await sweepDeliveries()
    expect(await networkOf(deliveryId)).not.toBeNull()
    await db.delivery.updateMany({ data: { startedAt: inDays(-2) } })
    await sweepDeliveries()
    expect(await networkOf(deliveryId)).toBeNull()

    delete configuration.CLAMD_ADDRESS
    const { file } = await startedBy(await aGuest(publicId))
    expect(await networkOf((await rowOf(file.id)).deliveryId)).toBeNull()
  })

  it("gives each file to one of many that take at once", async () => {
    const ids = await waitingFiles(await aMember(), 10)
    const all = await Promise.all(Array.from({ length: 16 }, (_, n) => takeFile(n % 2 ? 0 : 1)))
    const got = all.flatMap((file) => file?.id ?? [])
    expect(new Set(got).size).toBe(got.length)
    expect(await taken(10)).toHaveLength(10 - got.length)
    expect(ids).toEqual(expect.arrayContaining(got))
  })

  it("takes what was tried before in the first place alone", async () => {
    const [id = ""] = await waitingFiles(await aMember(), 1)
    await takeFile(1)
    await longAgo(id, 40)
    expect(await takeFile(1)).toBeNull()
    expect(await takeFile(0)).toMatchObject({ id, tries: 2 })
  })

  it("leaves a place to others while a scan of the same sender takes long", async () => {
    const { id, ownerId } = await aRequest()
    const [slow = ""] = await waitingFiles(ownerId, 2, await aDelivery(id, "a"))
    const held = await takeFile(0)
    expect(held?.id).toBe(slow)
    await longAgo(slow, 11)
    expect(await takeFile(1)).toBeNull()
    const [other] = await waitingFiles(ownerId, 1, await aDelivery(id, "b"))
    expect(await takeFile(1)).toMatchObject({ id: other })
  })

  it("takes a file again whose process died, and not while it is kept", async () => {
    const [id = ""] = await waitingFiles(await aMember(), 1)
    const first = await takeFile(0)
    if (!first) throw new Error("There is a file.")
    await longAgo(id, 25)
    const late = { ...first, takenAt: await takenAt(id) }
    expect(await keepFile(late)).toBe(true)
    expect(await takeFile(0)).toBeNull()
    await longAgo(id, 31)
    expect(await takeFile(0)).toMatchObject({ id, tries: 2 })
    expect(await keepFile(late)).toBe(false)
  })
})

async function takenAt(id: string) {
  const [row] = await db.$queryRaw<{ at: string }[]>`
    SELECT scan_taken_at::text AS at FROM file WHERE id = ${id}::uuid`
  return row?.at ?? ""
}

/** A scanner that hangs at what contains "hang", and needs a moment for the rest. */
async function aHangingScanner() {
  const counts = { hanging: 0, all: 0, now: 0, most: 0 }
  const server = await startFalseClamd((socket) => {
    counts.now += 1
    counts.most = Math.max(counts.most, counts.now)
    let taken = ""
    socket.on("close", () => {
      counts.now -= 1
      if (taken.includes("hang")) counts.hanging -= 1
    })
    socket.on("data", (data) => {
      taken += data.toString("latin1")
      if (!taken.endsWith("\0\0\0\0")) return
      counts.all += 1
      if (taken.includes("hang")) counts.hanging += 1
      else setTimeout(() => socket.end("stream: OK\0"), 100)
    })
  })
  configuration.CLAMD_ADDRESS = server.address
  return { ...server, counts }
}

const rowOf = (id: string) => db.file.findUniqueOrThrow({ where: { id } })

describe("a scan at which clamd hangs", () => {
  it("ends when its file is deleted", async () => {
    const clamd = await aHangingScanner()
    const { publicId, ownerId } = await aRequest()
    const { id } = await sentBy(await aGuest(publicId), { bytes: "hang" })
    const scanning = scanNext(0)
    await vi.waitFor(() => expect(clamd.counts.hanging).toBe(1), 10_000)
    await deleteFile(ownerId, id)
    await scanning // which would otherwise wait three minutes for an answer
    expect(await takeFile(0)).toBeNull()
    clamd.stop()
  })

  it.each(["hold", "release"] as const)(
    "holds its file after three times, also if unscannable is %s",
    async (unscannable) => {
      const clamd = await aHangingScanner()
      await changeSettings(acting(await anAdmin()), { unscannable })
      const { publicId } = await aRequest()
      const { id } = await sentBy(await aGuest(publicId), { bytes: "hang" })
      for (const place of [1, 0, 0] as const) {
        expect(await rowOf(id)).toMatchObject({ status: "checking", objectKey: null })
        await scanNext(place, { silenceMs: 150 })
        await longAgo(id, 400)
      }
      expect(await rowOf(id)).toMatchObject({ status: "held", heldFor: "no_result" })
      await scanNext(0)
      expect(clamd.counts.all).toBe(3)
      clamd.stop()
    },
  )

  it("does not count while the scanner is away", async () => {
    const { publicId } = await aRequest()
    const { id } = await sentBy(await aGuest(publicId))
    for (let tries = 0; tries < 5; tries++) {
      await scanNext(0)
      await longAgo(id, 400)
    }
    expect(await rowOf(id)).toMatchObject({ status: "checking", scanTries: 0 })
  })

  it("holds a file whose scans ended their process three times", async () => {
    const { publicId } = await aRequest()
    const { id } = await sentBy(await aGuest(publicId))
    for (let tries = 0; tries < 3; tries++) {
      expect(await takeFile(0)).toMatchObject({ id })
      await longAgo(id, 31)
    }
    await scanNext(0)
    expect(await rowOf(id)).toMatchObject({ status: "held", heldFor: "no_result" })
  })
})

it("scans a member's file before the last of forty of a stranger and one that hangs, two at once on two machines", {
  timeout: 120_000,
}, async () => {
  const clamd = await aHangingScanner()
  const { publicId } = await aRequest()
  const guest = await aGuest(publicId)
  const hanging = await sentBy(guest, { bytes: "hang" })
  for (let n = 0; n < 40; n++) await sentBy(guest, { name: `boat ${n}.jpg` })
  const running = [await startJobs(), await startJobs()]
  try {
    await vi.waitFor(() => expect(clamd.counts.hanging).toBe(1), { timeout: 10_000 })
    const { id } = await aFile({ owner: await aMember() })
    await vi.waitFor(async () => expect((await rowOf(id)).status).toBe("ready"), {
      timeout: 60_000,
      interval: 50,
    })
    expect(clamd.counts.all).toBeLessThan(42)

    await sleep(8_000)
    const left = await db.file.count({ where: { status: "checking" } })
    await deleteFile((await rowOf(hanging.id)).ownerId as PersonId, hanging.id)
    await vi.waitFor(
      async () =>
        expect(await db.file.count({ where: { status: "checking", deletedAt: null } })).toBe(0),
      { timeout: 60_000, interval: 100 },
    )
    expect(left).toBeGreaterThan(0)
    expect(clamd.counts).toMatchObject({ all: 42, most: 2 })
  } finally {
    clamd.stop()
    await Promise.all(running.map(({ stop }) => stop()))
  }
})

it.runIf(process.env.HEAVY)(
  "scans a file again whose process was killed in the middle",
  {
    timeout: 300_000,
  },
  async () => {
    const clamd = await aHangingScanner()
    const { publicId } = await aRequest()
    const { id } = await sentBy(await aGuest(publicId), { bytes: "hang" })
    const { host, port } = clamd.address
    const child = fork(path.join(root, "testing/children/jobs-child.ts"), {
      execArgv: ["--import", path.join(root, "server/server-only.mjs")],
      env: { ...process.env, CLAMD_ADDRESS: `${host}:${port}` },
    })
    onTestFinished(() => void child.kill("SIGKILL"))
    await vi.waitFor(() => expect(clamd.counts.hanging).toBe(1), { timeout: 120_000 })
    const exit = once(child, "exit")
    child.kill("SIGKILL")
    await exit
    const running = await startJobs()
    try {
      await vi.waitFor(() => expect(clamd.counts.all).toBe(2), { timeout: 130_000, interval: 200 })
      expect(await rowOf(id)).toMatchObject({ status: "checking", scanTries: 2 })
    } finally {
      clamd.stop()
      await running.stop()
    }
  },
)
