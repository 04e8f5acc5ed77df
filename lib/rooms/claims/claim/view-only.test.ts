import { describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import {
  click,
  type Link,
  look,
  lookCountsOf,
  newVisitor,
  noCookies,
  source,
} from "#testing/look-and-click.ts"
import { describeFile } from "../look/describe-file.ts"
import { mint } from "../mint/mint.ts"
import { claim } from "./claim.ts"

describe("a view-only share", () => {
  const all = ({ publicId }: Link, cookies = newVisitor(), address?: string) => ({
    publicId,
    fileIds: null,
    cookies,
    source,
    ticketAlone: true,
    ...(address && { chargedTo: address }),
  })

  it("refuses every download, by a click, a ticket, a direct link and a HEAD", async () => {
    for (const conditions of [{}, { minted: true }, { maxDownloads: 2 }, { direct: true }]) {
      const link = await aLink({ viewOnly: true, ...conditions })
      const { publicId, fileId } = link
      const asked = { publicId, fileIds: [fileId], source }
      const { ticket } = await claim({ ...all(link), directOnly: false })
      const cookies = { ...newVisitor(), ticket }
      await expect(click(link)).rejects.toBeRefusal("view_only")
      await expect(claim({ ...asked, cookies, directOnly: true })).rejects.toBeRefusal("view_only")
      await expect(mint({ ...asked, cookies })).rejects.toBeRefusal("view_only")
      await expect(describeFile(publicId, fileId, cookies)).rejects.toBeRefusal("view_only")
      expect((await lookCountsOf(link)).downloads).toBe(1)
      expect(await db.event.count({ where: { shareId: link.shareId, kind: "mint" } })).toBe(0)
    }
  })

  it("gives its ticket without URLs, counted once, and the ticket opens previews", async () => {
    const link = await aLink({ viewOnly: true, maxDownloads: 1 })
    const cookies = newVisitor()
    const grants = await Promise.all(
      Array.from({ length: 8 }, () => claim({ ...all(link, cookies), directOnly: false })),
    )
    expect(new Set(grants.map(({ ticket }) => ticket?.id)).size).toBe(1)
    expect(grants.map(({ viewOnly }) => viewOnly)).toEqual(Array(8).fill(true))
    expect((await lookCountsOf(link)).downloads).toBe(1)

    const ticket = grants[0]?.ticket ?? null
    const again = await mint(all(link, { ...cookies, ticket }))
    expect(again).toMatchObject({ viewOnly: true, ticket: null })
    await look(link, { cookies: { ...noCookies, ticket } })
    await expect(claim({ ...all(link), directOnly: false })).rejects.toBeRefusal("gone")
    const kinds = await db.event.groupBy({ by: ["kind"], _count: true })
    expect(Object.fromEntries(kinds.map(({ kind, _count }) => [kind, _count]))).toEqual({
      claim: 1,
      preview: 1,
      refused: 1,
    })
  })

  it.each([true, false])(
    "mints no download that is asked for after the switch, however many run (minted before: %s)",
    async (minted) => {
      for (let round = 0; round < 5; round++) {
        const link = await aLink({ minted })
        let [granted, late, switched, open] = [0, 0, false, true]
        const clicking = Array.from({ length: 30 }, async () => {
          const cookies = newVisitor()
          while (open) {
            const after = switched
            const won = await click(link, cookies).then(
              () => true,
              () => false,
            )
            if (won) granted += 1
            if (won && after) late += 1
          }
        })
        if (minted) await vi.waitFor(() => expect(granted).toBeGreaterThan(0), { timeout: 10_000 })
        await db.share.update({ where: { id: link.shareId }, data: { viewOnly: true } })
        switched = true
        await new Promise((resolve) => setTimeout(resolve, 20))
        open = false
        await Promise.all(clicking)

        expect(late).toBe(0)
        expect((await lookCountsOf(link)).downloads).toBe(granted)
      }
    },
  )

  it.each([null, 5])(
    "that is switched off while a claim waits has an event that names every URL handed out (limit: %s)",
    async (maxDownloads) => {
      const link = await aLink({ viewOnly: true, maxDownloads })
      const claiming = await db.$transaction(async (tx) => {
        await tx.share.update({ where: { id: link.shareId }, data: { viewOnly: false } })
        const claiming = claim({ ...all(link), directOnly: false })
        await untilOneWaits()
        return { claiming }
      })
      const { viewOnly, eventId } = await claiming.claiming

      // Null for all files of the share, an empty list for none.
      const [event] = await db.$queryRaw<{ ofAll: boolean; ofNone: boolean }[]>`
        SELECT file_ids IS NULL AS "ofAll", file_ids = '{}' AS "ofNone"
        FROM event WHERE id = ${eventId}::uuid`
      expect(viewOnly ? event?.ofNone : event?.ofAll).toBe(true)
    },
  )
})
