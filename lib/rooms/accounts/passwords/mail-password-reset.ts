import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { currentOrigin } from "#lib/rooms/audit/origin.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { oneTimeToken, oneTimeTokenHash } from "#lib/rooms/mail/one-time-token.ts"
import { inMailQueue, queueMail } from "#lib/rooms/mail/queue-mail.ts"
import { MAILED_RESET_MINUTES } from "./password-reset.ts"
import { requirePasswords } from "./require-passwords.ts"

/** The maximum number of links mailed to one member per hour, from all requesters. */
const MAX_PER_HOUR = 5

/**
 * Asks for a link to a new password by mail, in this language unless the member chose one. It takes
 * the same steps for every address, because a job looks for the member. Refuses (not_allowed) where
 * there is no mail, or no password.
 */
export async function askForPasswordReset(email: string, language: Locale): Promise<void> {
  requirePasswords()
  if (!canSendMail()) {
    throw refusal("not_allowed", "mail_ask_admin")
  }
  const payload = { email, origin: currentOrigin(), language }
  await addJob(db, "mailReset", payload, inMailQueue("reset"))
}

type Made = { memberId: string; name: string; language: string | null; expiresAt: Date }
/** `language` is that of the browser; a job that an earlier version added has none. */
type Asked = { email: string; origin: string | null; language?: string }

/**
 * Mails the member of this address a link to a new password that works once and for 30 minutes, at
 * most five in an hour. Links that were made before stay valid, so that strangers who ask cannot
 * end them. Does nothing for an address without a member, or of a disabled one.
 */
export function mailPasswordReset({ email, origin, language }: Asked): Promise<void> {
  const id = newId()
  return db.$transaction(async (tx) => {
    // The lock makes simultaneous calls count each other's links.
    await tx.$queryRaw`SELECT id FROM member WHERE email = ${email} FOR NO KEY UPDATE`
    const [made] = await tx.$queryRaw<Made[]>`
      WITH made AS (
        INSERT INTO password_reset (id, member_id, token_hash, expires_at)
        SELECT ${id}::uuid, member.id, ${oneTimeTokenHash(oneTimeToken(id))},
          clock_timestamp() + make_interval(mins => ${MAILED_RESET_MINUTES}::int)
        FROM member
        WHERE email = ${email} AND disabled_at IS NULL AND (
          SELECT count(*) FROM password_reset
          WHERE member_id = member.id AND made_by_id IS NULL
            AND created_at > statement_timestamp() - interval '1 hour') < ${MAX_PER_HOUR}
        RETURNING member_id, expires_at
      )
      SELECT member.id::text AS "memberId", name, language, expires_at AS "expiresAt"
      FROM made JOIN member ON member.id = made.member_id`
    if (!made) return
    const { memberId, name, expiresAt } = made
    await recordAudit(tx, {
      actorId: null,
      action: "member.reset_mail",
      targetId: memberId,
      details: { member: `${name} <${email}>` },
      origin,
    })
    await queueMail(tx, {
      kind: "reset",
      values: { expiresAt: expiresAt.toISOString(), by: null },
      to: email,
      language: made.language ?? language ?? null,
      targetId: id,
      usefulUntil: expiresAt,
    })
  })
}
