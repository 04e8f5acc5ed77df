import { createHash, randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { SYSTEMS } from "#lib/adapters/http/agent-tables.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { deviceOf } from "#lib/rooms/activity/receipt.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import type { Ticket } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { aLink, aRecipientOf } from "#testing/builders/a-link.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { shareActivity } from "./share-activity.ts"

type Link = Awaited<ReturnType<typeof aLink>>

const hash = (name: string) => createHash("md5").update(name).digest()

/** A visitor with this name and user agent, and the visitor's actions at a link. */
function visitor(link: Link, name: string, agent = "Safari on iPhone") {
  const source = { agent, referrer: null, visitor: hash(name) }
  const { publicId } = link
  const click = (fileIds: string[] | null, ticket: Ticket | null) => ({
    publicId,
    fileIds,
    source,
    cookies: { ...noCookies, ticket },
  })
  return {
    open: (kind: "view" | "bot_view" = "view") =>
      openLink({ publicId, cookies: noCookies, kind, source }),
    take: async (fileIds: string[] | null) =>
      (await claim({ ...click(fileIds, null), directOnly: false })).ticket,
    takeAgain: (fileIds: string[] | null, ticket: Ticket | null) => mint(click(fileIds, ticket)),
  }
}

type Asked = { cursor?: string; limit?: number; most?: number; views?: number }

const read = async (link: Link, asked: Asked = {}) => {
  const rows = await db.file.findMany({ where: { id: { in: link.fileIds } } })
  const files = link.fileIds.flatMap((id) =>
    rows.filter((file) => file.id === id && !file.deletedAt),
  )
  return shareActivity(link.ownerId as PersonId, link.shareId, {
    files,
    views: 0,
    limit: 20,
    ...asked,
  })
}

const names = (...all: string[]) => ({ names: all, count: all.length })

describe("a receipt", () => {
  it("says which files a visitor took, in any way, and which never", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf", "plan.pdf"] })
    const [a = "", b = ""] = link.fileIds
    const ada = visitor(link, "Ada")
    await ada.open()
    const ticket = await ada.take([a])
    await ada.takeAgain([a], ticket) // a retry
    await ada.takeAgain([b], ticket)

    expect((await read(link)).receipts).toMatchObject([
      {
        id: hash("Ada").toString("hex"),
        views: 1,
        agent: "Safari on iPhone",
        taken: names("a.pdf", "b.pdf"),
        neverTaken: names("plan.pdf"),
        isComplete: true,
      },
    ])
  })

  it("of a selection names its files, and not the share's other files", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf", "plan.pdf"] })
    const [a = "", b = "", plan = ""] = link.fileIds
    await visitor(link, "Ada").take([b, a])
    const ticket = await visitor(link, "Bob").take([plan])
    await visitor(link, "Bob").takeAgain([a, plan], ticket)

    const { receipts, takers } = await read(link)
    expect(receipts.map(({ taken, neverTaken }) => [taken.names, neverTaken.names])).toEqual([
      [["a.pdf", "plan.pdf"], ["b.pdf"]],
      [["a.pdf", "b.pdf"], ["plan.pdf"]],
    ])
    expect(takers).toEqual(
      new Map([
        [a, 2],
        [b, 1],
        [plan, 1],
      ]),
    )
  })

  it("of a download of everything leaves out a file that was added later", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf", "late.pdf"] })
    const [a = "", b = "", late = ""] = link.fileIds
    await db.file.update({ where: { id: late }, data: { status: "uploading", readyAt: null } })
    await visitor(link, "Ada").take(null)
    const readyAt = new Date(Date.now() + 1000)
    await db.file.update({ where: { id: late }, data: { status: "ready", readyAt } })

    const { receipts, takers } = await read(link)
    expect(receipts[0]).toMatchObject({
      taken: names("a.pdf", "b.pdf"),
      neverTaken: names("late.pdf"),
    })
    expect(takers).toEqual(
      new Map([
        [a, 1],
        [b, 1],
      ]),
    )
  })

  it("does not call what a view-only share hands out a download", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf"] })
    await db.share.update({ where: { id: link.shareId }, data: { viewOnly: true } })
    const at = new Date()
    await db.event.create({
      data: { at, shareId: link.shareId, kind: "claim", fileIds: [], visitor: hash("Ada") },
    })
    const [fileId = ""] = link.fileIds
    await db.event.create({
      data: { at, shareId: link.shareId, kind: "preview", fileId, visitor: hash("Ada") },
    })

    const { receipts, takers } = await read(link)
    expect(receipts[0]).toMatchObject({ taken: names(), lookedAt: names("a.pdf") })
    expect(takers).toEqual(new Map())
  })

  it("counts files separately that were taken and are deleted", async () => {
    const link = await aLink({ files: ["a.pdf", "gone.pdf"] })
    await visitor(link, "Ada").take([link.fileIds[1] ?? ""])
    await db.file.updateMany({ where: { name: "gone.pdf" }, data: { deletedAt: new Date() } })

    expect((await read(link)).receipts[0]).toMatchObject({
      taken: names(),
      neverTaken: names("a.pdf"),
      takenGone: 1,
    })
  })

  it("counts files of a download of everything that are no longer in the share", async () => {
    const link = await aLink({ files: ["a.pdf", "deleted.pdf", "removed.pdf", "early.pdf"] })
    const [, deleted = "", removed = "", early = ""] = link.fileIds
    await db.file.update({ where: { id: early }, data: { deletedAt: new Date() } })
    await visitor(link, "Ada").take(null)
    await db.file.update({ where: { id: deleted }, data: { deletedAt: new Date() } })
    await db.shareFile.updateMany({ where: { fileId: removed }, data: { removedAt: new Date() } })

    const rows = await db.file.findMany({ where: { id: link.fileIds[0] ?? "" } })
    const owner = link.ownerId as PersonId
    const { receipts } = await shareActivity(owner, link.shareId, {
      files: rows,
      views: 0,
      limit: 1,
    })
    expect(receipts[0]).toMatchObject({ taken: names("a.pdf"), takenGone: 2 })
  })

  it("names the site that a visitor came from, never the app's own", async () => {
    const link = await aLink()
    const { shareId } = link
    const event = { shareId, kind: "view" as const, visitor: hash("Ada") }
    await db.event.createMany({
      data: ["localhost", "chat.example.org", null].map((referrer) => ({ ...event, referrer })),
    })
    expect((await read(link)).receipts).toMatchObject([{ referrer: "chat.example.org" }])
    await db.event.deleteMany({ where: { referrer: "chat.example.org" } })
    expect((await read(link)).receipts).toMatchObject([{ referrer: null }])
  })

  it("shows the recipient of the link and a script by its name, and no receipt of bots and guessers", async () => {
    const link = await aLink()
    await db.link.update({
      where: { id: link.linkId },
      data: { open: false, address: "maria@example.org" },
    })
    await visitor(link, "script", "curl").take(null)
    await visitor(link, "bot", "bot: Slackbot").open("bot_view")
    const { shareId } = link
    await db.event.create({ data: { shareId, kind: "unlock_failed", visitor: hash("guesser") } })

    const { receipts, visitors, bots } = await read(link)
    expect(receipts).toMatchObject([
      { recipient: "maria@example.org", agent: "curl", views: 0, taken: names("report.pdf") },
    ])
    expect(visitors).toBe(1)
    expect(bots).toMatchObject([{ agent: "bot: Slackbot", count: 1 }])
  })
})

