import { describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import { look, lookCountsOf } from "#testing/look-and-click.ts"
import { past } from "#testing/units.ts"

describe("the first preview of a share", () => {
  it.each([
    ["is revoked", { revokedAt: new Date() }],
    ["loses its previews", { preview: false }],
    ["has expired", { expiresAt: past() }],
  ])("is not granted of one that %s while it waits for the row", async (_what, change) => {
    const link = await aLink()
    const looking = await db.$transaction(async (tx) => {
      await tx.share.update({ where: { id: link.shareId }, data: change })
      const looking = Promise.allSettled([look(link)])
      await untilOneWaits()
      return { looking }
    })
    const [result] = await looking.looking

    expect(result?.status).toBe("rejected")
    expect(await lookCountsOf(link)).toMatchObject({ previews: 0, events: 0, minted: false })
  })
})

describe("previews that run while a share closes", () => {
  it.each([
    ["it is revoked", { revokedAt: new Date() }],
    ["its previews are switched off", { preview: false }],
    ["it gets a limit", { maxDownloads: 5 }],
  ])("are not granted once %s, however many run", { timeout: 30_000 }, async (_what, change) => {
    for (let round = 0; round < 4; round++) {
      const link = await aLink({ minted: round % 2 === 0 })
      let [granted, late, closed, open] = [0, 0, false, true]
      const looking = Array.from({ length: 20 }, async () => {
        while (open) {
          const after = closed
          const won = await look(link).then(
            () => true,
            () => false,
          )
          if (won) granted += 1
          if (won && after) late += 1
        }
      })
      if (round > 1) await vi.waitFor(() => expect(granted).toBeGreaterThan(0), { timeout: 10_000 })
      await db.share.update({ where: { id: link.shareId }, data: change })
      closed = true
      await new Promise((resolve) => setTimeout(resolve, 20))
      open = false
      await Promise.all(looking)

      expect(late).toBe(0)
      const minted = granted > 0 || round % 2 === 0
      expect(await lookCountsOf(link)).toMatchObject({ previews: granted, events: granted, minted })
    }
  })
})
