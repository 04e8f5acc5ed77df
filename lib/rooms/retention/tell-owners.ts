import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { type ReaderOf, readersOf } from "#lib/rooms/accounts/profile/notices.ts"
import { queueMail } from "#lib/rooms/mail/queue-mail.ts"

/** A file that is deleted soon. */
export type Lapsing = { id: string; name: string; at: string; bytes: number }
/** The first of an owner's files that go next, and the number and bytes of all. */
export type OwnersFiles = { first: Lapsing[]; count: number; bytes: number }

const WEEK_MS = 7 * 86_400_000
/** A night may begin some minutes earlier than the one a week ago. */
const SLACK_MS = 3_600_000

/** Mails each owner, or the people of a team, once a week which files go in the next eight days, if any and if it can. */
export async function tellOwners(owners: Map<string, OwnersFiles>, now: Date): Promise<void> {
  const before = new Date(Number(now) - WEEK_MS + SLACK_MS)
  await db.$transaction(
    async (tx) => {
      const due = await tx.installation.updateMany({
        where: {
          OR: [
            { retentionMailedAt: null },
            { retentionMailedAt: { lte: before } },
            { retentionMailedAt: { gt: now } }, // by a clock that was wrong
          ],
        },
        data: { retentionMailedAt: now },
      })
      if (due.count === 0 || !canSendMail()) return
      const readers = await tx.$queryRaw<(ReaderOf & { ownerId: string })[]>`
        SELECT owner.id::text AS "ownerId", reader.*
        FROM unnest(${[...owners.keys()]}::uuid[]) AS owner (id)
          CROSS JOIN LATERAL ${readersOf("owner.id")} AS reader`
      for (const { ownerId, readerId: targetId, email: to, language, team } of readers) {
        const own = owners.get(ownerId)
        if (!own) continue
        const { first, count, bytes } = own
        const items = first.map(({ name, at }) => ({
          name: plainName(name),
          at: new Date(at).toISOString(),
        }))
        const values = {
          items,
          count,
          bytes,
          team: team && { ...team, name: plainName(team.name) },
        }
        await queueMail(tx, { kind: "lapsing", values, to, language, targetId })
      }
    },
    { timeout: 60_000 },
  )
}
