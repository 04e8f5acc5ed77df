import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { aStartedFile } from "#lib/testing/a-file.ts"
import { aMember } from "#lib/testing/a-member.ts"
import { deleteFile } from "./delete-file.ts"
import { MAX_SINGLE_PUT_BYTES } from "./file.ts"
import { readUsage } from "./read-usage.ts"
import { startUpload } from "./start-upload.ts"

const contentType = "application/pdf"

async function aMemberWithQuota(quotaBytes: number) {
  const member = await aMember()
  await db.member.update({ where: { id: member }, data: { quotaBytes } })
  return member
}

describe("startUpload", () => {
  it("signs a PUT that the store takes once, and only with the size and type announced", async () => {
    const owner = await aMember()
    const { upload } = await startUpload(owner, { name: "a.pdf", size: 5, contentType })
    if (upload.method !== "put") throw new Error("expected one PUT")
    const put = (body: string, headers = upload.headers) =>
      fetch(upload.url, { method: "PUT", headers, body })

    expect((await put("123456")).status).toBe(403)
    expect((await put("12345", { ...upload.headers, "content-type": "text/html" })).status).toBe(
      403,
    )
    expect((await put("12345")).status).toBe(200)
    expect((await put("54321")).status).toBe(412)
  })

  it("writes the object's row with the deadline of its PUT before anyone has the URL", async () => {
    const { file } = await aStartedFile()

    const [object] = await db.object.findMany({ where: { fileId: file.id } })

    expect(object?.state).toBe("uploading")
    const seconds = (Number(object?.putExpiresAt) - Date.now()) / 1000
    expect(Math.abs(seconds - 900)).toBeLessThan(10)
  })

  it("lets exactly as many of a hundred simultaneous starts through as the quota has room for", async () => {
    const owner = await aMemberWithQuota(1000)

    const starts = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) =>
        startUpload(owner, { name: `${n}`, size: 90, contentType }),
      ),
    )

    const refused = starts.flatMap((start) => (start.status === "rejected" ? [start.reason] : []))
    expect(starts.length - refused.length).toBe(11)
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["quota_exceeded"]))
    expect((await readUsage(owner)).usedBytes).toBe(990)
    expect(await db.file.count()).toBe(11)
  })

  it("says how much is missing, and has the room back after a delete", async () => {
    const owner = await aMemberWithQuota(10_000)
    const big = { size: 8_000, contentType }
    const { file } = await startUpload(owner, { name: "first", ...big })

    await expect(startUpload(owner, { name: "second", ...big })).rejects.toMatchObject({
      code: "quota_exceeded",
      message: expect.stringContaining("6 kB are missing"),
    })

    await deleteFile(owner, file.id)
    expect((await startUpload(owner, { name: "second", ...big })).file.name).toBe("second")
  })

  it("refuses a file larger than one PUT may be, and reserves nothing", async () => {
    const owner = await aMember()

    await expect(
      startUpload(owner, { name: "huge.iso", size: MAX_SINGLE_PUT_BYTES + 1e9, contentType }),
    ).rejects.toMatchObject({
      code: "too_large",
      message: expect.stringContaining("is 1 GB larger"),
    })
    expect((await readUsage(owner)).usedBytes).toBe(0)
  })
})
