import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import { db, type Tx } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { requireRoom } from "#lib/adapters/host/disk-room.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit, recordParts } from "#lib/rooms/audit/record-audit.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { refuseAgainstSettings } from "#lib/rooms/shares/edit/allowed-conditions.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { shareDetails } from "#lib/rooms/shares/share-details.ts"
import { type At, lockShareOfLinks } from "./change-link.ts"
import type { LinkView, NewRecipient } from "./link.ts"
import { mailLinks, mailsLinks } from "./mail-links.ts"
import { findLinks, noSuchLink } from "./read-links.ts"

type Mailing = {
  /** The language of the mails; by default the owner's, and null for English. */
  language?: string | null | undefined
  /** As in the schema of links. */
  mail?: boolean | undefined
  message?: string | undefined
}

type Share = { id: string; title: string; kind: ShareKind; owner: OwnerId }

/**
 * Adds links of recipients to a share, each with the id at its place. Returns a link for each, or
 * the refusal: that of its input, or (conflict) an address that already has a link. Makes none if
 * it refuses `not_found`, to a token a share outside of its caps, or as `insertLinks` does.
 */
export async function addLinks(
  at: Omit<At, "linkId">,
  recipients: (NewRecipient | Refusal)[],
  { ids, ...mailing }: Mailing & { ids: string[] },
): Promise<(LinkView | Refusal)[]> {
  requireRoom("share")
  const { actor, shareId, kind } = at
  await db.$transaction(async (tx) => {
    const { title, settings } = await lockShareOfLinks(tx, at, true)
    const added = recipients.flatMap((each, place) =>
      each instanceof Refusal ? [] : [{ ...each, id: ids[place] ?? "" }],
    )
    await insertLinks(tx, { id: shareId, title, kind, owner: actor.owner }, added, {
      ...mailing,
      settings,
    })
  })
  return answersOf(at, recipients, ids)
}

/** Answers as `addLinks` did that made links with these ids. Refuses `not_found` if it made none. */
export async function repeatLinks(
  ...asked: Parameters<typeof answersOf>
): Promise<(LinkView | Refusal)[]> {
  const answers = await answersOf(...asked)
  if (answers.every((answer) => answer instanceof Refusal)) throw noSuchLink()
  return answers
}

async function answersOf(
  { actor, shareId, kind }: Omit<At, "linkId">,
  recipients: (NewRecipient | Refusal)[],
  ids: string[],
): Promise<(LinkView | Refusal)[]> {
  const links = await findLinks({ owner: actor.owner, shareId, kind }, ids)
  const byId = new Map(links.map((link) => [link.id, link]))
  return recipients.map((each, place) =>
    each instanceof Refusal
      ? each
      : (byId.get(ids[place] ?? "") ?? hasLink(each.recipient.address)),
  )
}

export const hasLink = (address: string) =>
  refusal("conflict", "recipient_exists", { address }, { field: "recipient" })

/** The addresses of a share's links, which the transaction has locked. */
export async function addressesOf(tx: Tx, shareId: string, except?: string): Promise<Set<string>> {
  const where = { shareId, address: { not: "" }, ...(except && { id: { not: except } }) }
  const links = await tx.link.findMany({ where, select: { address: true } })
  return new Set(links.map(({ address }) => address))
}

/**
 * Inserts the links of recipients in the transaction that makes their share or has locked it, with
 * audit entries that have the links' ids alone. Leaves out addresses that have a link. Refuses as
 * `refuseRecipient` and `spreadMail` do.
 */
export async function insertLinks(
  tx: Tx,
  { id: shareId, title, kind, owner }: Share,
  recipients: (NewRecipient & { id: string })[],
  { settings, language: chosen, mail, message }: Mailing & { settings: Settings },
): Promise<void> {
  const known = await addressesOf(tx, shareId)
  const added = recipients.filter(({ recipient: { address } }) => {
    const isKnown = known.has(address)
    if (address !== "") known.add(address)
    return !isKnown
  })
  if (added.length === 0) return
  const sender = { where: { id: owner }, select: { language: true } }
  const language = chosen ?? (await tx.member.findUniqueOrThrow(sender)).language
  await tx.link.createMany({
    data: added.map(({ id, recipient, verify = settings.verifiedOnly, maxDownloads = null }) => {
      refuseRecipient(settings, { verify, address: recipient.address })
      const own = { ...recipient, language, verify, maxDownloads }
      return { id, shareId, publicId: newPublicId(), open: false, ...own }
    }),
  })
  if (mailsLinks(mail)) {
    const mailed = added.map(({ id, recipient: { address } }) => ({ id, address, language }))
    await mailLinks(tx, mailed, { owner, shareId, message })
  }
  const entry = { actorId: owner, action: "share.add_links" }
  const details = { ...shareDetails({ title, kind }), links: added.length }
  const actId = await recordAudit(tx, { ...entry, targetId: shareId, details })
  const parts = added.map(({ id: link }) => ({ targetId: shareId, details: { link } }))
  await recordParts(tx, { ...entry, actId, parts })
}

/**
 * Refuses (not_allowed) a recipient that a setting forbids and a code where Lapse sends no mail, and
 * (invalid) a code without an address.
 */
export function refuseRecipient(
  settings: Settings,
  { verify, address }: { verify: boolean; address: string },
): void {
  const domains = settings.recipientDomains
  if (address !== "" && domains && !domains.includes(address.split("@").at(-1) ?? ""))
    throw refusal(
      "not_allowed",
      "recipient_domain",
      { domains: domains.join(", ") },
      { field: "recipient" },
    )
  refuseAgainstSettings(settings, { lacksPassword: false, unverified: !verify })
  if (!verify) return
  if (address === "") throw refusal("invalid", "code_address", {}, { field: "recipient" })
  if (!canSendMail()) throw refusal("not_allowed", "code_mail", {}, { field: "verify" })
}
