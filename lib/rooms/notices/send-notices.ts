import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { db, longDb, sql, type Tx } from "#lib/adapters/database.ts"
import { beginRollUp } from "#lib/rooms/activity/charts/complete-until.ts"
import { queueMail } from "#lib/rooms/mail/queue-mail.ts"
import { findNotices, findRequests, type OwnedNotice } from "./find-notices.ts"

/** The name of the row in `rollup` with the time up to which owners were notified. */
const NAME = "notices"

/**
 * Mails each owner, or the people of a team, what happened to their shares since the last run, in one mail, and admins how
 * many files were held. A job calls it every hour. Events while there is no mail are not reported
 * later. Safe under concurrent calls: the mails and their record are written in one transaction.
 * `marginSeconds` is for tests.
 */
export async function sendNotices(marginSeconds?: number): Promise<void> {
  await longDb.$transaction((tx) => tell(tx, marginSeconds), { timeout: 60_000 })
}

async function tell(tx: Tx, marginSeconds?: number) {
  // The first run is up to an hour after the first start, later where Lapse did not run meanwhile.
  const from = sql`statement_timestamp() - interval '1 day'`
  const cut = await beginRollUp(tx, NAME, from, marginSeconds)
  const [span] = await tx.$queryRaw<{ since: string; until: string }[]>`
    SELECT until::text AS since, ${cut}::timestamptz::text AS until
    FROM rollup WHERE name = ${NAME} AND until < ${cut}::timestamptz`
  if (!span) return
  if (canSendMail()) {
    const notices = await findNotices(tx, span.since, span.until)
    await mail(tx, notices)
    await tellAdmins(tx, span)
  }
  await tx.$executeRaw`UPDATE rollup SET until = ${cut}::timestamptz WHERE name = ${NAME}`
}

/** Mails admins how many files were held since the last run, unless they turned notices off. */
async function tellAdmins(tx: Tx, { since, until }: { since: string; until: string }) {
  const [values] = await tx.$queryRaw<{ count: number; total: number }[]>`
    SELECT count(*) FILTER (
      WHERE held_at >= ${since}::timestamptz AND held_at < ${until}::timestamptz)::int AS count,
      count(*)::int AS total
    FROM file WHERE unchecked_since IS NOT NULL AND status = 'held' AND deleted_at IS NULL`
  if (!values?.count) return
  const admins = await tx.member.findMany({
    where: { kind: "person", role: "admin", notices: true, disabledAt: null, deletedAt: null },
    select: { id: true, email: true, language: true },
  })
  for (const { id: targetId, email: to, language } of admins) {
    await queueMail(tx, { kind: "held", values, to, language, targetId })
  }
}

/**
 * Mails an owner at once that a visitor asked for access to a share. Further requests within an hour
 * are left to `sendNotices`.
 */
export async function sendRequest(shareId: string): Promise<void> {
  if (!canSendMail()) return
  await db.$transaction(async (tx) => mail(tx, await findRequests(tx, shareId)))
}

/** One mail for each person and owner. */
async function mail(tx: Tx, notices: OwnedNotice[]) {
  const together = ({ ownerId, readerId }: OwnedNotice) => `${ownerId} ${readerId}`
  for (const own of Map.groupBy(notices, together).values()) {
    const [first] = own
    if (!first) continue
    const { email: to, language, readerId: targetId, team } = first
    const values = { items: own.map(({ notice }) => notice), team }
    await queueMail(tx, { kind: "notices", values, to, language, targetId })
  }
}
