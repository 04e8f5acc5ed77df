import "server-only"
import { db } from "#lib/db.ts"
import type { MailContent } from "./mail.ts"

/** A mail that was not sent. Times are ISO 8601 UTC. */
export type FailedMail = {
  id: string
  kind: MailContent["kind"]
  to: string
  /** Null if the server was not tried before the mail was of no more use. */
  answer: string | null
  at: string
}

const DAYS = 7
const MOST = 20

/**
 * Returns how many mails wait for the mail server, and those of the last week that were not sent,
 * newest first. The caller must have checked that the member is an admin.
 */
export async function findUndelivered(): Promise<{ waiting: number; failed: FailedMail[] }> {
  const [[counted], failed] = await Promise.all([
    db.$queryRaw<{ waiting: number }[]>`
      SELECT count(*)::int AS waiting FROM mail WHERE sent_at IS NULL AND failed_at IS NULL`,
    db.$queryRaw<(Omit<FailedMail, "at"> & { at: Date })[]>`
      SELECT id::text, kind, to_address AS "to", answer, failed_at AS at FROM mail
      WHERE failed_at > statement_timestamp() - make_interval(days => ${DAYS}::int)
      ORDER BY failed_at DESC, id DESC LIMIT ${MOST}`,
  ])
  return {
    waiting: counted?.waiting ?? 0,
    failed: failed.map(({ at, ...mail }) => ({ ...mail, at: at.toISOString() })),
  }
}
