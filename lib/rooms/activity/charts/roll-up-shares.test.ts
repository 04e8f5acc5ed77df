import { randomUUID } from "node:crypto"
import pg from "pg"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { shareCounts } from "#lib/rooms/activity/share-counts.ts"
import { expireEvents } from "#lib/rooms/jobs/expire-events.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { HOUR, inHours, MINUTE, past } from "#testing/units.ts"
import { rollUpShares } from "./roll-up-shares.ts"

const LONG_AGO = new Date("2020-01-01T00:00:00Z")

type Link = Awaited<ReturnType<typeof aLink>>
type Event = Partial<{
  kind: "view" | "claim" | "mint" | "preview" | "bot_view"
  at: Date
  again: boolean
  fileId: string | null
  fileIds: string[]
  agent: string
}>

const happened = ({ shareId, linkId }: Link, events: Event[]) =>
  db.event.createMany({
    data: events.map((event) => ({
      shareId,
      linkId,
      kind: "view" as const,
      at: past(),
      ...event,
    })),
  })

/** Makes the files of a share as old as the oldest events of these tests. */
const ageFiles = (link: Link) =>
  db.file.updateMany({ where: { id: { in: link.fileIds } }, data: { readyAt: LONG_AGO } })

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index))

const read = (link: Link, options: { names?: number; most?: number; since?: Date } = {}) =>
  shareCounts(link.ownerId as PersonId, link.shareId, { since: LONG_AGO, names: 50, ...options })

/** The counts of roll-ups, without reading events. */
async function rolled(link: Link, kind: "views" | "claims" = "views") {
  const { quarters } = await read(link, { most: -1 })
  return quarters.reduce((sum, each) => sum + each[kind], 0)
}

async function counted(link: Link, kind: "views" | "claims" | "mints" | "previews" = "views") {
  const { quarters } = await read(link)
  return quarters.reduce((sum, each) => sum + each[kind], 0)
}

const client = async () => {
  const next = new pg.Client({ connectionString: process.env.DATABASE_URL })
  await next.connect()
  return next
}

