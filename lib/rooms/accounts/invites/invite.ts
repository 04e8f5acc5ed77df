import "server-only"
import { z } from "zod"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { english } from "#lib/adapters/text/sentences.ts"
import { Email, type Role } from "#lib/rooms/accounts/member.ts"
import type { MailView } from "#lib/rooms/mail/mail.ts"
import { addressOf } from "./addresses-of-list.ts"

export const INVITE_DAYS = 7

const MAX_LISTED = 500

/** An address, or `"Surname, Name" <name@example.org>`. */
const InvitedEmail = z.string().transform(addressOf).pipe(Email)

export const InviteInput = z.object({
  /** Null if the invited person chooses the address. */
  email: InvitedEmail.nullish().transform((email) => email ?? null),
  role: z.enum(["member", "admin"]).default("member"),
  /** The new member's quota in bytes; null for the installation's default. */
  quotaBytes: z
    .int(english("input_bytes"))
    .min(0, english("input_0_bytes"))
    .nullish()
    .transform((bytes) => bytes ?? null),
  mail: z.boolean().default(false),
})
export type InviteInput = z.infer<typeof InviteInput>

/** Input for several invitations, one for each address, however often it is listed. */
export const InvitesInput = InviteInput.omit({ email: true }).extend({
  emails: z
    .array(InvitedEmail)
    .min(1, english("input_one_email"))
    .max(MAX_LISTED, english("input_most_emails", { count: MAX_LISTED }))
    .transform((emails) => [...new Set(emails)]),
})
export type InvitesInput = z.infer<typeof InvitesInput>

/** A list of addresses as it was pasted, to be checked before the invitations are made. */
export const InvitePreviewInput = z.object({
  emails: z
    .array(PlainText.pipe(z.string().max(500)))
    .min(1, english("input_one_email"))
    .max(MAX_LISTED, english("input_most_emails", { count: MAX_LISTED })),
})

/** The effect of inviting an address. "again": a pending invitation gets another one. */
export type InvitePreview = {
  email: string
  outcome: "new" | "again" | "member" | "invalid"
  /** The problem with an invalid address, in the reader's language; null for valid ones. */
  problem: string | null
}

/** An open invite as admins see it. Times are ISO 8601 UTC. */
export type InviteView = {
  id: string
  email: string | null
  role: Role
  quotaBytes: number | null
  invitedBy: string
  expiresAt: string
  createdAt: string
  /** The mail with its link; null if it was not mailed. */
  mail: MailView | null
}
