import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { listEvents } from "./list-events.ts"

const asMember = (id: string) => id as MemberId

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

  it("is empty for a share without events, and not found for another member", async () => {
    const mine = await aLink()
    const other = await aLink()

    expect(await listEvents(asMember(mine.ownerId), mine.shareId)).toEqual({
      items: [],
      nextCursor: null,
    })
    for (const id of [mine.shareId, randomUUID(), "x"]) {
      await expect(listEvents(asMember(other.ownerId), id)).rejects.toMatchObject({
        code: "not_found",
      })
    }
  })
})
