import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { countAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import type { MemberId } from "./member.ts"

type Mailing = {
  by: MemberId
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
  if (!canSendMail()) throw refusal("not_allowed", "mail_by_hand")
  if (emails.length === 0) throw refusal("invalid", "mail_address", {}, { field: "email" })
  const [sent, received] =
    as === "admin"
      ? (["admin_mail_by", "admin_mail_to"] as const)
      : (["mail_by", "mail_to"] as const)
  await countAttempts(tx, [
    { purpose: sent, subject: by, count: emails.length },
    ...emails.map((subject) => ({ purpose: received, subject, count: 1 })),
  ])
}
