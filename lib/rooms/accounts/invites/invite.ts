import "server-only"
import { z } from "zod"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { Email, MemberName } from "#lib/rooms/accounts/member.ts"
import { MailView } from "#lib/rooms/mail/mail.ts"
import { addressOf, namesOfList } from "./addresses-of-list.ts"

export const INVITE_DAYS = 7

const MAX_LISTED = 500

/** An address, or `"Surname, Name" <name@example.org>`. */
const InvitedEmail = z.string().transform(addressOf).pipe(Email)

/** An invited person: an address, or `Name <name@example.org>`, whose name the invitation keeps. */
const Invited = z.string().transform((text, context) => {
  const { data: email, error } = InvitedEmail.safeParse(text)
  for (const { message } of error?.issues ?? []) context.addIssue(message)
  if (email === undefined) return z.NEVER
  const name = nameOf(text)
  return name === null ? email : `${name} <${email}>`
})

/** Returns the name of an invited person; null if there is none that a member can have. */
export function nameOf(invited: string): string | null {
  const [name] = namesOfList(invited).values()
  return MemberName.safeParse(name).data ?? null
}

export const InviteInput = z.strictObject({
  /** Null when the invited person chooses an address. */
  email: InvitedEmail.nullish().transform((email) => email ?? null),
  role: z.enum(["member", "admin"]).default("member"),
  /** The new member's quota in bytes; null for the installation's default. */
  quotaBytes: z
    .int(sentence("input_bytes"))
    .min(0, sentence("input_0_bytes"))
    .nullish()
    .transform((bytes) => bytes ?? null),
  mail: z.boolean().default(false),
  /** The ids of the teams that the person becomes a member of. */
  teams: z.array(Uuid).max(50).default([]),
})
export type InviteInput = z.infer<typeof InviteInput>

/** Input for several invitations, one for each address, however often it is listed. */
export const InvitesInput = InviteInput.omit({ email: true }).extend({
  emails: z
    .array(Invited)
    .min(1, sentence("input_one_email"))
    .max(MAX_LISTED, sentence("input_most_emails", { count: MAX_LISTED }))
    .transform((people) => [...new Map(people.map((each) => [addressOf(each), each])).values()]),
})
export type InvitesInput = z.infer<typeof InvitesInput>

/** Invites by an admin: one person, or with `emails` one person for each address. */
export const AdminInvites = InviteInput.extend({ emails: InvitesInput.shape.emails.optional() })

/** A list of addresses as it was pasted, before they are invited. */
export const InvitePreviewInput = z.strictObject({
  emails: z
    .array(PlainText.pipe(z.string().max(500)))
    .min(1, sentence("input_one_email"))
    .max(MAX_LISTED, sentence("input_most_emails", { count: MAX_LISTED })),
})

/**
 * The effect of inviting an address. "again": an invitation for it is pending, and it gets another
 * one.
 */
export const InvitePreview = z.strictObject({
  email: z.string(),
  outcome: z.enum(["new", "again", "member", "invalid"]),
  /** The fault of an invalid address, in the reader's language; null for a valid one. */
  problem: z.string().nullable(),
})
export type InvitePreview = z.infer<typeof InvitePreview>

/** An open invite as admins see it. Times are ISO 8601 UTC. */
export const InviteView = z.strictObject({
  id: z.uuid(),
  email: z.string().nullable(),
  /** The name beside the address in the list that invited them; null if there was none. */
  name: z.string().nullable(),
  role: z.enum(["member", "admin"]),
  quotaBytes: z.int().nullable(),
  invitedBy: z.string(),
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  /** The mail with its link; null if none was requested. */
  mail: MailView.nullable(),
})
export type InviteView = z.infer<typeof InviteView>

/** A request for the link of an open invitation, and whether to mail it. */
export const InviteRepeat = z.strictObject({ mail: z.boolean().default(false) })
export type InviteRepeat = z.infer<typeof InviteRepeat>

/** An invitation with its link. */
export const MadeInvite = InviteView.extend({ url: z.string() })
export type MadeInvite = z.infer<typeof MadeInvite>
