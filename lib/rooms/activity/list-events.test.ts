import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { aLink, aRecipientOf } from "#testing/builders/a-link.ts"
import { listEvents } from "./list-events.ts"

const asMember = (id: string) => id as PersonId

describe("listEvents", () => {
  it("lists the events of the owner's share, newest first, page by page without a gap", async () => {
    const { shareId, ownerId, fileId } = await aLink()
    const at = new Date()
    await db.event.createMany({
      data: Array.from({ length: 25 }, (_, n) => ({
        shareId,
        fileId,
        kind: "claim" as const,
        // Several events have the same time, so their ids decide the order.
        at: new Date(at.getTime() - Math.floor(n / 7)),
      })),
    })
    const owner = asMember(ownerId)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const list = await listEvents(owner, shareId, { limit: 4, ...(cursor ? { cursor } : {}) })
      seen.push(...list.items.map(({ id }) => id))
      expect(list.items[0]?.file).toEqual({ id: fileId, name: "report.pdf" })
      cursor = list.nextCursor ?? undefined
    } while (cursor)

    expect(new Set(seen).size).toBe(25)
    expect(seen).toHaveLength(25)
  })

  it("says how many files a download handed out, and nothing of the app's own host", async () => {
    const { shareId, ownerId, fileId } = await aLink()
    const at = Date.now()
    const events = [
      { kind: "claim" as const, fileId },
      { kind: "mint" as const },
      { kind: "claim" as const, fileIds: [fileId, randomUUID()] },
      { kind: "claim" as const, fileIds: [] },
      { kind: "preview" as const, fileId, again: true, referrer: "localhost" },
      { kind: "view" as const, referrer: "chat.example.org" },
    ]
    await db.event.createMany({
      data: events.map((event, n) => ({ shareId, at: new Date(at - n), ...event })),
    })
    const { items } = await listEvents(asMember(ownerId), shareId)
    expect(items.map(({ fileCount }) => fileCount)).toEqual([1, null, 2, 0, null, null])
    expect(items.map(({ again }) => again)).toEqual([false, false, false, false, true, false])
    expect(items.map(({ referrer }) => referrer).slice(4)).toEqual([null, "chat.example.org"])
  })

  it("names the recipient whose link it was, until it is erased, and nobody for the open link", async () => {
    const link = await aLink()
    const pia = await aRecipientOf(link, { name: "Pia Phone", address: "pia@example.org" })
    const bo = await aRecipientOf(link, { address: "bo@example.org" })
    const gone = await aRecipientOf(link, { name: "Gone" })
    await db.event.createMany({
      data: [link, pia, bo, gone].map(({ shareId, linkId }, n) => ({
        ...{ shareId, linkId, kind: "view" as const },
        at: new Date(Date.now() - n),
      })),
    })
    await db.link.update({ where: { id: gone.linkId }, data: { name: "", address: "" } })

    const { items } = await listEvents(asMember(link.ownerId), link.shareId)

    const names = items.map(({ recipient }) => recipient)
    expect(names).toEqual([null, "Pia Phone", "bo@example.org", null])
  })

  it("is empty for a share without events, and not found for another member", async () => {
    const mine = await aLink()
    const other = await aLink()

    expect(await listEvents(asMember(mine.ownerId), mine.shareId)).toEqual({
      items: [],
      nextCursor: null,
    })
    for (const id of [mine.shareId, randomUUID(), "x"]) {
      await expect(listEvents(asMember(other.ownerId), id)).rejects.toBeRefusal("not_found")
    }
  })
})
