import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { callApi } from "#testing/call-api.ts"
import { inDays } from "#testing/units.ts"

const GET = "GET /shares/{id}/activity.csv"

async function csv(as: string, id: string, query: string) {
  const answer = await callApi(GET, { as, id, query })
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/csv; charset=utf-8; header=present",
  ])
  return (await answer.text()).trimEnd().split("\r\n")
}

describe("GET /api/v1/shares/{id}/activity.csv", () => {
  it("counts the days of the reader's zone", async () => {
    const { shareId, ownerId } = await aLink()
    // Midnight in Kathmandu is at 18:15 UTC.
    for (const [minute, count] of [
      ["18:10", 2],
      ["18:20", 3],
    ]) {
      await db.$executeRawUnsafe(
        `INSERT INTO event (at, share_id, kind)
         SELECT (current_date - 2 + time '${minute}') AT TIME ZONE 'UTC', '${shareId}', 'view' FROM generate_series(1, ${count})`,
      )
    }
    const days = await csv(ownerId, shareId, "?range=month&zone=Asia/Kathmandu")
    expect(days).toHaveLength(31)
    expect(days[0]).toBe("day,views,downloads")
    const counted = days.slice(1).filter((line) => !line.endsWith(",0,0"))
    const dayOf = (daysAgo: number) => inDays(-daysAgo).toISOString().slice(0, 10)
    expect(counted).toEqual([`${dayOf(2)},2,0`, `${dayOf(1)},3,0`])
    const utc = await csv(ownerId, shareId, "?range=month")
    expect(utc.filter((line) => !line.endsWith(",0,0")).slice(1)).toEqual([`${dayOf(2)},5,0`])
  })

  it("has every name, and none is a formula to a spreadsheet", async () => {
    const { shareId, ownerId, fileIds, linkId } = await aLink({
      files: ['=1+1",x.pdf', "‮txt.exe"],
    })
    const at = new Date()
    expect(await csv(ownerId, shareId, "?by=recipient")).toEqual(["recipient,views,downloads"])
    await db.link.update({ where: { id: linkId }, data: { open: false, name: "@evil.example" } })
    const other = await db.link.create({
      data: { shareId, publicId: newPublicId(), open: false, address: "ok@example.org" },
    })
    await db.event.createMany({
      data: [
        ...fileIds.map((fileId) => ({ shareId, fileId, kind: "claim" as const, at })),
        ...[linkId, other.id, null].map((linkId) => ({
          shareId,
          linkId,
          kind: "view" as const,
          at,
        })),
        { shareId, kind: "claim", at },
      ],
    })
    expect((await csv(ownerId, shareId, "?by=file")).sort()).toEqual(
      ['"\'=1+1"",x.pdf",2,0', "file,downloads,previews", "‮txt.exe,2,0"].sort(),
    )
    await db.link.update({ where: { id: other.id }, data: { address: "" } })
    expect(await csv(ownerId, shareId, "?by=recipient")).toContain("(erased),1,0")
    await db.link.update({ where: { id: other.id }, data: { address: "ok@example.org" } })
    expect((await csv(ownerId, shareId, "?by=recipient")).sort()).toEqual(
      [
        "(unnamed),1,3",
        '"\'@evil.example",1,0',
        "ok@example.org,1,0",
        "recipient,views,downloads",
      ].sort(),
    )
  })

  it("counts previews of a view-only share, and the downloads from before it was one", async () => {
    const { shareId, ownerId, fileId } = await aLink({ viewOnly: true, maxDownloads: 3 })
    const at = new Date()
    await db.event.createMany({
      data: [
        { shareId, at, kind: "claim", fileIds: [] },
        { shareId, at, kind: "preview", fileId },
        { shareId, at, kind: "preview", fileId, again: true },
      ],
    })
    const [head, ...hours] = await csv(ownerId, shareId, "?range=day")
    expect([head, hours.at(-1)?.slice(-4)]).toEqual(["hour,views,previews", ",0,1"])
    expect(await csv(ownerId, shareId, "?by=file")).toEqual(["file,previews", "report.pdf,1"])

    await db.share.update({ where: { id: shareId }, data: { otherClaims: 1 } })
    await db.event.create({ data: { shareId, at, kind: "claim", fileId } })
    expect(await csv(ownerId, shareId, "?by=file")).toEqual([
      "file,previews,downloads",
      "report.pdf,1,1",
    ])
  })

  it.each(["?by=x", "?by=agent", "?by=referrer", "?range=year", "?zone=Nowhere/Town", "?zone=%00"])(
    "refuses %s",
    async (query) => {
      const { shareId, ownerId } = await aLink()
      expect((await callApi(GET, { as: ownerId, id: shareId, query })).status).toBe(400)
    },
  )
})
