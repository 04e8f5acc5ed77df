import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, sql } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import type { Delivery } from "#lib/adapters/smtp.ts"
import { countAllowed } from "#lib/adapters/throttle/attempt-limits.ts"
import { MailContent } from "./mail.ts"
import { inMailQueue } from "./queue-mail.ts"
import { writeMessage } from "./write-message.ts"

/**
 * The maximum number of copies of a mail. It is sent again if the outcome is unknown, because the
 * connection was lost after all of it was sent, or the process died meanwhile.
 */
export const MAX_COPIES = 3

const MAX_PAUSE_MINUTES = 120

type Begun = {
  id: string
  kind: MailContent["kind"]
  toAddress: string
  language: string | null
  values: unknown
  targetId: string | null
  createdAt: Date
  attempts: number
}

/**
 * Sends a mail to the mail server. If it was not accepted, adds a job for the next attempt. A mail
 * that was accepted or finally refused is not sent again.
 */
export async function sendMail(id: string): Promise<void> {
  if (await waitsLonger(id)) return
  const mail = await begin(id)
  if (!mail) return giveUp(id)
  let isCounted = false
  // Another run of the job has sent the last copy or is sending it, and records the outcome.
  const keptBack = new Error("the mail has no copy left")
  const delivery = await offer(mail, async () => {
    isCounted = await countCopy(id)
    if (!isCounted) throw keptBack
  }).catch((error: unknown) => {
    if (error !== keptBack) throw error
  })
  if (!delivery) return
  const isKnown = delivery.outcome !== "unknown"
  await settle(mail, delivery, isCounted && isKnown ? 1 : 0)
}

/** Counts a mail that has waited. Adds a job for later if it is still above its sender's limit. */
const waitsLonger = (id: string) =>
  db.$transaction(async (tx) => {
    const [waiting] = await tx.$queryRaw<{ kind: MailContent["kind"]; countsFor: string }[]>`
      SELECT kind, counts_for AS "countsFor" FROM mail
      WHERE id = ${id}::uuid AND ${isWanted} AND waits_until IS NOT NULL
        AND until > statement_timestamp() FOR UPDATE`
    if (!waiting) return false
    const { kind, countsFor: subject } = waiting
    const { counted, wait } = await countAllowed(tx, { purpose: "mail_by", subject, count: 1 })
    const [{ at } = { at: null }] = await tx.$queryRaw<{ at: Date | null }[]>`
      UPDATE mail SET waits_until = CASE WHEN ${counted === 0}
        THEN statement_timestamp() + make_interval(secs => ${wait}::int) END
      WHERE id = ${id}::uuid RETURNING waits_until AS at`
    if (at) await addJob(tx, "sendMail", { id }, { ...inMailQueue(kind), runAt: at })
    return at !== null
  })

async function begin(id: string): Promise<Begun | null> {
  const [mail] = await db.$queryRaw<Begun[]>`
    UPDATE mail SET attempts = attempts + 1
    WHERE id = ${id}::uuid AND ${isWanted} AND until > statement_timestamp()
    RETURNING id::text, kind, to_address AS "toAddress", language, values, target_id::text AS "targetId",
      created_at AS "createdAt", attempts`
  return mail ?? null
}

const isWanted = sql`sent_at IS NULL AND failed_at IS NULL AND unanswered < ${MAX_COPIES}`

/**
 * Counts a copy as unanswered just before its text is sent. If the process dies after that, the
 * copy stays counted; if it dies while the server is silent before that, it is not. Returns whether
 * the copy may be sent.
 */
async function countCopy(id: string): Promise<boolean> {
  const counted = await db.$executeRaw`
    UPDATE mail SET unanswered = unanswered + 1 WHERE id = ${id}::uuid AND ${isWanted}`
  return counted === 1
}

async function offer(mail: Begun, beforeText: () => Promise<void>): Promise<Delivery> {
  const content = MailContent.parse(mail)
  const message = await writeMessage(content, mail)
  if (!message) return { outcome: "refused", answer: "Its link is no longer valid." }
  const { sendMessage } = await import("#lib/adapters/smtp.ts") // few installations send mail
  return sendMessage(message, beforeText)
}

/** Records the outcome of an attempt, and subtracts the copies whose outcome is known. */
async function settle(
  { id, kind, attempts }: Begun,
  { outcome, answer }: Delivery,
  answered: number,
) {
  const minutes = Math.min(2 ** (attempts - 1), MAX_PAUSE_MINUTES)
  await db.$transaction(async (tx) => {
    const [next] = await tx.$queryRaw<{ at: Date | null }[]>`
      UPDATE mail SET answer = ${answer}, unanswered = unanswered - ${answered}::int,
        sent_at = CASE WHEN ${outcome === "accepted"} THEN statement_timestamp() END,
        -- A concurrent run of the job may have given up while this attempt was made.
        failed_at = CASE WHEN ${outcome === "accepted"} THEN NULL
          WHEN ${outcome === "refused"} THEN statement_timestamp() ELSE failed_at END
      WHERE id = ${id}::uuid AND sent_at IS NULL
      RETURNING CASE WHEN sent_at IS NULL AND failed_at IS NULL
        THEN statement_timestamp() + make_interval(mins => ${minutes}::int) END AS at`
    if (next?.at) await addJob(tx, "sendMail", { id }, { ...inMailQueue(kind), runAt: next.at })
  })
}

/** Marks a mail as failed, with the last reply, because its time or copies are used up. */
async function giveUp(id: string) {
  await db.mail.updateMany({
    where: { id, sentAt: null, failedAt: null },
    data: { failedAt: await databaseTime() },
  })
}
