import "server-only"
import { z } from "zod"
import { Uuid } from "#lib/adapters/text/uuid.ts"

const At = z.iso.datetime()

/** The number of recipients that a notice of downloads names. */
export const MAX_TAKERS = 5

/** An event that the owner of a share is notified of. */
export const Notice = z.object({
  what: z.enum([
    "first_download",
    "downloaded",
    "access_requested",
    "expires_unused",
    "guessing",
    "received",
    "held",
  ]),
  shareId: Uuid,
  /** The title of the share, or the name of its first file. */
  share: z.string(),
  /** The number of files besides the named one. Notices of earlier versions lack it. */
  more: z.int().optional(),
  /** The number of access requests, wrong passwords or codes, downloads, or files that came in or are held. */
  count: z.int(),
  /** How large the files are that came in, and how many people sent them; null for others. */
  bytes: z.int().nullable().optional(),
  senders: z.int().nullable().optional(),
  /** Whose links were used for downloads, at most MAX_TAKERS and two; "" for anyone's. */
  takers: z.array(z.string()).optional(),
  /** Whether the share is a request for files. */
  isRequest: z.boolean().optional(),
  /** What the last visitors who requested access wrote, the latest first. */
  notes: z.array(z.string()).optional(),
  /** The changes that open the share again, for an access request that they answer. */
  reopening: z
    .object({
      restore: z.boolean(),
      days: z.int(),
      downloads: z.int(),
      viewOnly: z.boolean(),
    })
    .nullable()
    .optional(),
  /** When it happened, or when the share expires. */
  at: At,
})
export type Notice = z.infer<typeof Notice>

/** The team whose mail it is; left out for the reader's own. */
const OfTeam = z.object({ id: Uuid, slug: z.string(), name: z.string() }).nullable().optional()

/** The member who caused a mail, and gets the replies; a service account has the address "". */
const Person = z.object({ name: z.string(), address: z.string() })

/** A change of a member's sign-in, name or address; also the last part of its audit action. */
const AccountChange = z.enum([
  "passkey_add",
  "passkey_remove",
  "token_add",
  "second_factor",
  "second_factor_remove",
  "recovery_codes",
  "recovery_code",
  "password",
  "password_reset",
  "name",
  "email",
  "team_add",
  "team_remove",
])
export type AccountChange = z.infer<typeof AccountChange>

const Change = z.object({
  what: AccountChange,
  /** The name of a passkey, the new name or address, or "". */
  name: z.string(),
  at: At,
  /** Whether the reader made the change. */
  isOwn: z.boolean(),
  /** The admin who made the change; null for the operator. */
  by: Person.nullable(),
})

/** The kinds of mail, with the values in their texts. No value is secret. */
export const MailContent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("reset"),
    /** `by` is the admin who sends the link; null if the reader requested it. */
    values: z.object({ expiresAt: At, by: Person.nullable() }),
  }),
  // The code follows from the id of the mail's row.
  z.object({ kind: z.literal("code"), values: z.object({}) }),
  z.object({
    kind: z.literal("shared"),
    /** The link is that of the row's target. `share` is "" if its name stays behind a password. */
    values: z.object({
      by: Person,
      share: z.string(),
      message: z.string(),
      until: At.nullable(),
      isRequest: z.boolean(),
      reminds: z.boolean(),
    }),
  }),
  z.object({
    kind: z.literal("invite"),
    values: z.object({ by: Person, expiresAt: At }),
  }),
  z.object({
    kind: z.literal("account"),
    values: Change.extend({
      /** Changes that happened before it was sent, and the number of those that are not listed. */
      more: z.array(Change).default([]),
      unlisted: z.int().default(0),
    }),
  }),
  z.object({
    kind: z.literal("notices"),
    values: z.object({ items: z.array(Notice), team: OfTeam }),
  }),
  z.object({
    kind: z.literal("held"),
    /** The number of files that were held since the last mail, and of all that are held. */
    values: z.object({ count: z.int(), total: z.int() }),
  }),
  z.object({
    kind: z.literal("lapsing"),
    /** The first of the files that are deleted in the next days, and the sums of all. */
    values: z.object({
      items: z.array(z.object({ name: z.string(), at: At })),
      count: z.int(),
      bytes: z.int(),
      team: OfTeam,
    }),
  }),
  z.object({
    kind: z.literal("linked"),
    /** The name of the identity provider, and when it was linked. */
    values: z.object({ provider: z.string(), at: At }),
  }),
  z.object({
    kind: z.literal("receipt"),
    /** The files of a delivery when it was finished, and the public id of the request's link. */
    values: z.object({
      link: z.string(),
      /** False for a link of a recipient, whose token is another. */
      open: z.boolean().optional(),
      title: z.string(),
      /** The name of the member who asked. */
      by: z.string(),
      files: z.int(),
      bytes: z.int(),
      at: At,
    }),
  }),
  z.object({ kind: z.literal("test"), values: z.object({}) }),
])
export type MailContent = z.infer<typeof MailContent>
export type MailInput = z.input<typeof MailContent>

/**
 * The state of a mail. "Sent" means that the mail server took it. `at` of a queued one is when it
 * was made or, above its sender's limit, when it is sent. Times are ISO 8601 UTC.
 */
export const MailView = z.strictObject({
  state: z.enum(["queued", "sent", "failed"]),
  /** The mail server's last reply, or why it was not reached; null before the first try. */
  answer: z.string().nullable(),
  at: z.iso.datetime(),
})
export type MailView = z.infer<typeof MailView>

type MailRow = {
  answer: string | null
  createdAt: Date
  sentAt: Date | null
  failedAt: Date | null
  waitsUntil: Date | null
}

export function mailView({ answer, createdAt, sentAt, failedAt, waitsUntil }: MailRow): MailView {
  const state = sentAt ? "sent" : failedAt ? "failed" : "queued"
  return { state, answer, at: (sentAt ?? failedAt ?? waitsUntil ?? createdAt).toISOString() }
}