describe("the counts of a share", () => {
  it("are the same before events are rolled up, after that, and when the events are deleted", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf"] })
    const [a = "", b = ""] = link.fileIds
    await ageFiles(link)
    await happened(link, [
      {},
      {},
      { kind: "bot_view", agent: "bot: Slackbot" },
      { kind: "claim", fileId: a },
      { kind: "mint", fileId: b },
      { kind: "claim" },
      { kind: "claim", fileIds: [a, b] },
      { kind: "claim", fileIds: [] },
      { kind: "preview", fileId: a, at: inHours(-50) },
      { kind: "preview", fileId: a, again: true },
    ])
    const before = await read(link)
    await rollUpShares()
    const after = await read(link)
    await db.event.deleteMany()

    expect(before.until).toBeNull()
    expect(after).toEqual(before)
    expect(await read(link)).toEqual(before)
    const none = { views: 0, claims: 0, mints: 0, previews: 0 }
    expect(before.files).toEqual([
      { ...none, id: a, name: "a.pdf", claims: 3, previews: 1 },
      { ...none, id: b, name: "b.pdf", claims: 2, mints: 1 },
    ])
    const { quarters } = before
    expect(quarters.reduce((sum, { claims }) => sum + claims, 0)).toBe(3)
    expect(before.recipients).toEqual([])
    expect(before.quarters.map(({ at }) => at % (HOUR / 4))).toEqual([0, 0])
  })

  it("count a claim of all files for each file that the share then had", async () => {
    const names = ["first.pdf", "late.pdf", "removed.pdf", "deleted.pdf", "uploading.pdf"]
    const link = await aLink({ files: names })
    const hour = Math.floor(Date.now() / HOUR - 3) * HOUR
    const at = (minute: number) => new Date(hour + minute * MINUTE)
    const [, late = "", removed = "", deleted = "", uploading = ""] = link.fileIds
    await ageFiles(link)
    await db.file.update({ where: { id: late }, data: { readyAt: at(10) } })
    await db.file.update({ where: { id: deleted }, data: { deletedAt: at(20) } })
    await db.file.update({ where: { id: uploading }, data: { readyAt: null } })
    await db.shareFile.updateMany({ where: { fileId: removed }, data: { removedAt: at(30) } })
    await happened(
      link,
      [-1, 5, 10, 15, 20, 25, 35, 61].map((minute) => ({ kind: "claim", at: at(minute) })),
    )

    const expected = { "first.pdf": 8, "removed.pdf": 6, "late.pdf": 6, "deleted.pdf": 4 }
    const downloads = async () =>
      Object.fromEntries((await read(link)).files.map(({ name, claims }) => [name, claims]))
    expect(await downloads()).toEqual(expected)
    await rollUpShares({ batch: 3 })
    await db.event.deleteMany()
    expect(await downloads()).toEqual(expected)
    expect((await read(link, { names: 1 })).files).toMatchObject([
      { name: "first.pdf", claims: 8 },
      { id: "", claims: 16 },
    ])
    // An hour stores a name for each set of files that the share had, not for each claim.
    const [{ names: kept = [] } = {}] = await db.shareHour.findMany({ where: { hour: at(60) } })
    expect(kept.filter((name) => name.startsWith("all"))).toHaveLength(1)
  })

  it("read claims of all and of several files as an earlier version counted them", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf"] })
    await db.file.updateMany({ data: { readyAt: past() } })
    await db.shareHour.create({
      data: {
        shareId: link.shareId,
        hour: new Date(Math.floor(Date.now() / HOUR - 1) * HOUR),
        counts: [5n, 2n, 3n],
        parts: ["quarter", "file", "file"],
        names: ["1", "all", "several"],
        kinds: ["claim", "claim", "claim"],
      },
    })
    const { files } = await read(link)
    expect(files.map(({ id, name, claims }) => [name ?? id, claims])).toEqual(
      expect.arrayContaining([
        ["a.pdf", 2],
        ["b.pdf", 2],
        ["several", 3],
      ]),
    )
  })

  it("say what the charts of a view-only share count", async () => {
    const link = await aLink({ viewOnly: true })
    expect((await read(link)).shown).toEqual(["previews"])
    await db.share.update({ where: { id: link.shareId }, data: { otherClaims: 1 } })
    expect((await read(link)).shown).toEqual(["previews", "downloads"])
    await db.share.update({ where: { id: link.shareId }, data: { viewOnly: false } })
    expect((await read(link)).shown).toEqual(["downloads"])
  })

  it("name the recipients of links", async () => {
    const link = await aLink()
    await db.link.update({
      where: { id: link.linkId },
      data: { open: false, address: "maria@example.org" },
    })
    await happened(link, [{}, {}, { kind: "claim" }])
    await rollUpShares()

    expect((await read(link)).recipients).toMatchObject([
      { id: link.linkId, name: "maria@example.org", views: 2, claims: 1 },
    ])
  })

  it("count each event once, however many jobs run at once and however the batches fall", async () => {
    const links = [await aLink(), await aLink()]
    for (const link of links)
      await happened(
        link,
        times(120, (n) => ({ at: new Date(Date.now() - (n + 1) * MINUTE) })),
      )
    // More events at the same moment than a batch has.
    const at = inHours(-30)
    for (const link of links)
      await happened(
        link,
        times(40, () => ({ at, kind: "claim" })),
      )

    const batches = [7, 7, 11, 30, 500]
    await Promise.all(batches.map((batch) => rollUpShares({ batch })))
    await rollUpShares()

    for (const link of links) {
      expect([await rolled(link), await rolled(link, "claims")]).toEqual([120, 40])
    }
  })

  it("miss no event whose transaction commits late", async () => {
    const link = await aLink()
    await happened(link, [{}])
    const late = await client()
    try {
      await late.query("BEGIN")
      await late.query(
        `INSERT INTO event (at, share_id, kind) VALUES (statement_timestamp(), $1, 'view')`,
        [link.shareId],
      )
      await db.$executeRaw`
        INSERT INTO event (at, share_id, kind)
        SELECT statement_timestamp(), ${link.shareId}::uuid, 'view' FROM generate_series(1, 5)`
      await rollUpShares({ marginSeconds: 0 })
      expect(await rolled(link)).toBe(1)
      await late.query("COMMIT")
      await rollUpShares({ marginSeconds: 0 })
      expect(await rolled(link)).toBe(7)
    } finally {
      await late.end()
    }
  })

  it("miss no event while visitors come and jobs run at the same time", async () => {
    const link = await aLink()
    const clients = await Promise.all(times(4, client))
    let inserted = 0
    const visit = async (visitor: pg.Client, until: number) => {
      while (performance.now() < until) {
        await visitor.query("BEGIN")
        await visitor.query(
          `INSERT INTO event (at, share_id, kind) VALUES (statement_timestamp(), $1, 'view')`,
          [link.shareId],
        )
        await visitor.query("SELECT pg_sleep($1)", [Math.random() / 50])
        const keep = Math.random() < 0.9
        await visitor.query(keep ? "COMMIT" : "ROLLBACK")
        if (keep) inserted += 1
      }
    }
    const end = performance.now() + 2_000
    const roll = async () => {
      while (performance.now() < end) await rollUpShares({ marginSeconds: 0, batch: 20 })
    }
    await Promise.all([...clients.map((each) => visit(each, end)), roll(), roll()])
    await Promise.all(clients.map((each) => each.end()))

    expect(inserted).toBeGreaterThan(50)
    expect(await counted(link)).toBe(inserted)
    await rollUpShares({ marginSeconds: 0 })
    expect(await rolled(link)).toBe(inserted)
  })

  it("stay correct when a run dies in the middle", async () => {
    const link = await aLink()
    await happened(
      link,
      times(50, (n) => ({ at: new Date(Date.now() - HOUR - n * 1000) })),
    )
    const killer = await client()
    const kill = async () => {
      await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'lapse-long'`,
      )
    }
    for (let round = 0; round < 8; round++) {
      const run = rollUpShares({ batch: 5 }).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 15))
      await kill()
      await run
    }
    await killer.end()
    await rollUpShares()
    expect(await rolled(link)).toBe(50)
  })

  it("keep the names with the most events, up to a limit, and add up", async () => {
    const link = await aLink()
    const frequent = link.fileId
    const rare = () => times(1_100, () => ({ kind: "claim" as const, fileId: randomUUID() }))
    for (let part = 0; part < 5; part++) {
      const often = times(10, () => ({ kind: "claim" as const, fileId: frequent }))
      await happened(link, [...rare(), ...often])
      await db.$executeRaw`UPDATE event SET at = date_trunc('hour', now()) - interval '30 minutes' WHERE at < now()`
      await rollUpShares()
      await db.event.deleteMany()
      // The last run read the events up to here, so new ones must be later.
      await db.$executeRaw`UPDATE rollup SET until = until - interval '2 hours'`
    }

    const { files } = await read(link, { names: 2_000 })
    expect(files).toHaveLength(1_001)
    expect(files[0]).toMatchObject({ id: frequent, claims: 50 })
    expect(files.at(-1)).toMatchObject({ id: "" })
    expect(files.reduce((sum, { claims }) => sum + claims, 0)).toBe(5_550)
    const fewer = await read(link, { names: 3 })
    expect(fewer.files.map(({ id }) => id).slice(-1)).toEqual([""])
    expect(fewer.files).toHaveLength(4)
    expect(fewer.files.reduce((sum, { claims }) => sum + claims, 0)).toBe(5_550)
  })

  it("continue hours in which an earlier version counted by program and site", async () => {
    const link = await aLink()
    const hour = new Date(Math.floor(Date.now() / HOUR - 1) * HOUR)
    await db.shareHour.create({
      data: {
        shareId: link.shareId,
        hour,
        counts: [3n, 3n, 2n],
        parts: ["quarter", "agent", "referrer"],
        names: ["1", "curl", "news.example"],
        kinds: ["view", "view", "view"],
      },
    })
    expect(await read(link, { most: -1 })).toMatchObject({ files: [], recipients: [] })
    await happened(link, [{ at: hour }, { at: hour, kind: "claim", fileId: link.fileId }])
    await rollUpShares()

    expect([await rolled(link), await rolled(link, "claims")]).toEqual([4, 1])
    expect((await read(link)).files).toMatchObject([{ id: link.fileId, claims: 1 }])
  })

  it("are cut if more events wait than are read, and say until when they are complete", async () => {
    const link = await aLink()
    await happened(link, [{ at: inHours(-3) }])
    await rollUpShares()
    await happened(
      link,
      times(3, () => ({ at: new Date() })),
    )

    const whole = await read(link, { most: 3 })
    expect([await counted(link), whole.until]).toEqual([4, null])
    const cut = await read(link, { most: 2 })
    expect(cut.quarters).toHaveLength(1)
    expect(cut.until?.getTime()).toBeGreaterThan(Date.now() - HOUR)
    expect(cut.until?.getTime()).toBeLessThan(Date.now())
  })

  it("say so if nothing is rolled up yet", async () => {
    const link = await aLink()
    await happened(
      link,
      times(3, () => ({})),
    )
    expect((await read(link, { most: 2 })).until).toEqual(LONG_AGO)
  })

  it("stay when retention deletes the events, and are deleted with their share", async () => {
    const link = await aLink()
    await happened(
      link,
      times(4, () => ({ at: inHours(-72) })),
    )
    await rollUpShares()
    await expireEvents(1)
    expect(await db.event.count()).toBe(0)
    expect(await rolled(link)).toBe(4)

    await happened(link, [{ kind: "claim" }])
    await db.share.delete({ where: { id: link.shareId } })
    await rollUpShares()
    expect(await db.shareHour.count()).toBe(0)
  })

  it("are shown only to the owner", async () => {
    const [mine, other] = [await aLink(), await aLink()]
    for (const id of [other.shareId, randomUUID(), "x"]) {
      await expect(
        shareCounts(mine.ownerId as PersonId, id, { since: LONG_AGO, names: 5 }),
      ).rejects.toBeRefusal("not_found")
    }
  })
})