it("a receipt of a link that its recipient never opened says that the visitor did not get in", async () => {
  const link = await aLink()
  const own = { name: "Pia", address: "pia@example.org", verify: true }
  const pia = await aRecipientOf(link, own)
  await visitor(pia, "stranger").open()
  await visitor(link, "Ada").open()
  const shutOut = async () =>
    (await read(link)).receipts.map((each) => [each.recipient, each.shutOut]).sort()
  expect(await shutOut()).toEqual([
    [null, false],
    ["Pia", true],
  ])
  await db.link.update({ where: { id: pia.linkId }, data: { openedAt: new Date() } })
  expect(await shutOut()).toEqual([
    [null, false],
    ["Pia", false],
  ])
})

describe("the numbers of a share", () => {
  it("count a visitor once a day and a file once per visitor, however often they try", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf"] })
    const [a = "", b = ""] = link.fileIds
    for (const name of ["Ada", "Bob", "Ada of the next day"]) {
      const person = visitor(link, name)
      await Promise.all([person.open(), person.open(), person.take([a]), person.take([a])])
    }
    await visitor(link, "Ada").take(null)
    await visitor(link, "Eve").open()

    const { visitors, takers } = await read(link)
    expect(visitors).toBe(4)
    expect(takers).toEqual(
      new Map([
        [a, 3],
        [b, 1],
      ]),
    )
  })

  it("say since when they count if there are too many events, and claim nothing of that day", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf"] })
    for (const name of ["Ada", "Bob", "Eve"]) await visitor(link, name).open()

    const all = await read(link, { most: 4 })
    expect([all.visitors, all.since]).toEqual([3, null])
    const latest = await read(link, { most: 2 })
    expect(latest.visitors).toBe(2)
    expect(latest.since).toEqual(expect.any(String))
    expect(latest.receipts[0]).toMatchObject({ isComplete: false, neverTaken: names() })
  })

  it("say that earlier events are deleted, where more views were counted than there are", async () => {
    const link = await aLink()
    for (const name of ["Ada", "Bob"]) await visitor(link, name).open()
    expect(await read(link, { views: 2 })).toMatchObject({ since: null, areDeleted: false })
    const since = expect.any(String)
    expect(await read(link, { views: 3 })).toMatchObject({ visitors: 2, since, areDeleted: true })
    expect(await read(link, { views: 3, most: 1 })).toMatchObject({ since, areDeleted: false })
    await db.event.deleteMany()
    expect(await read(link, { views: 3 })).toMatchObject({ since: null, areDeleted: true })
  })

  it("are shown only for the owner's share", async () => {
    const [mine, other] = [await aLink(), await aLink()]
    await visitor(other, "Ada").open()

    expect(await read(mine)).toMatchObject({ visitors: 0, receipts: [], bots: [], since: null })
    for (const id of [other.shareId, randomUUID(), "x"]) {
      await expect(
        shareActivity(mine.ownerId as PersonId, id, { files: [], views: 0, limit: 1 }),
      ).rejects.toBeRefusal("not_found")
    }
  })
})

