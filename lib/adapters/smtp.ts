import "server-only"
import MailComposer from "nodemailer/lib/mail-composer"
import { encodeWord, foldLines } from "nodemailer/lib/mime-funcs"
import MimeNode from "nodemailer/lib/mime-node"
import type { Mailbox } from "./configuration/parsers.ts"
import { configuration } from "./configuration.ts"
import { type Delivery, deliver, greet } from "./smtp/deliver.ts"
import { plainLine } from "./text/plain-text.ts"

export type { Delivery } from "./smtp/deliver.ts"

/** A message with a plain and an HTML part, to one person. */
export type Message = {
  /** The part of the Message-ID before the @. All copies of a message have the same one. */
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
  /** An address that unsubscribes when it is opened or receives a POST (RFC 8058). */
  unsubscribeUrl: string | null
}

/**
 * Sends a message to the mail server and returns the outcome. Takes at most a minute. Throws only
 * for a bug, or what `beforeText` throws.
 */
export async function sendMessage(
  message: Message,
  beforeText?: () => Promise<void>,
): Promise<Delivery> {
  const { SMTP_URL: server } = configuration
  if (!server) return { outcome: "later", answer: "SMTP_URL isn’t set." }
  const { from, to } = message
  const name = new URL(configuration.APP_URL).hostname
  return deliver({
    server,
    name,
    from: from.address,
    to,
    message: await compose(message),
    ...(beforeText && { beforeText }),
  })
}

/** Tries to sign in to the mail server. Returns its answer or the error, or null on success. */
export async function greetServer(): Promise<string | null> {
  const { SMTP_URL: server } = configuration
  if (!server) return "SMTP_URL isn’t set."
  const name = new URL(configuration.APP_URL).hostname
  const patience = { connectMs: 5_000, silenceMs: 5_000, totalMs: 12_000 }
  return greet({ server, name }, patience)
}

async function compose({
  id,
  date,
  to,
  from,
  replyTo,
  subject,
  logo,
  unsubscribeUrl,
  ...parts
}: Message) {
  const composer = new MailComposer({
    ...parts,
    date,
    messageId: `<${id}@${from.address.split("@").at(-1)}>`,
    to: { name: "", address: to },
    headers: {
      // Prevents automatic replies (RFC 3834).
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
  const head = [
    `From: ${inHeader(from)}`,
    ...(replyTo ? [`Reply-To: ${inHeader(replyTo)}`] : []),
    `Subject: ${encoded(subject)}`,
  ]
  const rest = await composer.compile().build()
  return Buffer.concat([Buffer.from(head.map((line) => `${foldLines(line)}\r\n`).join("")), rest])
}

function inHeader({ name, address }: Mailbox) {
  const only = MimeNode.encodeHeaderValue("From", { name: "", address })
  return name ? `${encoded(name)} ${only.startsWith("<") ? only : `<${only}>`}` : only
}

/** Encodes text for a header (RFC 2047); the library does not encode text that looks encoded. */
function encoded(text: string) {
  const line = plainLine(text)
  if (/^[\w '&+/!?-]*$/.test(line)) return line
  return encodeWord(line, /^[\x20-\x7e]*$/.test(line) ? "Q" : "B", MAX_WORD)
}
const MAX_WORD = 60
