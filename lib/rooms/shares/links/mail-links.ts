import "server-only"
import { canSendMail } from "#lib/adapters/configuration.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { spreadMail } from "#lib/rooms/accounts/limit-mail.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { findPerson } from "#lib/rooms/accounts/tell-member.ts"
import { personFor } from "#lib/rooms/audit/origin.ts"
import { queueMails } from "#lib/rooms/mail/queue-mail.ts"
import { type At, changeLink } from "./change-link.ts"
import type { LinkMail, LinkView } from "./link.ts"

type Mailed = { id: string; address: string; language: string | null }

type Mailing = {
  owner: OwnerId
  shareId: string
  message?: string | undefined
  reminds?: boolean
}

/**
 * Mails links to those of their recipients who have an address, in the transaction that has locked
 * their share; the last ones later if there are more than the owner may mail in an hour. Refuses as
 * `spreadMail` does.
 */
export async function mailLinks(
  tx: Tx,
  links: Mailed[],
  { owner, shareId, message = "", reminds = false }: Mailing,
): Promise<void> {
  const mailed = links.filter(({ address }) => address !== "")
  if (mailed.length === 0) return
  const addresses = mailed.map(({ address }) => address)
  const later = await spreadMail(tx, owner, addresses)
  const goesAt = new Map(
    later.map((at, place) => [mailed[mailed.length - later.length + place], at]),
  )
  const share = await tx.share.findUniqueOrThrow({ where: { id: shareId } })
  const values = {
    by: await findSender(tx, owner),
    share: share.passwordHash === null ? share.title || share.firstName : "",
    message,
    until: share.expiresAt?.toISOString() ?? null,
    isRequest: share.kind === "request",
    reminds,
  }
  const usefulUntil = share.expiresAt ? { usefulUntil: share.expiresAt } : {}
  const together = (link: Mailed) => `${link.language} ${goesAt.get(link)?.getTime()}`
  for (const of of Map.groupBy(mailed, together).values()) {
    const [{ language } = { language: null }] = of
    const runAt = of[0] && goesAt.get(of[0])
    const content = { kind: "shared", values, language, ...usefulUntil } as const
    const addressees = of.map(({ id, address }) => ({ to: address, targetId: id }))
    await queueMails(tx, { ...content, ...(runAt && { runAt, countsFor: owner }) }, addressees)
  }
}

/** A team's mail is by the person who acts for it, or by a service account, which has no address. */
async function findSender(tx: Tx, owner: OwnerId) {
  const { kind, name } = await tx.member.findUniqueOrThrow({ where: { id: owner } })
  if (kind === "person") return findPerson(tx, owner)
  const team = plainName(name)
  const person = personFor(owner)
  if (person === null) return { name: team, address: "" }
  const by = await findPerson(tx, person)
  return { ...by, name: `${by.name} (${team})` }
}

/** Whether new links are mailed: as asked for, and by default where Lapse sends mail. */
export const mailsLinks = (asked: boolean | undefined) => asked ?? canSendMail()

/**
 * Mails a link to its recipient again, as a reminder if it was mailed before. Refuses `not_found`,
 * (conflict) a revoked link, (too_many) a second mail within a day, and mail as `spreadMail`
 * does.
 */
export const mailLink = (at: At, { message }: LinkMail): Promise<LinkView> =>
  changeLink(at, {
    action: "mail_link",
    of: "recipients",
    opens: true,
    change: async (tx, link) => {
      if (link.revokedAt) throw refusal("conflict", "link_revoked")
      if (link.address === "") throw refusal("invalid", "mail_address", {}, { field: "recipient" })
      const [last] = await tx.$queryRaw<{ wait: number }[]>`
        SELECT ceil(extract(epoch FROM created_at + interval '1 day' - statement_timestamp()))::int AS wait
        FROM mail WHERE target_id = ${link.id}::uuid AND kind = 'shared' AND failed_at IS NULL
          AND to_address = ${link.address}
        ORDER BY created_at DESC LIMIT 1`
      if (last && last.wait > 0) throw tooSoon(last.wait)
      const reminds = last !== undefined
      await mailLinks(tx, [link], { owner: at.actor.owner, shareId: at.shareId, message, reminds })
      return { data: {}, closes: false }
    },
  })

const tooSoon = (inSeconds: number) =>
  refusal("too_many", "mailed_lately", { when: { inSeconds } }, { retryAfterSeconds: inSeconds })
