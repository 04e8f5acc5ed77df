import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { db, rawSql } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { addJob, type Jobs } from "#lib/adapters/queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { checkAttempt, countAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import { Email } from "#lib/rooms/accounts/member.ts"
import { inMailQueue, queueMail } from "#lib/rooms/mail/queue-mail.ts"
import { isUnended } from "#lib/rooms/shares/share-sql.ts"

type Asked = {
  publicId: Uint8Array
  /** The address that the visitor entered; null for the link's. */
  email: string | null
  /** The client's address, by which requests are throttled. */
  address: string
}

/**
 * Requests a mail with a code to the address of a link, and returns the id of that mail, by which
 * the browser that asked can use the code. The steps are the same for every link and address,
 * because a job looks the link up. Refuses too_many, and unavailable where Lapse sends no mail.
 */
export async function askForCode({ publicId, email, address }: Asked): Promise<string> {
  if (!canSendMail()) throw refusal("unavailable", "code_mail")
  const link = Buffer.from(publicId).toString("hex")
  await checkAttempt({ purpose: "ask_code", subject: link, address })
  const id = newId()
  // An address that is none matches no link.
  const entered = email === null ? null : (Email.safeParse(email).data ?? "")
  await addJob(db, "mailCode", { id, link, email: entered }, inMailQueue("code"))
  return id
}

export const CODE_MINUTES = 10

type Found = { id: string; address: string; language: string | null; now: Date }

/**
 * Mails the code of a link to its address. Does nothing if another address asked, if the link needs
 * no code or is over, or if the address got five mails within an hour or 20 within a day.
 */
export async function mailCode({ id, link, email }: Jobs["mailCode"]): Promise<void> {
  const mail = () =>
    db.$transaction(async (tx) => {
      const [found] = await tx.$queryRaw<Found[]>`
        SELECT link.id::text, address, language, statement_timestamp() AS now
        FROM link JOIN share s ON s.id = share_id
        WHERE public_id = decode(${link}, 'hex') AND verify AND link.revoked_at IS NULL
          AND address = coalesce(${email}::text, address) AND ${rawSql(isUnended("s"))}
          AND NOT EXISTS (SELECT FROM mail WHERE mail.id = ${id}::uuid)
        FOR SHARE OF link -- an erasure comes before it, or deletes its mail`
      if (!found) return
      const { address: to, language, now, id: targetId } = found
      await countAttempts(tx, [
        { purpose: "code_to", subject: to, count: 1 },
        { purpose: "code_to_daily", subject: to, count: 1 },
      ])
      const usefulUntil = new Date(now.getTime() + CODE_MINUTES * 60_000)
      await queueMail(tx, { kind: "code", values: {}, id, to, language, targetId, usefulUntil })
    })
  await mail().catch((error) => {
    if (!(error instanceof Refusal && error.code === "too_many")) throw error
  })
}
