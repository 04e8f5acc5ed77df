import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { listActivityDays } from "#lib/rooms/activity/charts/roll-up.ts"
import { rollUpShares } from "#lib/rooms/activity/charts/roll-up-shares.ts"
import { shareActivity } from "#lib/rooms/activity/charts/share-activity.ts"
import { shareCounts } from "#lib/rooms/activity/share-counts.ts"
import { listQuestions } from "#lib/rooms/questions/list-questions.ts"
import { listDeliveries } from "#lib/rooms/requests/list-deliveries.ts"
import { listRequests } from "#lib/rooms/requests/read-requests.ts"
import { listShares } from "#lib/rooms/shares/list/list-shares.ts"
import { SHARE_STATUSES, ShareListQuery } from "#lib/rooms/shares/share.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { DAY } from "#testing/units.ts"
import { makeSample } from "./make-sample.ts"
import { refuseUnfinishedSample } from "./unfinished-sample.ts"

let directory = ""
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(tmpdir(), "lapse-sample-"))
})
afterEach(() => fs.rmSync(directory, { recursive: true }))

const sharesOf = async (email: string) => {
  const { id } = await db.member.findFirstOrThrow({ where: { email } })
  const owner = id as PersonId
  const query = ShareListQuery.parse({ limit: 50 })
  return { owner, shares: (await listShares(owner, query)).items }
}

describe("makeSample", () => {
  it("fills a new installation with shares of every status, and people who sign in", async () => {
    const signIns = await makeSample(directory)

    expect(signIns.map(({ email }) => email)).toEqual(["ada@example.org", "grace@example.org"])
    for (const { email, password } of signIns) {
      const attempt = { email, password, address: "192.0.2.1" }
      expect(await verifyCredentials(attempt)).toMatchObject({ memberId: expect.any(String) })
    }
    expect(await db.member.count({ where: { role: "admin" } })).toBe(1)
    const { owner, shares } = await sharesOf("grace@example.org")
    expect(new Set(shares.map(({ status }) => status))).toEqual(new Set(SHARE_STATUSES))
    for (const condition of [
      { hasPassword: true },
      { viewOnly: true },
      { direct: true },
      { maxDownloads: 10, status: "open", downloads: 3 },
      { status: "revoked", cutOff: expect.objectContaining({ state: "done" }) },
    ]) {
      expect(shares).toContainEqual(expect.objectContaining(condition))
    }
    const asked = shares.find(({ status }) => status === "expired")
    expect(await listQuestions(owner, asked?.id ?? "")).toMatchObject({ count: 1 })
    const { items: requests } = await listRequests(owner)
    expect(requests).toMatchObject([
      { status: "open", slug: "harbour-festival", fileCount: 4, deliveries: 1, views: 2 },
      { status: "expired", fileCount: 1, views: 1 },
    ])
    const { items } = await listDeliveries(owner, requests[0]?.id ?? "")
    expect(items.map(({ doneAt }) => doneAt === null)).toEqual([true, false])
    expect(fs.readdirSync(directory)).toEqual([])
  })

  it("has visits of the last weeks, in receipts and charts", async () => {
    // left by an earlier start
    await db.rollup.create({ data: { name: "share_hour", until: new Date() } })
    await makeSample(directory)
    const { owner, shares } = await sharesOf("grace@example.org")
    // The overview has all views before any job ran.
    const onOverview = (await listActivityDays(30)).reduce((sum, { views }) => sum + views, 0)
    const since30 = new Date(new Date().setUTCHours(0, 0, 0, 0) - 29 * DAY)
    const views = await db.event.count({ where: { kind: "view", at: { gte: since30 } } })
    expect(onOverview).toBe(views)
    expect(views).toBeGreaterThan(20)
    await rollUpShares()
    const campaign = shares.find(({ title }) => title === "Photos for the brochure")
    expect(campaign?.totalBytes).toBeGreaterThan(1_000_000)

    const since = new Date("2020-01-01T00:00:00Z")
    const counts = await shareCounts(owner, campaign?.id ?? "", { since, names: 20 })
    const days = new Set(counts.quarters.map(({ at }) => Math.floor(at / DAY)))
    expect(days.size).toBeGreaterThan(20)
    expect(counts.quarters.reduce((sum, { views }) => sum + views, 0)).toBe(campaign?.views)
    expect(counts.files.length).toBeGreaterThan(4)
    const asked = { files: campaign?.files ?? [], views: 0, limit: 50 }
    const { visitors, receipts } = await shareActivity(owner, campaign?.id ?? "", asked)
    expect(visitors).toBe(campaign?.views)
    expect(new Set(receipts.map(({ agent }) => agent)).size).toBeGreaterThan(2)
  })

  it("is made in a new installation only, and changes no other", async () => {
    await aMember()

    await expect(makeSample(directory)).rejects.toThrow(/^Sample data goes into a new installation/)

    expect([await db.member.count(), await db.file.count()]).toEqual([1, 0])
    expect(() => refuseUnfinishedSample(directory)).not.toThrow()
  })

  it("leaves a mark until it is complete, so that a start after a kill says what to do", async () => {
    const making = makeSample(directory)
    await expect.poll(() => fs.readdirSync(directory)).toHaveLength(1)
    expect(() => refuseUnfinishedSample(directory)).toThrow(/not finished.* remove that directory/)
    await making
    expect(() => refuseUnfinishedSample(directory)).not.toThrow()
  })
})
