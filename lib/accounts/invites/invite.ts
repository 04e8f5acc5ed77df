import "server-only"
import { z } from "zod"
import { Email, type Role } from "#lib/accounts/member.ts"

export const INVITE_DAYS = 7

export const InviteInput = z.object({
  /** Null when the invited person chooses an address. */
  email: Email.nullish().transform((email) => email ?? null),
  role: z.enum(["member", "admin"]).default("member"),
  /** Quota of the new member; null for the installation's default. */
  quotaBytes: z
    .int("Enter a number of bytes.")
    .min(0, "Enter 0 bytes or more.")
    .nullish()
    .transform((bytes) => bytes ?? null),
})
export type InviteInput = z.infer<typeof InviteInput>

/**
 * Input for several invitations, one for each address; an address that is listed twice gets one.
 */
export const InvitesInput = InviteInput.omit({ email: true }).extend({
  emails: z
    .array(Email)
    .min(1, "Enter at least one email address.")
    .max(100, "Enter at most 100 email addresses at a time.")
    .transform((emails) => [...new Set(emails)]),
})
export type InvitesInput = z.infer<typeof InvitesInput>

/** An open invite as admins see it. Times are ISO 8601 UTC. */
export type InviteView = {
  id: string
  email: string | null
  role: Role
  quotaBytes: number | null
  invitedBy: string
  expiresAt: string
  createdAt: string
}
