import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"
import { addressOf } from "#lib/rooms/accounts/invites/addresses-of-list.ts"
import { nameOf } from "#lib/rooms/accounts/invites/invite.ts"
import { Email, MemberLanguage, MemberName } from "#lib/rooms/accounts/member.ts"
import { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { MailView } from "#lib/rooms/mail/mail.ts"

/** How many recipients one call adds. */
export const MAX_RECIPIENTS = 100

/** The id of a share's open link in addresses of the API. */
export const OPEN_LINK = "open"

/** A limit of downloads; null for none. */
export const MaxDownloads = z
  .number()
  .int()
  .min(1, sentence("input_one_download"))
  .max(1_000_000)
  .nullable()

const Typed = PlainText.pipe(z.string().max(500, sentence("input_most", { count: 500 })))

/** A recipient as typed: `Surname, Name <name@example.org>`, an address, or a name alone. */
export const Recipient = Typed.transform((typed, context) => {
  const hasAddress = /[@<>]/.test(typed)
  const parsed = hasAddress ? Email.safeParse(addressOf(typed)) : MemberName.safeParse(typed)
  for (const { message } of parsed.error?.issues ?? []) context.addIssue(message)
  if (parsed.data === undefined) return z.NEVER
  return hasAddress
    ? { name: nameOf(typed) ?? "", address: parsed.data }
    : { name: parsed.data, address: "" }
})
export type Recipient = z.infer<typeof Recipient>

const own = {
  /** Whether the link opens only with a code that is sent to the address. */
  verify: z.boolean().optional(),
  /** A limit of this link alone, beside the share's. */
  maxDownloads: MaxDownloads.optional(),
}

/** A message of the sender in a mail with a link. */
const Message = PlainText.pipe(z.string().max(4_000, sentence("input_most", { count: 4_000 })))

const mailing = {
  /** Whether the links are mailed, which is the default where Lapse sends mail. */
  mail: z.boolean().optional(),
  message: Message.optional(),
  /** The language of mails and pages; by default the sender's. */
  language: MemberLanguage.optional(),
}

/** A recipient's link. Without a recipient it is the open link, which has no conditions of its own. */
export const LinkInput = z
  .strictObject({ recipient: Recipient.optional(), ...own, ...mailing })
  .refine(({ recipient, verify, maxDownloads }) => recipient ?? !(verify || maxDownloads), {
    message: sentence("input_recipient"),
    path: ["recipient"],
  })

/** A recipient of a new share. */
export const NewRecipient = z.strictObject({ recipient: Recipient, ...own })
export type NewRecipient = z.infer<typeof NewRecipient>

/** Recipients with the same conditions. Each is parsed on its own, and has its own answer. */
export const LinksInput = z.strictObject({
  recipients: z
    .array(z.string())
    .min(1, sentence("input_recipient"))
    .max(MAX_RECIPIENTS, sentence("input_most_recipients", { count: MAX_RECIPIENTS })),
  ...own,
  ...mailing,
})
export type LinksInput = z.infer<typeof LinksInput>

/** A mail with a link, which is sent again. */
export const LinkMail = z.strictObject({ message: Message.optional() })
export type LinkMail = z.infer<typeof LinkMail>

/** An edit of a recipient's link. A key that is left out keeps its value. */
export const LinkEdit = z
  .strictObject({ recipient: Recipient, ...own, language: MemberLanguage })
  .partial()
export type LinkEdit = z.infer<typeof LinkEdit>

/** The links of the recipients whose name or address contains `q`, in the order of their making. */
export const LinkListQuery = ListQuery
export type LinkListQuery = z.infer<typeof LinkListQuery>

/** A link as the API shows it to the share's owner. Times are ISO 8601 UTC. */
export const LinkView = z.strictObject({
  id: z.uuid(),
  url: z.string(),
  /** Whether anyone may use it. Its counts are 0, because they are only in the share's. */
  open: z.boolean(),
  /** The recipient. Name and address are empty once they are erased, and for the open link. */
  name: z.string(),
  address: z.string(),
  language: z.string().nullable(),
  verify: z.boolean(),
  maxDownloads: z.int().nullable(),
  downloads: z.int(),
  views: z.int(),
  /** When its recipient first saw the page or downloaded; null before. */
  openedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  /** Until when a URL that was minted before its end may still work; null if none does. */
  exposedUntil: z.iso.datetime().nullable(),
  /** The cut off of its URLs since it was revoked; null if there was none. */
  cutOff: CutOffView.nullable(),
  /** The last mail with the link; null if there was none in the last 30 days. */
  mail: MailView.nullable(),
})
export type LinkView = z.infer<typeof LinkView>
