import fs from "node:fs"
import path from "node:path"
import { afterEach, describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { findSessionMember, startSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { unlockLink } from "#lib/rooms/claims/open/unlock-link.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { GIB, MIB, past } from "#testing/units.ts"
import { evenOnFullDisk } from "./disk-ballast.ts"
import { diskReserve, measureDisk } from "./disk-space.ts"

const directories: { remove: () => void }[] = []
afterEach(() => {
  hostState().disk = null
  vi.restoreAllMocks()
  for (const directory of directories.splice(0)) directory.remove()
})

/** A data directory on a disk of 100 GiB with a given amount of free space. */
function aDisk(takesUploads = true) {
  const directory = makeFastDirectory()
  directories.push(directory)
  const watched = { directory: directory.path, takesUploads, keepsBallast: true }
  const ballast = path.join(directory.path, "ballast")
  return {
    directory: directory.path,
    ballastBytes: () => fs.statSync(ballast, { throwIfNoEntry: false })?.size ?? null,
    free: (bytes: number) =>
      measureDisk(watched, async () => ({
        bsize: 4096,
        blocks: (100 * GIB) / 4096,
        bavail: bytes / 4096,
      })),
  }
}

const click = ({ publicId, fileIds }: { publicId: Uint8Array; fileIds: string[] }) =>
  claim({
    publicId,
    fileIds,
    cookies: { visitId: Buffer.alloc(16), ticket: null, unlock: null },
    directOnly: false,
    source: { agent: null, referrer: null, visitor: Buffer.alloc(16) },
  })

const FULL = ["unavailable", { message: expect.stringMatching(/^The server’s disk is/) }] as const

describe("a disk that fills up", () => {
  it("refuses clicks below half of the reserve, and still revokes and deletes", async () => {
    const { free } = aDisk()
    const link = await aLink({ maxDownloads: 5 })
    const share = await aShare()
    await free(513 * MIB)
    await click(link)

    await free(511 * MIB)

    await expect(click(await aLink())).rejects.toBeRefusal("unavailable", {
      message: "The server’s disk is full. Please try again later.",
    })
    await expect(click(link)).rejects.toBeRefusal("unavailable")
    expect((await db.share.findUniqueOrThrow({ where: { id: link.shareId } })).downloads).toBe(1)
    expect((await revokeShare(share.ownerId, share.id)).status).toBe("revoked")
    await deleteFile(share.ownerId, share.files[0]?.id ?? "")

    await free(2 * GIB)
    await click(await aLink())
  })

  it("refuses every row for password attempts, shares, uploads and invitations", async () => {
    const { free } = aDisk()
    const { ownerId, files } = await aShare()
    const locked = await aLink({ passwordHash: "a hash" })
    const adminId = await anAdmin()
    await free(100 * MIB)
    const address = "192.0.2.7"
    const source = { agent: null, referrer: null, visitor: Buffer.alloc(16) }

    for (const refused of [
      () => verifyCredentials({ email: "a@example.org", password: "a wrong password", address }),
      () => unlockLink({ publicId: locked.publicId, password: "wrong", address, source }),
      () => createShare(acting(ownerId), { fileIds: files.map(({ id }) => id) }),
      () => inviteMember(adminId, { email: null, role: "member" }),
    ]) {
      await expect(refused()).rejects.toBeRefusal(...FULL)
    }
    const upload = { name: "x", size: 1, contentType: "text/plain" }
    await expect(startUpload(acting(ownerId), upload)).rejects.toBeRefusal("storage_full")
    expect(await db.file.count()).toBe(files.length + locked.fileIds.length)
    expect(await db.attempt.count()).toBe(0)
    expect(await db.invite.count()).toBe(0)
  })

  it("keeps a session without recording its use, which would be a write", async () => {
    const { free } = aDisk()
    const id = await aMember()
    const claim = await startSession({ memberId: id, sessionEpoch: 0 }, null)
    const old = past()
    await db.session.update({ where: { id: claim.sessionId }, data: { lastUsedAt: old } })
    const usedAt = async () =>
      (await db.session.findUniqueOrThrow({ where: { id: claim.sessionId } })).lastUsedAt

    await free(100 * MIB)
    expect(await findSessionMember(claim)).toMatchObject({ id })
    expect(await usedAt()).toEqual(old)

    await free(2 * GIB)
    await findSessionMember(claim)
    expect(await usedAt()).not.toEqual(old)
  })

  it("is logged once, and once more when there is room", async () => {
    const { free } = aDisk()
    const warn = vi.spyOn(log, "warn")
    const info = vi.spyOn(log, "info")

    for (const bytes of [2 * GIB, 100 * MIB, 50 * MIB, 0]) await free(bytes)
    expect(warn).toHaveBeenCalledOnce()
    await free(2 * GIB)
    expect(info).toHaveBeenCalledOnce()
  })

  it("is not measured if nothing is embedded", async () => {
    await measureDisk(null)
    expect(hostState().disk).toBeNull()
  })
})

describe("an upload", () => {
  const upload = (size: number) => ({ name: "large.bin", size, contentType: "video/mp4" })

  it("is refused before its first byte if it would use the reserve, and continues later", async () => {
    const { free } = aDisk()
    const id = await aMember()
    await free(GIB + 100 * MIB)
    const { file, upload: single } = await startUpload(acting(id), upload(MIB))
    const parts = await startUpload(acting(id), upload(90 * MIB))
    expect([single.method, parts.upload.method]).toEqual(["put", "multipart"])

    await expect(startUpload(acting(id), upload(101 * MIB))).rejects.toBeRefusal("storage_full", {
      message:
        "The server’s disk has 105 MB available, but this needs 106 MB. The upload resumes when there is space.",
      retryAfterSeconds: expect.any(Number),
    })
    await free(GIB - 4096)
    const sign = () => signParts(id, parts.file.id, { partNumbers: [1] })
    for (const refused of [
      () => startUpload(acting(id), upload(1)),
      () => resumeUpload(id, file.id),
      sign,
    ]) {
      await expect(refused()).rejects.toBeRefusal("storage_full")
    }
    expect((await resumeUpload(id, parts.file.id)).upload.method).toBe("multipart")

    await free(2 * GIB)
    expect((await resumeUpload(id, file.id)).upload.method).toBe("put")
    expect((await sign()).parts).toHaveLength(1)
  })

  it("is not refused because of a disk that it does not use", async () => {
    const { free } = aDisk(false)
    const id = await aMember()
    await free(600 * MIB)
    await startUpload(acting(id), upload(MIB))

    await free(500 * MIB)
    await expect(startUpload(acting(id), upload(MIB))).rejects.toBeRefusal(...FULL)
  })
})

describe("the ballast", () => {
  it("is written while there is room, dropped when the disk is full, and written again", async () => {
    const { free, ballastBytes } = aDisk()
    await free(GIB)
    expect(ballastBytes()).toBeNull()
    await free(2 * GIB)
    expect(ballastBytes()).toBe(32 * MIB)
    await free(MIB)
    expect(ballastBytes()).toBe(32 * MIB)
    await free(0)
    expect(ballastBytes()).toBeNull()
    await free(2 * GIB)
    expect(ballastBytes()).toBe(32 * MIB)
  })

  it("is dropped for a change that finds no room, which runs once more", async () => {
    const { free, ballastBytes } = aDisk()
    await free(2 * GIB)
    const noRoom = Object.assign(new Error("could not extend file"), { code: "53100" })
    const change = vi.fn(async () => "revoked").mockRejectedValueOnce(noRoom)

    expect(await evenOnFullDisk(change)).toBe("revoked")

    expect(ballastBytes()).toBeNull()
    await expect(evenOnFullDisk(() => Promise.reject(noRoom))).rejects.toBe(noRoom)
  })

  it("is not touched by any other failure", async () => {
    const { free, ballastBytes } = aDisk()
    await free(2 * GIB)
    const other = new Error("no such share")
    await expect(evenOnFullDisk(() => Promise.reject(other))).rejects.toBe(other)
    expect(ballastBytes()).toBe(32 * MIB)
  })
})

describe("the reserve", () => {
  const ofDisk = (bytes: number) => diskReserve({ bsize: 1024, blocks: bytes / 1024, bavail: 0 })

  it("is 1 GiB, or 5 % of a small disk and at least 128 MiB", () => {
    expect(ofDisk(1000 * GIB)).toBe(GIB)
    expect(ofDisk(10 * GIB)).toBe(GIB / 2)
    expect(ofDisk(GIB)).toBe(128 * MIB)
  })
})
