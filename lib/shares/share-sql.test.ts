import { describe, expect, it } from "vitest"
import { db } from "#lib/db.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { shareStatus } from "#testing/builders/share-status.ts"
import { listShares } from "./list/list-shares.ts"
import { rollViews } from "./roll-views.ts"
import { SHARE_STATUSES } from "./share.ts"

const past = new Date("2026-01-01T00:00:00Z")
const future = new Date("2099-01-01T00:00:00Z")

describe("status in SQL", () => {
  it("is shareStatus for every mix of conditions, and each filter finds exactly its own", async () => {
    const owner = await aMember()
    const { file } = await aStartedFile({ owner })
    const limits = [null, past, future].flatMap((startsAt) =>
      [null, past, future].flatMap((expiresAt) =>
        [null, past].flatMap((revokedAt) =>
          // The share's own row and the shards both count.
          [null, 2, 3].flatMap((maxDownloads) =>
            [0, 1].flatMap((own) =>
              [0, 2].map((spread) => ({
                startsAt,
                expiresAt,
                revokedAt,
                maxDownloads,
                own,
                spread,
              })),
            ),
          ),
        ),
      ),
    )
    const expected = new Map<string, string>()
    const make = async ({ own, spread, ...conditions }: (typeof limits)[number]) => {
      const { id } = await db.share.create({
        data: {
          ...conditions,
          ownerId: owner,
          downloads: own,
          maxTtlSeconds: 60,
          files: { create: { fileId: file.id, position: 1 } },
          links: { create: { publicId: crypto.getRandomValues(new Uint8Array(8)) } },
          counters: { create: { shard: 0, downloads: spread } },
        },
      })
      expected.set(id, shareStatus({ ...conditions, downloads: own + spread }, new Date()))
    }
    await Promise.all(limits.map(make))

    // The counters were written without an event.
    await db.installation.updateMany({ data: { viewsRolledTo: null } })
    await rollViews()
    const all = (await listShares(owner, { limit: 500 })).items
    expect(new Map(all.map(({ id, status }) => [id, status]))).toEqual(expected)

    for (const status of SHARE_STATUSES) {
      const { items } = await listShares(owner, { status, limit: 500 })
      const wanted = [...expected].filter(([, is]) => is === status).map(([id]) => id)
      expect(wanted.length).toBeGreaterThan(0)
      expect(new Set(items.map(({ id }) => id))).toEqual(new Set(wanted))
    }
  })
})
