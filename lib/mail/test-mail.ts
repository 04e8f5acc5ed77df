import "server-only"
import { databaseTime } from "#lib/database/time.ts"
import { db } from "#lib/db.ts"
import { sendMessage } from "#lib/smtp.ts"
import { newId } from "#lib/uuid.ts"
import type { MailView } from "./mail.ts"
import { writeMessage } from "./write-message.ts"

/** Sends a test to this address now, once, and returns the mail server's own words. */
export async function sendTestMail(to: string): Promise<MailView> {
  const mail = { id: newId(), toAddress: to, targetId: null, createdAt: await databaseTime() }
  const message = await writeMessage({ kind: "test", values: {} }, mail)
  if (!message) throw new Error("a test has no link that could be invalid")
  const { outcome, answer } = await sendMessage(message)
  const isSent = outcome === "accepted"
  const [row] = await db.$queryRaw<{ at: Date }[]>`
    INSERT INTO mail (id, kind, to_address, values, until, attempts, answer, sent_at, failed_at)
    VALUES (${mail.id}::uuid, 'test', ${to}, '{}', statement_timestamp(), 1, ${answer},
      CASE WHEN ${isSent} THEN statement_timestamp() END,
      CASE WHEN NOT ${isSent} THEN statement_timestamp() END)
    RETURNING created_at AS at`
  if (!row) throw new Error("the test was not returned")
  return { state: isSent ? "sent" : "failed", answer, at: row.at.toISOString() }
}
