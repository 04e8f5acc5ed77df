import { describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { attempt } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { verifyPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { ShareInput } from "#lib/rooms/shares/share.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { DAY } from "#testing/units.ts"
import { createShare } from "./create-share.ts"

const NOW = new Date()
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY)

describe("createShare", () => {
  it("keeps the order of the chosen files, each of them once", async () => {
    const owner = await aMember()
    const ids: string[] = []
    for (const name of ["a", "b", "c", "d"]) ids.push((await aStartedFile({ owner, name })).file.id)
    const [a = "", b = "", c = "", d = ""] = ids

    const share = await createShare(acting(owner), { fileIds: [c, a, d, c, b] })

    expect(share.files.map(({ name }) => name)).toEqual(["c", "a", "d", "b"])
    expect(share).toMatchObject({ fileCount: 4, totalBytes: 40, status: "open", downloads: 0 })
  })

  it("has a link whose token only the link secret could have made, and does not store the token", async () => {
    const share = await aShare()
    const token = share.url.split("/s/")[1] ?? ""
    const link = await db.link.findFirstOrThrow({ where: { shareId: share.id } })

    expect(readLinkToken(token)).toEqual(new Uint8Array(link.publicId))
    expect(JSON.stringify(await db.link.findMany())).not.toContain(token)
  })

  it("expires after seven days by default, and never with null", async () => {
    const days = ({ expiresAt }: { expiresAt: string | null }) =>
      expiresAt && Math.round((Date.parse(expiresAt) - NOW.getTime()) / DAY)

    expect(days(await aShare())).toBe(7)
    expect(days(await aShare({ startsAt: inDays(10) }))).toBe(17)
    expect(days(await aShare({ expiresAt: inDays(30) }))).toBe(30)
    expect(days(await aShare({ expiresAt: null }))).toBeNull()
  })

  it("ends by the database's clock, however wrong the app's is", async () => {
    const owner = await aMember()
    const { file } = await aStartedFile({ owner })
    const soon = inDays(0.5)
    vi.useFakeTimers({ toFake: ["Date"], now: inDays(3) })
    try {
      const usual = await createShare(acting(owner), { fileIds: [file.id] })
      const chosen = await createShare(acting(owner), { fileIds: [file.id], expiresAt: soon })
      expect(Math.round((Date.parse(usual.expiresAt ?? "") - NOW.getTime()) / DAY)).toBe(7)
      expect(chosen.expiresAt).toBe(soon.toISOString())
    } finally {
      vi.useRealTimers()
    }
  })

  it("respects the longest time that the installation allows", async () => {
    await changeSettings(acting(await anAdmin()), { maxShareDays: 3 })

    const { expiresAt } = await aShare()
    expect(Date.parse(expiresAt ?? "")).toBeLessThanOrEqual(Date.now() + 3 * DAY)
    await expect(aShare({ expiresAt: null })).rejects.toBeRefusal("invalid")
    await expect(aShare({ expiresAt: inDays(4) })).rejects.toBeRefusal("invalid", {
      message: expect.stringContaining("3 days"),
    })
  })

  it("refuses an end in the past or before the start", async () => {
    await expect(aShare({ expiresAt: inDays(-1) })).rejects.toBeRefusal("invalid")
    await expect(aShare({ startsAt: inDays(2), expiresAt: inDays(1) })).rejects.toBeRefusal(
      "invalid",
    )
  })

  it.each(["9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59Z", "1999-12-31T23:59:59Z"])(
    "refuses the end %s, which would break every list that shows it",
    (expiresAt) => {
      const input = { fileIds: ["01a20e37-1124-7000-b66b-5d65dec0defa"], expiresAt }
      expect(attempt(() => parse(ShareInput, input))).toBeRefusal("invalid", {
        message: "expiresAt: Enter a time between the years 2000 and 2200.",
      })
    },
  )

  it("cannot be made to store such an end, not even past the input's check", async () => {
    const { id } = await aShare()
    for (const at of ["10000-01-01T00:00:00Z", "infinity", "0001-01-01T00:00:00Z"]) {
      await expect(
        db.$executeRaw`UPDATE share SET expires_at = ${at}::text::timestamptz WHERE id = ${id}::uuid`,
      ).rejects.toThrow(/share_instants/)
    }
  })

  it("keeps only a hash of the password", async () => {
    const share = await aShare({ password: "open sesame" })
    const row = await db.share.findUniqueOrThrow({ where: { id: share.id } })

    expect(share.hasPassword).toBe(true)
    expect(JSON.stringify(share)).not.toContain("sesame")
    expect(await verifyPassword(row.passwordHash, "open sesame")).toBe(true)
  })

  it("makes nothing when one of the files is another member's or was deleted", async () => {
    const owner = await aMember()
    const mine = (await aStartedFile({ owner })).file.id
    const theirs = (await aStartedFile()).file.id
    const gone = (await aStartedFile({ owner })).file.id
    await deleteFile(owner, gone)

    for (const other of [theirs, gone, "00000000-0000-4000-8000-000000000000"]) {
      await expect(createShare(acting(owner), { fileIds: [mine, other] })).rejects.toBeRefusal(
        "not_found",
      )
    }
    expect(await db.share.count()).toBe(0)
  })

  it("may contain files that are still uploading, and shows that, but no abandoned files", async () => {
    const owner = await aMember()
    const [here, coming, gone] = [
      await aFile({ owner }),
      (await aStartedFile({ owner })).file,
      (await aStartedFile({ owner })).file,
    ]
    const share = await createShare(acting(owner), { fileIds: [here.id, coming.id, gone.id] })
    expect(share.files.map(({ status }) => status)).toEqual(["ready", "uploading", "uploading"])
    expect(share).toMatchObject({ fileCount: 3, arrivingFileCount: 2, abandonedFileCount: 0 })

    await db.file.update({
      where: { id: gone.id },
      data: { status: "abandoned", deletedAt: new Date() },
    })
    const later = await requireShare(owner, share.id)
    expect(later.files.map(({ status }) => status)).toEqual(["ready", "uploading", "abandoned"])
    expect(later).toMatchObject({ arrivingFileCount: 1, abandonedFileCount: 1, totalBytes: 20 })
    await expect(createShare(acting(owner), { fileIds: [here.id, gone.id] })).rejects.toBeRefusal(
      "not_found",
    )
  })

  it("holds ten thousand files", async () => {
    const owner = await aMember()
    await db.$executeRaw`
      INSERT INTO file (id, owner_id, name, size, content_type)
      SELECT gen_random_uuid(), ${owner}::uuid, n::text, 1, 'a/b' FROM generate_series(1, 10000) n`
    const files = await db.file.findMany({ select: { id: true } })

    const share = await createShare(acting(owner), { fileIds: files.map(({ id }) => id) })

    expect(share).toMatchObject({ fileCount: 10_000, totalBytes: 10_000 })
    expect(share.files).toHaveLength(10_000)
  })

  it("is not found by another member", async () => {
    const { id } = await aShare()

    await expect(requireShare(await aMember(), id)).rejects.toBeRefusal("not_found")
  })
})
