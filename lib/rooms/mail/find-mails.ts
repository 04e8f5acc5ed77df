import "server-only"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { type MailContent, type MailView, mailView } from "./mail.ts"

/** Returns the last mails of a kind that belong to these rows, such as invitations, by their ids. */
export async function findMailsOf(
  kind: MailContent["kind"],
  targetIds: string[],
): Promise<Map<string | null, MailView>> {
  const rows = await db.mail.findMany({
    where: { kind, targetId: { in: targetIds } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: {
      ...{ targetId: true, answer: true, createdAt: true },
      ...{ sentAt: true, failedAt: true, waitsUntil: true },
    },
  })
  return new Map(rows.map(({ targetId, ...row }) => [targetId, mailView(row)]))
}

/** A mail that was not sent. Times are ISO 8601 UTC. */
export type FailedMail = {
  id: string
  kind: string
  to: string
  /** Null if no server was tried before the mail became useless. */
  answer: string | null
  at: string
}

const SHOWN_MS = 7 * 86_400_000
const MOST = 20

/**
 * Returns how many mails are waiting for the mail server, and those of the last week that were not
 * sent, newest first. The caller must have checked that the member is an admin.
 */
export async function findUndelivered(): Promise<{ waiting: number; failed: FailedMail[] }> {
  const [waiting, failed] = await Promise.all([
    db.mail.count({ where: { sentAt: null, failedAt: null } }),
    db.mail.findMany({
      where: { failedAt: { gt: await databaseTimeAgo(SHOWN_MS) } },
      orderBy: [{ failedAt: "desc" }, { id: "desc" }],
      take: MOST,
      select: { id: true, kind: true, toAddress: true, answer: true, failedAt: true },
    }),
  ])
  return {
    waiting,
    failed: failed.map(({ toAddress, failedAt, ...mail }) => ({
      ...mail,
      to: toAddress,
      at: failedAt?.toISOString() ?? "",
    })),
  }
}
