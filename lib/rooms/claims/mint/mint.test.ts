import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { RefusalCode } from "#lib/adapters/errors.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { source } from "#testing/look-and-click.ts"
import { future, past } from "#testing/units.ts"
import type { Ticket } from "../visitor/visitor-cookies.ts"
import { mint } from "./mint.ts"

type Conditions = Parameters<typeof aLink>[0]

async function aTicketed(conditions: Conditions = {}) {
  const link = await aLink({ minted: true, maxDownloads: 1, downloads: 1, ...conditions })
  const expiresAt = future()
  const { linkId } = link
  const ticket: Ticket = { id: randomUUID(), linkId, proofVersion: 0, epoch: 0, expiresAt }
  return { ...link, ticket }
}

type Ticketed = Awaited<ReturnType<typeof aTicketed>>
const again = ({ publicId, fileId }: Pick<Ticketed, "publicId" | "fileId">, ticket: Ticket) =>
  mint({ publicId, fileIds: [fileId], cookies: { visitId: null, unlock: null, ticket }, source })

const eventsOf = (shareId: string) => db.event.count({ where: { shareId, kind: "mint" } })
const triesOf = async ({ id }: Ticket) => {
  const [row] = await db.$queryRaw<{ attempts: number }[]>`
    SELECT attempts FROM attempt WHERE purpose = 'mint' AND subject = ${id}`
  return row?.attempts ?? 0
}

describe("mints of one file that share a statement", () => {
  it("continue over a limit and a password, count nothing, and write an event each", async () => {
    const shares = await Promise.all([
      aTicketed(),
      aTicketed({ passwordHash: "x" }),
      aTicketed({ mintTtlSeconds: 20 }),
    ])

    const grants = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const link = shares[n % 3]
        return link && again(link, link.ticket)
      }),
    )

    for (const [n, grant] of grants.entries()) {
      expect(grant?.ticket).toBeNull()
      expect(grant?.files[0]?.id).toBe(shares[n % 3]?.fileId)
      expect(grant?.expiresInSeconds).toBe(n % 3 === 2 ? 20 : 60)
    }
    expect(new Set(grants.map((grant) => grant?.eventId)).size).toBe(30)
    for (const { shareId, ticket } of shares) {
      expect(await eventsOf(shareId)).toBe(10)
      expect(await triesOf(ticket)).toBe(10)
      const { downloads } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
      expect(downloads).toBe(1)
    }
  })

  it("need a ticket of this link, password, epoch and time", async () => {
    const link = await aTicketed()
    const { ticket } = link
    const wrong: Ticket[] = [
      { ...ticket, linkId: randomUUID() },
      { ...ticket, proofVersion: 1 },
      { ...ticket, epoch: 1 },
      { ...ticket, expiresAt: new Date(Date.now() - 1000) },
    ]

    const answers = await Promise.all([...wrong, ticket].map((each) => again(link, each)))

    expect(answers.map((answer) => answer !== null)).toEqual([...wrong.map(() => false), true])
    expect(await eventsOf(link.shareId)).toBe(1)
  })

  const closed: [string, Conditions, RefusalCode][] = [
    ["a revoked share", { revokedAt: new Date() }, "gone"],
    ["an expired share", { expiresAt: past() }, "gone"],
    ["a share that is to open later", { startsAt: future() }, "forbidden"],
    ["a view-only share", { viewOnly: true }, "view_only"],
  ]
  it.each(closed)("are refused for %s", async (_, conditions, code) => {
    const link = await aTicketed(conditions)

    await expect(again(link, link.ticket)).rejects.toBeRefusal(code)
    expect(await eventsOf(link.shareId)).toBe(0)
    expect(await triesOf(link.ticket)).toBe(0)
  })

  it("are refused for deleted, foreign and unknown files, and need a known link", async () => {
    const link = await aTicketed({ files: ["a", "b"] })
    const [deleted = ""] = link.fileIds
    const other = await aTicketed()
    await db.file.update({ where: { id: deleted }, data: { deletedAt: new Date() } })

    for (const [fileId, code] of [
      [deleted, "gone"],
      [other.fileId, "not_found"],
      [randomUUID(), "not_found"],
    ] as const) {
      await expect(again({ ...link, fileId }, link.ticket)).rejects.toBeRefusal(code)
    }
    expect(await again({ ...link, publicId: newPublicId() }, link.ticket)).toBeNull()
  })

  it("are at most 600 of one ticket in its ten minutes, also when many come at once", async () => {
    const [link, other] = [await aTicketed(), await aTicketed()]
    await db.$executeRaw`INSERT INTO attempt (purpose, subject, address, attempts, window_end_at)
      VALUES ('mint', ${link.ticket.id}, '', 580, now() + interval '5 minutes')`

    const asked = Array.from({ length: 50 }, () => again(link, link.ticket))
    const others = Array.from({ length: 50 }, () => again(other, other.ticket))
    const results = await Promise.allSettled(asked)

    expect((await Promise.allSettled(others)).every((r) => r.status === "fulfilled")).toBe(true)
    const granted = results.filter(({ status }) => status === "fulfilled").length
    const refused = results.filter((r) => r.status === "rejected" && r.reason.code === "too_many")
    expect(granted + refused.length).toBe(50)
    expect(granted).toBeLessThanOrEqual(20)
    expect(await eventsOf(link.shareId)).toBe(granted)
    expect(await eventsOf(other.shareId)).toBe(50)
  })

  it("are not granted for a share that was revoked before they were sent", async () => {
    const links = await Promise.all(Array.from({ length: 4 }, () => aTicketed()))
    const revoked = new Set<string>()
    let [late, granted, open] = [0, 0, true]
    const minting = Array.from({ length: 24 }, async (_, n) => {
      const link = links[n % 4] ?? links[0]
      while (open && link) {
        const after = revoked.has(link.shareId)
        const answer = await again(link, link.ticket).catch(() => null)
        if (answer) granted += 1
        if (answer && after) late += 1
        if (after) return
      }
    })
    for (const { shareId } of links) {
      await db.$executeRaw`UPDATE share SET revoked_at = clock_timestamp(), ticket_epoch = ticket_epoch + 1
        WHERE id = ${shareId}::uuid`
      revoked.add(shareId)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    open = false
    await Promise.all(minting)

    expect(late).toBe(0)
    const events = await Promise.all(links.map(({ shareId }) => eventsOf(shareId)))
    expect(events.reduce((sum, count) => sum + count, 0)).toBe(granted)
  })
})
