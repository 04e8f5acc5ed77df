import { afterEach, describe, expect, it, vi } from "vitest"
import { aLink } from "#testing/a-link.ts"
import { aShare } from "#testing/a-share.ts"
import { claim } from "./claims/claim.ts"
import { surroundings } from "./click-outage.ts"
import { db } from "./db.ts"
import { diskReserve, lookAtDisk } from "./disk-space.ts"
import { deleteFile } from "./files/delete-file.ts"
import { log } from "./log.ts"
import { settings } from "./settings.ts"
import { revokeShare } from "./shares/revoke-share.ts"

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** A disk of 100 GiB, of which so much is free. */
const withFree = (bytes: number) =>
  lookAtDisk("/data", async () => ({
    bsize: 4096,
    blocks: (100 * GIB) / 4096,
    bavail: bytes / 4096,
  }))

const click = ({ publicId, fileIds }: { publicId: Uint8Array; fileIds: string[] }) =>
  claim({
    publicId,
    fileIds,
    cookies: { visitId: Buffer.alloc(16), ticket: null, unlock: null },
    directOnly: false,
    source: { agent: null, referrer: null, visitor: Buffer.alloc(16) },
  })

afterEach(() => {
  surroundings().disk = null
  vi.restoreAllMocks()
})

describe("a disk that fills up", () => {
  it("refuses clicks below half of the reserve, and still revokes and deletes", async () => {
    const link = await aLink({ maxDownloads: 5 })
    const share = await aShare()
    await withFree(513 * MIB)
    await click(link)

    await withFree(511 * MIB)

    await expect(click(await aLink())).rejects.toMatchObject({
      code: "unavailable",
      message: "The disk of this server is full. Please try again later.",
    })
    await expect(click(link)).rejects.toMatchObject({ status: 503 })
    expect((await db.share.findUniqueOrThrow({ where: { id: link.shareId } })).downloads).toBe(1)
    expect((await revokeShare(share.ownerId, share.id)).status).toBe("revoked")
    await deleteFile(share.ownerId, share.files[0]?.id ?? "")

    await withFree(2 * GIB)
    await click(await aLink())
  })

  it("is said once, and once more when there is room", async () => {
    const warn = vi.spyOn(log, "warn")
    const info = vi.spyOn(log, "info")

    for (const free of [2 * GIB, 100 * MIB, 50 * MIB, 0]) await withFree(free)
    expect(warn).toHaveBeenCalledOnce()
    await withFree(2 * GIB)
    expect(info).toHaveBeenCalledOnce()
  })

  it("is not looked at where nothing is embedded", async () => {
    await lookAtDisk(null)
    expect(surroundings().disk).toBeNull()
  })
})

describe("the reserve", () => {
  const ofDisk = (bytes: number) => diskReserve({ bsize: 1024, blocks: bytes / 1024, bavail: 0 })

  it("is 1 GiB, or 5 % of a small disk, or what is set", () => {
    expect(ofDisk(1000 * GIB)).toBe(GIB)
    expect(ofDisk(10 * GIB)).toBe(GIB / 2)
    settings.DISK_RESERVE_BYTES = 7
    try {
      expect(ofDisk(10 * GIB)).toBe(7)
    } finally {
      delete settings.DISK_RESERVE_BYTES
    }
  })
})
