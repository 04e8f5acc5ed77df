import { db } from "#lib/adapters/database.ts"

/** The counts of a share, from its own row and from the counter shards. */
export async function countsOf(shareId: string) {
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { views: true, botViews: true, previews: true, downloads: true },
  })
  const { downloads } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
  return {
    views: Number(_sum.views ?? 0),
    botViews: Number(_sum.botViews ?? 0),
    previews: Number(_sum.previews ?? 0),
    downloads: downloads + Number(_sum.downloads ?? 0),
  }
}
