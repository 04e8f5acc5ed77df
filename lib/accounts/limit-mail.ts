import "server-only"
import { canSendMail } from "#lib/configuration.ts"
import { refusal } from "#lib/text/sentences.ts"
import type { MemberId } from "./member.ts"
import { checkAttempt } from "./sign-in/throttle.ts"

/** The limits go by sender and by address, wherever the request comes from. */
const ANYWHERE = "unknown"

/**
 * Counts a mail to each address that a member sends a link. Refuses (not_allowed) where there is no
 * mail, (invalid) a mail without an address, and (too_many) the sixth to an address, or the 501st of
 * a member, within an hour.
 */
export async function limitMail(by: MemberId, emails: string[]): Promise<void> {
  if (!canSendMail()) {
    throw refusal("not_allowed", "mail_by_hand")
  }
  if (emails.length === 0) {
    throw refusal("invalid", "mail_address", {}, { field: "email" })
  }
  for (const email of emails) {
    await checkAttempt({ purpose: "mail_by", subject: by, address: ANYWHERE })
    await checkAttempt({ purpose: "mail_to", subject: email, address: ANYWHERE })
  }
}
