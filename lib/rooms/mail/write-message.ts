import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { linkToken } from "#lib/adapters/secrets.ts"
import type { Message } from "#lib/adapters/smtp.ts"
import { DEFAULT_LOCALE, localeNamed } from "#lib/adapters/text/languages.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { findLogo, readBranding } from "#lib/rooms/settings/read-branding.ts"
import { drawLetter, plainLetter } from "./draw-letter.ts"
import { letterOf } from "./letter.ts"
import type { MailContent } from "./mail.ts"
import { mailWords } from "./mail-words.ts"
import { oneTimeToken, oneTimeTokenHash } from "./one-time-token.ts"

type Addressed = {
  id: string
  toAddress: string
  targetId: string | null
  createdAt: Date
  /** Null for English. */
  language: string | null
}

const ISOLATES = /[\u2066-\u2069]/g

/** Writes the message of a mail. Returns null if its link no longer works. */
export async function writeMessage(
  content: MailContent,
  { id, toAddress, targetId, createdAt, language }: Addressed,
): Promise<Message | null> {
  const token = oneTimeToken(targetId ?? "")
  if (!(await isOpen(content.kind, targetId, token))) return null
  const link = content.kind === "shared" ? await addressOf(targetId, toAddress) : ""
  if (link === null) return null
  const branding = await readBranding()
  const from = configuration.MAIL_FROM
  if (!from) throw new Error("MAIL_FROM is set wherever SMTP_URL is")
  const brand = branding.name ?? "Lapse"
  const said = mailWords(localeNamed(language) ?? DEFAULT_LOCALE)
  const letter = letterOf(content, { ...said, id, link, brand, to: toAddress, targetId, token })
  const logo = branding.logo ? await findLogo(branding.logo) : null
  const foot = said.words("foot", { brand, url: configuration.APP_URL })
  return {
    id,
    date: createdAt,
    to: toAddress,
    from: { name: from.name ?? brand, address: from.address },
    replyTo: letter.replyTo,
    // Isolates are only for bodies, because headers must not have hidden characters.
    subject: plainName(letter.subject.replace(ISOLATES, "")),
    text: plainLetter(letter, foot),
    html: drawLetter(letter, {
      ...said,
      brand,
      accent: branding.accent,
      hasLogo: logo !== null,
      foot,
    }),
    logo,
    unsubscribeUrl: letter.stop?.unsubscribeUrl ?? null,
  }
}

/** Whether a one-time link is open and has the token that is derived for it now. */
async function isOpen(kind: MailContent["kind"], targetId: string | null, token: string) {
  if (kind !== "reset" && kind !== "invite") return true
  if (targetId === null) return false
  const open = {
    id: targetId,
    tokenHash: oneTimeTokenHash(token),
    expiresAt: { gt: await databaseTime() },
  }
  const count =
    kind === "invite"
      ? await db.invite.count({ where: { ...open, usedAt: null } })
      : await db.passwordReset.count({ where: { ...open, endedAt: null } })
  return count > 0
}

/** The address of a recipient's link; null if it is over, or for another recipient by now. */
async function addressOf(linkId: string | null, address: string): Promise<string | null> {
  const now = await databaseTime()
  const unended = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
  const link = await db.link.findFirst({
    where: { id: linkId ?? "", address, open: false, revokedAt: null, share: unended },
    select: { publicId: true, share: { select: { kind: true } } },
  })
  if (!link) return null
  const { publicId, share } = link
  const path = share.kind === "request" ? "r" : "s"
  return `${configuration.APP_URL}/${path}/${linkToken(publicId, share.kind, false)}`
}
