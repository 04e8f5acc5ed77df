import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { claim } from "../claim/claim.ts"
import { mint } from "../mint/mint.ts"
import { newVisitId, type VisitorCookies } from "../visitor/visitor-cookies.ts"
import { URLS_PER_WINDOW } from "./url-budget.ts"

const address = "203.0.113.7"
const files = Array.from({ length: 10 }, (_, n) => `file ${n}`)

type Asked = { publicId: Uint8Array; cookies?: VisitorCookies; from?: string }
const claimAll = ({ publicId, cookies = noCookies, from = address }: Asked) =>
  claim({ publicId, fileIds: null, cookies, directOnly: false, source, chargedTo: from })

const charged = async () =>
  (await db.attempt.findMany({ where: { purpose: "claim_urls" } })).map(({ attempts }) => attempts)

/** Stores attempts as if that many URLs had been signed before. */
const spend = (attempts: number) =>
  db.attempt.updateMany({ where: { purpose: "claim_urls" }, data: { attempts } })

const refusal = ["too_many", { retryAfterSeconds: expect.closeTo(600, -1) }] as const
const granted = async (asked: Promise<unknown>[]) =>
  (await Promise.allSettled(asked)).filter(({ status }) => status === "fulfilled").length

describe("the URLs of many files at once", () => {
  it("are charged with a ticket and without, so that dropping the ticket does not avoid the throttle", async () => {
    const { publicId, shareId } = await aLink({ files })
    const { ticket } = await claimAll({ publicId })
    await mint({
      publicId,
      fileIds: null,
      cookies: { ...noCookies, ticket },
      source,
      chargedTo: address,
    })
    expect(await charged()).toEqual([20])

    await spend(URLS_PER_WINDOW - 9)
    await expect(claimAll({ publicId })).rejects.toBeRefusal(...refusal)
    const cookies = { ...noCookies, ticket }
    await expect(
      mint({ publicId, fileIds: null, cookies, source, chargedTo: address }),
    ).rejects.toBeRefusal(...refusal)
    expect(await charged()).toEqual([URLS_PER_WINDOW - 9])
    const { _sum } = await db.shareCounter.aggregate({
      where: { shareId },
      _sum: { downloads: true },
    })
    expect(_sum.downloads).toBe(1n)
  })

  it("are never more than the budget, however many ask at once", async () => {
    const { publicId } = await aLink({ files })
    const { ticket } = await claimAll({ publicId })
    await spend(URLS_PER_WINDOW - 95)
    const asked = Array.from({ length: 20 }, () => [
      claimAll({ publicId }),
      mint({
        publicId,
        fileIds: null,
        cookies: { ...noCookies, ticket },
        source,
        chargedTo: address,
      }),
    ])

    expect(await granted(asked.flat())).toBe(9)
    expect(await charged()).toEqual([URLS_PER_WINDOW - 5])
  })

  it("count no download of a limited share and write no event if they are refused", async () => {
    const { publicId, shareId } = await aLink({ files, maxDownloads: 3 })
    const cookies = { ...noCookies, visitId: newVisitId() }
    await claimAll({ publicId, cookies })
    await spend(URLS_PER_WINDOW)
    const events = await db.event.count()

    await expect(claimAll({ publicId })).rejects.toBeRefusal(...refusal)
    await expect(claimAll({ publicId, cookies })).rejects.toBeRefusal(...refusal)
    const share = await db.share.findUniqueOrThrow({ where: { id: shareId } })
    expect([share.downloads, await db.event.count()]).toEqual([1, events])
  })

  it("are charged per link and address, and anew after ten minutes", async () => {
    const [one, other] = [await aLink({ files }), await aLink({ files })]
    await claimAll(one)
    await spend(URLS_PER_WINDOW)

    await expect(claimAll(other)).resolves.toBeDefined()
    await expect(claimAll({ ...one, from: "203.0.113.8" })).resolves.toBeDefined()
    await expect(claimAll(one)).rejects.toBeRefusal(...refusal)
    await db.$executeRaw`UPDATE attempt SET window_end_at = now() WHERE attempts = ${URLS_PER_WINDOW}`
    await expect(claimAll(one)).resolves.toBeDefined()
  })

  it("cost nothing if the link refuses them for another reason", async () => {
    const usedUp = await aLink({ files, maxDownloads: 1, downloads: 1 })
    const revoked = await aLink({ files, revokedAt: new Date() })

    await expect(claimAll(usedUp)).rejects.toBeRefusal("gone")
    await expect(claimAll(revoked)).rejects.toBeRefusal("gone")
    expect(await charged()).toEqual([])
  })

  it("do not slow a click on one file: an office of 200 downloads from one address", async () => {
    const link = await aLink({ files, minted: true })
    await claimAll(link)
    await spend(URLS_PER_WINDOW)
    const { publicId, fileId } = link
    const click = () =>
      claim({ publicId, fileIds: [fileId], cookies: noCookies, directOnly: false, source })

    expect(await granted(Array.from({ length: 200 }, click))).toBe(200)
  })
})
