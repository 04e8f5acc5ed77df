import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { anUploadInParts, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { MIB, MINUTE, past } from "#testing/units.ts"
import { listParts } from "./list-parts.ts"
import { signParts } from "./sign-parts.ts"

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"

describe("signParts", () => {
  it("signs every part with its own length", async () => {
    const { owner, file, sign } = await anUploadInParts()
    const last = await sign(2)

    expect((await last(new Uint8Array(2))).status).toBe(403)
    expect((await last(new Uint8Array(0))).status).toBe(403)
    expect((await last()).status).toBe(200)
    expect(await listParts(owner, file.id)).toEqual({ parts: [{ partNumber: 2, size: 1 }] })
  })

  it("refuses parts that the file does not have, in a sentence", async () => {
    const { owner, file } = await anUploadInParts()

    await expect(signParts(owner, file.id, { partNumbers: [1, 3] })).rejects.toBeRefusal(
      "invalid",
      { message: "The last part of “film.mp4” is 2: there is no part 3." },
    )
  })

  it("has every part's SHA-256 signed and compared, if the store compares it", async () => {
    const { owner, file, upload, piece, sign } = await anUploadInParts({ partChecksums: true })
    expect(upload.checksums).toBe(!onCeph)
    const put = await sign(2)
    const altered = piece(2).map((byte) => byte ^ 1)

    const answer = await put(altered)
    // Ceph compares no hashes, so clients are told to send none, and altered bytes are stored.
    if (onCeph) return void expect(answer.status).toBe(200)
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringMatching(/BadDigest|XAmzContentSHA256Mismatch/),
    ])
    expect(await listParts(owner, file.id)).toEqual({ parts: [] })
    expect((await put()).status).toBe(200)

    const sha256 = { 1: "ab".repeat(32) }
    await expect(signParts(owner, file.id, { partNumbers: [1, 2], sha256 })).rejects.toBeRefusal(
      "invalid",
      { message: expect.stringContaining("Part 2 of “film.mp4”") },
    )
  })

  it("signs without hashes if the client announced none", async () => {
    const { upload, put } = await anUploadInParts()

    expect(upload.checksums).toBe(false)
    await put(1, 2)
  })

  it("extends the object's deadline before it signs", async () => {
    const { owner, file, object } = await anUploadInParts()
    await db.object.updateMany({ data: { putExpiresAt: past() } })

    await signParts(owner, file.id, { partNumbers: [1] })

    const { putExpiresAt } = await object()
    expect(putExpiresAt.getTime() - Date.now()).toBeGreaterThan(14 * MINUTE)
  })

  it("begins an upload that a crash interrupted, once under many calls", async () => {
    const { owner, file, put, object } = await anUploadInParts({ size: 9 * MIB })
    await db.object.updateMany({ data: { uploadId: null } })

    const signed = await Promise.all(
      Array.from({ length: 10 }, () => signParts(owner, file.id, { partNumbers: [1, 2] })),
    )

    const urls = signed.flatMap(({ parts }) => parts.map(({ url }) => new URL(url)))
    const uploads = new Set(urls.map((url) => url.searchParams.get("uploadId")))
    expect([...uploads]).toEqual([(await object()).uploadId])
    await put(1, 2)
    expect((await listParts(owner, file.id)).parts).toHaveLength(2)
  })

  it("refuses another member, a cancelled upload and an upload by one PUT", async () => {
    const { owner, file } = await anUploadInParts()
    const input = { partNumbers: [1] }
    const stranger = await aMember()

    await expect(signParts(stranger, file.id, input)).rejects.toBeRefusal("not_found")
    await expect(listParts(stranger, file.id)).rejects.toBeRefusal("not_found")
    await deleteFile(owner, file.id)
    await expect(signParts(owner, file.id, input)).rejects.toBeRefusal("not_found")
    await expect(listParts(owner, file.id)).rejects.toBeRefusal("not_found")
  })

  it("has nothing to sign for one PUT", async () => {
    const { owner, file } = await aStartedFile()
    const refused = {
      message: "“report.pdf” is uploaded in a single request, not in parts.",
    }

    await expect(signParts(owner, file.id, { partNumbers: [1] })).rejects.toBeRefusal(
      "conflict",
      refused,
    )
    await expect(listParts(owner, file.id)).rejects.toBeRefusal("conflict", refused)
  })
})
