import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { deleteObject, readColour } from "#lib/adapters/storage.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { releaseFile } from "#lib/rooms/admin/release-file.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { abandonIdleUploads } from "#lib/rooms/files/upload/abandon-idle-uploads.ts"
import { endUploads } from "#lib/rooms/files/upload/end-uploads.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { endDeliveries } from "#lib/rooms/requests/end-deliveries.ts"
import { revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { finishDelivery, readReceipt } from "#lib/rooms/requests/guest/deliver.ts"
import { listSharedFiles } from "#lib/rooms/shares/list/list-shared-files.ts"
import { aStartedFile, onlyAddress } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { acting } from "#testing/builders/acting.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { EICAR, FOUND, hasClamd, startClamd, startFalseClamd } from "#testing/programs/clamd.ts"
import { freePort } from "#testing/programs/daemons.ts"
import { GIB, inDays, MIB } from "#testing/units.ts"
import { scanNext } from "./scan-file.ts"
import { takeFile } from "./take-file.ts"

/** A file that a member uploaded and that is not scanned yet. */
async function anUncheckedFile(content: string | Uint8Array = "a letter") {
  const owner = await aMember()
  const body = new Uint8Array(Buffer.from(content))
  const input = { name: "letter.txt", size: body.length, contentType: "text/plain" }
  const { file, upload } = await startUpload(acting(owner), input)
  const { url, headers } = await onlyAddress(owner, file.id, upload)
  await fetch(url, { method: "PUT", headers, body })
  const unchecked = await finishUpload(owner, file.id)
  expect(unchecked.status).toBe("checking")
  return { owner, id: file.id }
}

const rowOf = (id: string) =>
  db.file.findUniqueOrThrow({ where: { id }, include: { objects: true, object: true } })

const waitingScans = () => db.$queryRaw<{ key: string }[]>`
  SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'scanFile' ORDER BY key`

/** Moves what was scanned before this many seconds back. */
const rest = (seconds: number) => db.$executeRaw`
  UPDATE file SET scan_until = scan_until - make_interval(secs => ${seconds}),
    scan_taken_at = scan_taken_at - make_interval(secs => ${seconds})
  WHERE scan_until IS NOT NULL`

/** Scans until there is a result: clamd's answer to a stream that is too long may be lost. */
async function scanToResult(id: string) {
  for (let tries = 0; tries < 10 && (await rowOf(id)).status === "checking"; tries++) {
    await scanNext(0)
    await rest(400)
  }
}

const actions = async (targetId: string) =>
  (await db.auditEntry.findMany({ where: { targetId }, orderBy: { at: "asc" } })).map(
    ({ action, details }) => ({ action, details }),
  )

let admin: Awaited<ReturnType<typeof anAdmin>>

beforeEach(async () => {
  configuration.CLAMD_ADDRESS = { host: "127.0.0.1", port: await freePort() }
  admin = await anAdmin()
  await changeSettings(acting(admin), { unscannable: "hold" })
})

describe("a file that is not scanned yet", () => {
  it("waits, has no tag and no live object, and a job in each place", async () => {
    const { owner, id } = await anUncheckedFile()

    const { objects, objectKey } = await rowOf(id)
    expect(objectKey).toBeNull()
    expect(objects).toMatchObject([{ state: "arrived", liveSince: null }])
    expect(await readColour(objects[0]?.key ?? "")).toBeNull()
    expect(await waitingScans()).toEqual([{ key: "scan0" }, { key: "scan1" }])
    expect(await finishUpload(owner, id)).toMatchObject({ status: "checking", heldFor: null })
    expect((await listFiles(owner, { status: "checking" })).items).toHaveLength(1)
    expect((await listFiles(owner, { status: "ready" })).items).toEqual([])
  })

  it("is one that a member or a guest sent, whatever an admin decided under the version before", async () => {
    const set = { name: "scanMembers", value: false, changedById: admin }
    await db.setting.create({ data: set })
    const { owner, file, put } = await aStartedFile()
    await put()
    expect((await finishUpload(owner, file.id)).status).toBe("checking")

    const { publicId, ownerId } = await aRequest()
    const sent = await sentBy(await aGuest(publicId))
    expect(sent.status).toBe("checking")
    expect((await listFiles(ownerId)).items).toMatchObject([{ id: sent.id, status: "checking" }])
  })

  it("stays so while the scanner is away, and is scanned again later", async () => {
    const { id } = await anUncheckedFile()
    await scanNext(0)
    expect(await rowOf(id)).toMatchObject({
      status: "checking",
      scanProblem: expect.stringContaining("ECONNREFUSED"),
    })
    expect(await takeFile(0)).toBeNull()
    await rest(20)
    expect(await takeFile(0)).toBeNull()
    await rest(20)
    expect(await takeFile(0)).toMatchObject({ id, tries: 1 })
  })

  it("stays so without a scanner", async () => {
    const { id } = await anUncheckedFile()
    const { CLAMD_ADDRESS } = configuration
    delete configuration.CLAMD_ADDRESS
    await scanNext(0)
    expect((await rowOf(id)).status).toBe("checking")
    configuration.CLAMD_ADDRESS = CLAMD_ADDRESS
    expect(await takeFile(0)).toMatchObject({ id })
  })

  it("stays so if its object is missing", async () => {
    const clamd = await startFalseClamd((socket) => socket.end("stream: OK\0"))
    configuration.CLAMD_ADDRESS = clamd.address
    const { id } = await anUncheckedFile()
    await deleteObject((await rowOf(id)).objects[0]?.key ?? "")
    await scanNext(0)
    clamd.stop()
    expect(await rowOf(id)).toMatchObject({ status: "checking" })
  })

  it.each([
    ["a cut off answer", "stream: OK"],
    ["another's answer", "HTTP/1.1 200 OK\r\n\r\nstream: OK\0"],
    ["an error", "Can't open file or directory ERROR\0"],
    ["nothing", ""],
  ])("stays so after %s", async (_what, text) => {
    const clamd = await startFalseClamd((socket) => {
      socket.resume()
      setTimeout(() => socket.end(text), 30)
    })
    configuration.CLAMD_ADDRESS = clamd.address
    const { id } = await anUncheckedFile()
    await scanNext(0)
    clamd.stop()
    expect(await rowOf(id)).toMatchObject({ status: "checking", objectKey: null })
  })

  it("outlives what ends uploads: the sweep, its request's end and its member's", async () => {
    const { id } = await anUncheckedFile()
    const { id: requestId, publicId, ownerId } = await aRequest()
    const sent = await sentBy(await aGuest(publicId))
    await db.object.updateMany({ data: { putExpiresAt: inDays(-3) } })
    await revokeRequest(ownerId, requestId)
    expect(await endDeliveries()).toBe(0)
    expect(await abandonIdleUploads()).toBe(0)
    await db.$transaction((tx) => endUploads(tx, { ownerId, actorId: null, actId: newId() }))
    for (const each of [id, sent.id]) {
      const { status, objects } = await rowOf(each)
      expect({ status, objects }).toMatchObject({
        status: "checking",
        objects: [{ state: "arrived" }],
      })
    }
  })

  it("is delivered for its sender, and being checked for visitors", async () => {
    const { publicId, ownerId } = await aRequest()
    const guest = await aGuest(publicId)
    const { id } = await sentBy(guest, { name: "boat.jpg" })
    await finishDelivery(guest, { sender: {}, fields: {} })
    expect((await readReceipt(publicId, guest.ticket)).files).toMatchObject([{ name: "boat.jpg" }])

    await db.file.update({ where: { id }, data: { status: "held", heldFor: "Bad" } })
    const link = await aLink({ like: { ownerId, fileIds: [id] } })
    const page = await openLink({ ...link, cookies: noCookies, kind: null, source })
    expect(page).toMatchObject({
      state: "open",
      files: [{ status: "checking" }],
      counts: { ready: 0, arriving: 1 },
    })
    expect(JSON.stringify(page)).not.toContain("Bad")
  })

  it("is gone at once when it is deleted, and its result changes nothing", async () => {
    let answer = () => {}
    const asked = Promise.withResolvers<void>()
    const clamd = await startFalseClamd((socket) => {
      socket.resume()
      answer = () => socket.end("stream: OK\0")
      setTimeout(asked.resolve, 30)
    })
    configuration.CLAMD_ADDRESS = clamd.address
    const { owner, id } = await anUncheckedFile()
    const scanning = scanNext(0)
    await asked.promise
    await deleteFile(owner, id)
    answer()
    await scanning
    clamd.stop()

    const { status, objectKey, objects } = await rowOf(id)
    expect({ status, objectKey }).toEqual({ status: "checking", objectKey: null })
    expect(objects).toMatchObject([{ state: "doomed" }])
    expect(await actions(id)).toMatchObject([{ action: "file.upload" }, { action: "file.delete" }])
    await expect(requireFile(owner, id)).rejects.toBeRefusal("not_found")
  })
})

it.runIf(process.env.HEAVY)("scans a gigabyte in flat memory", async () => {
  let taken = 0
  const clamd = await startFalseClamd((socket) => {
    socket.on("data", (data) => {
      taken += data.length
      if (data.subarray(-4).equals(new Uint8Array(4)) && taken >= GIB) socket.end("stream: OK\0")
    })
  })
  configuration.CLAMD_ADDRESS = clamd.address
  const owner = await aMember()
  const input = { name: "film.mp4", size: GIB, contentType: "video/mp4" }
  const { file, upload } = await startUpload(acting(owner), input)
  if (upload.method === "put") throw new Error("expected parts")
  const body = new Uint8Array(upload.partSize).fill(1)
  for (let partNumber = 1; partNumber <= upload.partCount; partNumber++) {
    const { parts } = await signParts(owner, file.id, { partNumbers: [partNumber] })
    const left = GIB - (partNumber - 1) * upload.partSize
    const { url = "", headers = {} } = parts[0] ?? {}
    await fetch(url, {
      method: "PUT",
      headers,
      body: body.subarray(0, Math.min(left, body.length)),
    })
  }
  await finishUpload(owner, file.id)

  const before = process.memoryUsage.rss()
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  await scanNext(0)
  clearInterval(timer)
  clamd.stop()
  expect((await requireFile(owner, file.id)).status).toBe("ready")
  expect(taken).toBeGreaterThan(GIB)
  expect(most - before).toBeLessThan(200 * MIB)
})

describe.skipIf(!hasClamd)("scanFile with Debian's clamd", () => {
  let clamd: Awaited<ReturnType<typeof startClamd>>
  beforeAll(async () => {
    clamd = await startClamd()
  }, 60_000)
  afterAll(() => clamd.stop())
  beforeEach(() => {
    configuration.CLAMD_ADDRESS = clamd.address
  })

  it("makes a clean file ready, as an upload that is not scanned", async () => {
    const { owner, id } = await anUncheckedFile()
    await scanNext(0)
    await scanNext(0)

    expect((await requireFile(owner, id)).status).toBe("ready")
    const { object, uncheckedSince, scanProblem } = await rowOf(id)
    expect(object).toMatchObject({ state: "live" })
    expect({ uncheckedSince, scanProblem }).toEqual({ uncheckedSince: null, scanProblem: null })
    expect(await readColour(object?.key ?? "")).toBe(object?.colour)
    expect(await actions(id)).toMatchObject([{ action: "file.upload" }])
  })

  it("holds what clamd finds, and an admin releases it with a reason", async () => {
    const { owner, id } = await anUncheckedFile(EICAR)
    const { usedBytes } = await readUsage(owner)
    await scanNext(0)

    expect(await requireFile(owner, id)).toMatchObject({ status: "held", heldFor: FOUND })
    const { objects, heldAt } = await rowOf(id)
    expect(heldAt).not.toBeNull()
    expect(objects).toMatchObject([{ state: "arrived" }])
    expect(await readColour(objects[0]?.key ?? "")).toBeNull()

    const released = await releaseFile(admin, id, { reason: "A test." })
    expect(released).toMatchObject({ status: "ready", heldFor: null })
    expect((await readUsage(owner)).usedBytes).toBe(usedBytes)
    expect(await actions(id)).toMatchObject([
      { action: "file.upload" },
      { action: "file.hold", details: { found: FOUND } },
      { action: "file.release", details: { found: FOUND, reason: "A test." } },
    ])
    await expect(releaseFile(admin, id, { reason: "Again." })).rejects.toBeRefusal("conflict")
  })

  it("tells a guest nothing of what was found", async () => {
    const { publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const { id } = await sentBy(guest, { bytes: EICAR })
    await scanNext(0)
    expect((await rowOf(id)).status).toBe("held")
    expect((await listFiles(guest)).items).toMatchObject([{ status: "checking", heldFor: null }])
  })

  it.each(["hold", "release"] as const)(
    "%ss what exceeds the limit of a stream",
    async (unscannable) => {
      await changeSettings(acting(admin), { unscannable })
      const { owner, id } = await anUncheckedFile("x".repeat(6 * MIB))
      await scanToResult(id)
      expect(await requireFile(owner, id)).toMatchObject(
        unscannable === "hold"
          ? { status: "held", heldFor: "too_large", notScanned: false }
          : { status: "ready", heldFor: null, notScanned: true },
      )
      const action = unscannable === "hold" ? "file.hold" : "file.release"
      expect((await actions(id)).at(-1)).toMatchObject({ action, details: { found: "too_large" } })
    },
  )

  it("lets through by default what is too large, marked for its owner alone", async () => {
    await changeSettings(acting(admin), { reset: ["unscannable"] })
    const { publicId, ownerId } = await aRequest()
    const guest = await aGuest(publicId)
    const { id } = await sentBy(guest, { name: "film.mp4", bytes: "x".repeat(6 * MIB) })
    await scanToResult(id)

    expect((await listFiles(ownerId)).items).toMatchObject([{ status: "ready", notScanned: true }])
    expect((await listFiles(guest)).items).toMatchObject([{ status: "ready", notScanned: false }])
    const link = await aLink({ like: { ownerId, fileIds: [id] } })
    const [listed] = (await listSharedFiles({ shareId: link.shareId })).files
    expect(listed).toMatchObject({ name: "film.mp4", notScanned: true })
    const page = await openLink({ ...link, cookies: noCookies, kind: null, source })
    expect(JSON.stringify(page)).not.toContain("notScanned")
  })

  it("treats a bomb as too large to scan", async () => {
    const { owner, id } = await anUncheckedFile(gzipSync(new Uint8Array(60 * MIB)))
    await scanNext(0)
    expect(await requireFile(owner, id)).toMatchObject({ status: "held", heldFor: "too_large" })
  })

  it("scans again after clamd was killed in the middle", async () => {
    const { owner, id } = await anUncheckedFile("x".repeat(4 * MIB))
    process.kill(clamd.pid, "SIGSTOP")
    const scanning = scanNext(0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await clamd.stop()
    await scanning
    expect(await rowOf(id)).toMatchObject({
      status: "checking",
      scanProblem: expect.stringMatching(/./),
    })

    clamd = await startClamd()
    configuration.CLAMD_ADDRESS = clamd.address
    await rest(60)
    await scanNext(0)
    expect((await requireFile(owner, id)).status).toBe("ready")
  })
})
