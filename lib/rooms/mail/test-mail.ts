import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { sendMessage } from "#lib/adapters/smtp.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { type MailView, mailView } from "./mail.ts"
import { writeMessage } from "./write-message.ts"

/** Sends one test mail in this language, at once, and returns the mail server's reply. */
export async function sendTestMail(to: string, language: Locale): Promise<MailView> {
  const mail = {
    id: newId(),
    toAddress: to,
    targetId: null,
    language,
    createdAt: await databaseTime(),
  }
  const message = await writeMessage({ kind: "test", values: {} }, mail)
  if (!message) throw new Error("a test has no link that could be invalid")
  const { outcome, answer } = await sendMessage(message)
  const isSent = outcome === "accepted"
  const row = await db.mail.create({
    data: {
      id: mail.id,
      kind: "test",
      toAddress: to,
      language,
      values: {},
      until: mail.createdAt,
      attempts: 1,
      answer,
      ...(isSent ? { sentAt: mail.createdAt } : { failedAt: mail.createdAt }),
    },
    select: { answer: true, createdAt: true, sentAt: true, failedAt: true, waitsUntil: true },
  })
  return mailView(row)
}
