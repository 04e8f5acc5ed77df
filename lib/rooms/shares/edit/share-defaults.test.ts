import { describe, expect, it } from "vitest"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { DAY } from "#testing/units.ts"
import { createShare } from "./create-share.ts"
import { findShareDefaults, saveShareDefaults } from "./member-share-defaults.ts"
import { readDefaults, type ShareDefaults } from "./share-defaults.ts"

describe("a member's defaults", () => {
  async function aMemberWith(defaults: ShareDefaults) {
    const owner = await aMember()
    await saveShareDefaults(owner, defaults)
    const { file } = await aStartedFile({ owner })
    return { owner, fileIds: [file.id] }
  }
  const daysOf = ({ expiresAt, createdAt }: { expiresAt: string | null; createdAt: string }) =>
    expiresAt && Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / DAY)

  it("are what a new share begins with, and given conditions replace them", async () => {
    const { owner, fileIds } = await aMemberWith({
      days: 3,
      maxDownloads: 5,
      direct: true,
      watermark: true,
      mintTtlSeconds: 30,
    })
    const share = await createShare(acting(owner), { fileIds })
    expect(share).toMatchObject({
      maxDownloads: 5,
      direct: true,
      preview: true,
      watermark: true,
      mintTtlSeconds: 30,
    })
    expect(daysOf(share)).toBe(3)

    const given = { expiresAt: null, maxDownloads: null, direct: false }
    expect(await createShare(acting(owner), { fileIds, ...given })).toMatchObject(given)
  })

  it("never make a share that is refused: view only includes previews, lifetimes are bounded", async () => {
    const { owner, fileIds } = await aMemberWith({ viewOnly: true, preview: true, days: null })
    expect(await createShare(acting(owner), { fileIds, preview: false })).toMatchObject({
      viewOnly: false,
      preview: false,
      expiresAt: null,
    })
    await changeSettings(acting(await anAdmin()), { maxShareDays: 2 })
    expect(daysOf(await createShare(acting(owner), { fileIds }))).toBe(2)

    const noPreviews = await aMemberWith({ preview: false, days: 30 })
    const share = await createShare(acting(noPreviews.owner), { ...noPreviews, viewOnly: true })
    expect(share).toMatchObject({ viewOnly: true, preview: true })
    expect(daysOf(share)).toBe(2)
  })

  it("belong to one member, and unknown ones are ignored", async () => {
    await aMemberWith({ maxDownloads: 1 })
    const other = await aMember()
    expect(await findShareDefaults(other)).toEqual({})
    expect(readDefaults({ days: "soon" })).toEqual({})
    expect(readDefaults(null)).toEqual({})
  })
})