describe("the pages of receipts", () => {
  it("show each visitor once, the latest first, also visitors of the same moment", async () => {
    const link = await aLink()
    const at = Date.now()
    await db.event.createMany({
      data: Array.from({ length: 75 }, (_, n) => ({
        shareId: link.shareId,
        linkId: link.linkId,
        kind: "view" as const,
        at: new Date(at - Math.floor(n / 21)),
        visitor: hash(`visitor ${n % 25}`),
      })),
    })

    const seen: string[] = []
    const places: string[] = []
    let cursor: string | undefined
    do {
      const page = await read(link, { limit: 4, ...(cursor ? { cursor } : {}) })
      seen.push(...page.receipts.map(({ id }) => id))
      places.push(...page.receipts.map(({ lastAt }) => lastAt))
      cursor = page.nextCursor ?? undefined
    } while (cursor)

    expect(seen).toHaveLength(25)
    expect(new Set(seen).size).toBe(25)
    expect(places).toEqual([...places].sort().reverse())
  })
})

describe("deviceOf", () => {
  it("knows every system that an agent may name", () => {
    for (const [, system] of SYSTEMS)
      expect(deviceOf(`Firefox on ${system}`)).toEqual({ system, browser: "Firefox", tool: null })
  })

  it.each([
    ["Safari on iPhone", { system: "iPhone", browser: "Safari", tool: null }],
    ["Samsung Internet on Android", { system: "Android", browser: "Samsung Internet", tool: null }],
    ["Android", { system: "Android", browser: null, tool: null }],
    ["Safari", { system: null, browser: "Safari", tool: null }],
    ["curl", { system: null, browser: null, tool: "curl" }],
    [null, { system: null, browser: null, tool: null }],
  ])("reads %s", (agent, device) => {
    expect(deviceOf(agent)).toEqual(device)
  })
})
