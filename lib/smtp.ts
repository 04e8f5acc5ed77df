import "server-only"
import MailComposer from "nodemailer/lib/mail-composer"
import type { Mailbox } from "./configuration/parsers.ts"
import { configuration } from "./configuration.ts"
import { type Delivery, deliver, greet } from "./smtp/deliver.ts"

export type { Delivery } from "./smtp/deliver.ts"

/** A message with a plain and an HTML part, to one person. */
export type Message = {
  /** The part of the Message-ID before the @: copies of a message have the same. */
  id: string
  date: Date
  to: string
  from: Mailbox
  replyTo: Mailbox | null
  subject: string
  text: string
  html: string
  /** A picture that the HTML part shows as `cid:logo`. */
  logo: { bytes: Uint8Array; type: string } | null
  /** An address that ends such mail when it is opened, or gets a POST (RFC 8058). */
  unsubscribeUrl: string | null
}

/**
 * Offers a message to the mail server and returns what came of it; it throws only for a bug. Takes
 * at most a minute.
 */
export async function sendMessage(message: Message): Promise<Delivery> {
  const { SMTP_URL: server } = configuration
  if (!server) return { outcome: "later", answer: "SMTP_URL isn’t set." }
  const { from, to } = message
  const name = new URL(configuration.APP_URL).hostname
  return deliver({ server, name, from: from.address, to, message: await compose(message) })
}

/** Whether the mail server lets Lapse in: null, or what it or the failure said. */
export async function greetServer(): Promise<string | null> {
  const { SMTP_URL: server } = configuration
  if (!server) return "SMTP_URL isn’t set."
  const name = new URL(configuration.APP_URL).hostname
  const patience = { connectMs: 5_000, silenceMs: 5_000, totalMs: 12_000 }
  return greet({ server, name }, patience)
}

// The library encodes every value that is not ASCII and takes line breaks out of headers.
function compose({ id, date, to, from, replyTo, logo, unsubscribeUrl, ...parts }: Message) {
  const composer = new MailComposer({
    ...parts,
    date,
    messageId: `<${id}@${from.address.split("@").at(-1)}>`,
    from: addressOf(from),
    to: { name: "", address: to },
    ...(replyTo && { replyTo: addressOf(replyTo) }),
    headers: {
      // Keeps automatic replies from answering (RFC 3834).
      "Auto-Submitted": "auto-generated",
      ...(unsubscribeUrl && {
        "List-Unsubscribe": { prepared: true, value: `<${unsubscribeUrl}>` },
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      }),
    },
    attachments: logo
      ? [{ cid: "logo", filename: false, content: Buffer.from(logo.bytes), contentType: logo.type }]
      : [],
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

const addressOf = ({ name, address }: Mailbox) => ({ name: name ?? "", address })
