import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import type { Found } from "#lib/adapters/findings/finding.ts"
import { connectionFinding } from "#lib/rooms/checks/connection-finding.ts"

const DAYS = 7

/** Checks the sign-in to the mail server and whether recent mail was sent. Sends no mail. */
export async function checkMail(): Promise<Found<"mail">> {
  const { SMTP_URL: server } = configuration
  if (!server) return { state: "skipped", code: "none" }
  const host = `${server.host}:${server.port}`
  const { greetServer } = await import("#lib/adapters/smtp.ts")
  const refused = await greetServer()
  if (refused !== null) return refusedBy(host, refused)
  const failedAt = { gt: await databaseTimeAgo(DAYS * 86_400_000) }
  const [count, last] = await Promise.all([
    db.mail.count({ where: { failedAt } }),
    db.mail.findFirst({
      where: { failedAt },
      orderBy: { failedAt: "desc" },
      select: { answer: true },
    }),
  ])
  if (count === 0) return { state: "ok", code: "ok", values: { host } }
  const answer = last?.answer ?? "no answer in time"
  return { state: "warn", code: "undelivered", values: { count, days: DAYS, answer } }
}

/** Replies of a server begin with three digits (RFC 5321, section 4.2). */
const REPLY = /^\d{3}\b/

function refusedBy(host: string, answer: string): Found<"mail"> {
  const fault = REPLY.test(answer)
    ? null
    : connectionFinding(answer, { place: host, setting: "SMTP_URL" })
  return fault ?? { state: "fail", code: "refused", values: { host, answer } }
}
