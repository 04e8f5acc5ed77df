import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { listShares } from "./list/list-shares.ts"
import { rollViews } from "./roll-views.ts"
import { SHARE_STATUSES, type ShareStatus } from "./share.ts"

const past = new Date("2026-01-01T00:00:00Z")
const future = new Date("2099-01-01T00:00:00Z")

type ShareLimits = {
  startsAt: Date | null
  /** Null if it never expires. */
  expiresAt: Date | null
  revokedAt: Date | null
  /** Null if there is no limit. */
  maxDownloads: number | null
  /** Counted claims: the share's own row plus the shards. */
  downloads: number
}

/** Computes the expected status of a share, whose rule is SQL. */
function shareStatus(share: ShareLimits, now: Date): ShareStatus {
  if (share.revokedAt) return "revoked"
  if (share.expiresAt && share.expiresAt <= now) return "expired"
  if (share.maxDownloads !== null && share.downloads >= share.maxDownloads) return "used_up"
  if (share.startsAt && share.startsAt > now) return "scheduled"
  return "open"
}

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
    const made = limits.map(({ own, spread, ...conditions }) => ({
      share: { ...conditions, id: newId(), ownerId: owner, downloads: own, maxTtlSeconds: 60 },
      spread,
    }))
    const shareIds = made.map(({ share }) => share.id)
    await db.share.createMany({ data: made.map(({ share }) => share) })
    await db.shareFile.createMany({
      data: shareIds.map((shareId) => ({ shareId, fileId: file.id, position: 1 })),
    })
    await db.link.createMany({
      data: shareIds.map((shareId) => ({ shareId, publicId: newPublicId() })),
    })
    await db.shareCounter.createMany({
      data: made.map(({ share, spread }) => ({ shareId: share.id, shard: 0, downloads: spread })),
    })
    const expected = new Map<string, string>(
      made.map(({ share, spread }) => {
        const downloads = share.downloads + spread
        return [share.id, shareStatus({ ...share, downloads }, new Date())]
      }),
    )

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
