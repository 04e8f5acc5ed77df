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
 * Requests a mail with a link to set a new password, in this language unless the member chose one.
 * The steps are the same for every address, because a job looks up the member. Refuses
 * (not_allowed) if there is no mail or there are no passwords.
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
/** `language` is the browser's. Jobs added by an earlier version have none. */
type Asked = { email: string; origin: string | null; language?: string }

/**
 * Mails the member with this address a link to set a new password, which works once and for 30
 * minutes. A member gets at most five an hour. Earlier links stay valid, so that strangers'
 * requests cannot end them. Does nothing if the address has no member or a disabled one.
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
        WHERE email = ${email} AND member_kind = 'person' AND disabled_at IS NULL AND (
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
