import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import {
  countAllowed,
  countAttempts,
  limitOf,
  tooMany,
} from "#lib/adapters/throttle/attempt-limits.ts"
import type { MemberId, OwnerId } from "./member.ts"

type Mailing = {
  by: MemberId | OwnerId
  /** Admins are counted separately, so that members who invite cannot use up their limit. */
  as: "admin" | "member"
  emails: string[]
}

/**
 * Counts a mail to each address that a member sends a link to, in the member's transaction. Refuses
 * (not_allowed) if there is no mail, (invalid) a mail without an address, and (too_many) the sixth
 * mail to an address in an hour, a member's 501st, and an admin's 2,001st. A refusal counts none.
 */
export async function limitMail(tx: Tx, { by, as, emails }: Mailing): Promise<void> {
  refuseWithoutMail(emails)
  const [sent, received] =
    as === "admin"
      ? (["admin_mail_by", "admin_mail_to"] as const)
      : (["mail_by", "mail_to"] as const)
  await countAttempts(tx, [
    { purpose: sent, subject: by, count: emails.length },
    ...emails.map((subject) => ({ purpose: received, subject, count: 1 })),
  ])
}

/** How many of a member's mails may wait: those of ten hours. */
const MOST_WAITING = 5_000
const HOUR = 3_600_000

/**
 * As `limitMail` for a member, but instead of refusing mails above the limit says when they go:
 * returns a time for each of the last ones, at which `sendMail` counts them. Refuses (too_many)
 * above 5,000 that wait.
 */
export async function spreadMail(tx: Tx, by: OwnerId, emails: string[]): Promise<Date[]> {
  refuseWithoutMail(emails)
  // The member's row comes before those of the addresses, as in `limitMail`, so that no two deadlock.
  const asked = { purpose: "mail_by", subject: by, count: emails.length } as const
  const { counted, wait } = await countAllowed(tx, asked)
  await countAttempts(
    tx,
    emails.map((subject) => ({ purpose: "mail_to", subject, count: 1 })),
  )
  if (counted === emails.length) return []
  const [{ now, waiting } = { now: new Date(), waiting: 0 }] = await tx.$queryRaw<
    { now: Date; waiting: number }[]
  >`SELECT statement_timestamp() AS now, count(*)::int AS waiting FROM mail
    WHERE counts_for = ${by}::uuid AND waits_until IS NOT NULL
      AND sent_at IS NULL AND failed_at IS NULL AND until > statement_timestamp()`
  const later = emails.length - counted
  if (waiting + later > MOST_WAITING) throw tooMany(wait)
  const first = now.getTime() + wait * 1000
  return Array.from(
    { length: later },
    (_, place) => new Date(first + Math.floor((waiting + place) / limitOf("mail_by")) * HOUR),
  )
}

function refuseWithoutMail(emails: string[]) {
  if (!canSendMail()) throw refusal("not_allowed", "mail_by_hand")
  if (emails.length === 0) throw refusal("invalid", "mail_address", {}, { field: "email" })
}
