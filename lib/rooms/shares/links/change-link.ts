import "server-only"
import { db, type Prisma, rawSql, sql, type Tx } from "#lib/adapters/database.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { evenOnFullDisk } from "#lib/adapters/watch/disk-ballast.ts"
import type { Actor } from "#lib/rooms/accounts/member.ts"
import { type AuditDetails, recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { isCapped, lockSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import {
  type Opening,
  refuseOpening,
  settingsOf,
} from "#lib/rooms/shares/edit/allowed-conditions.ts"
import { settleQuestions } from "#lib/rooms/shares/edit/settle-questions.ts"
import { provisionalExposure, settleLinkExposure } from "#lib/rooms/shares/exposure.ts"
import { noSuchShare } from "#lib/rooms/shares/require-share.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { shareDetails } from "#lib/rooms/shares/share-details.ts"
import { isUnverified } from "#lib/rooms/shares/share-sql.ts"
import { type LinkView, OPEN_LINK } from "./link.ts"
import { isShareOf, noSuchLink, requireLink } from "./read-links.ts"

/** The share or request of an actor, and the id of one of its links, or OPEN_LINK. */
export type At = { actor: Actor; shareId: string; kind: ShareKind; linkId: string }

type LockedShare = Opening & { title: string; now: Date; settings: Settings }
type LockedLink = Prisma.LinkModel

type Change = {
  data: Prisma.LinkUncheckedUpdateInput
  /** Whether it excludes visitors who could download, so that their URLs matter. */
  closes: boolean
  details?: AuditDetails
}

/** In SQL: any link, those that are not erased, and those that have a recipient. */
const WHICH = {
  any: sql`true`,
  unerased: sql`recipient IS DISTINCT FROM ''`,
  recipients: sql`recipient <> ''`,
}

type Changing = {
  /** The last part of the audit action. */
  action: string
  /** Which links can be changed. */
  of: keyof typeof WHICH
  /** Whether the change may let somebody in, which caps of a token then have to allow. */
  opens: boolean
  /** Returns the change, judged by the locked rows; null for none. */
  change: (tx: Tx, link: LockedLink, share: LockedShare) => Promise<Change | null>
}

/**
 * Changes a link in a transaction that has locked its share and then the link, with an audit entry
 * that has the link's id alone. Works on a full disk. Refuses `not_found`, and to a token a share
 * outside of its caps.
 */
export async function changeLink(
  at: At,
  { action, of, opens, change }: Changing,
): Promise<LinkView> {
  const { actor, shareId, kind } = at
  const { id: linkId, closes } = await evenOnFullDisk(() =>
    db.$transaction(async (tx) => {
      const share = await lockShareOfLinks(tx, at, opens)
      const link = await lockLink(tx, at, of)
      const changed = await change(tx, link, share)
      if (!changed) return { id: link.id, closes: false }
      await tx.link.update({ where: { id: link.id }, data: changed.data, select: { id: true } })
      if (changed.closes)
        await tx.$executeRaw`
          UPDATE link SET exposed_until = ${provisionalExposure} FROM share
          WHERE link.id = ${link.id}::uuid AND share.id = share_id`
      if (opens) await settleQuestions(tx, [shareId], "edited")
      const details = { ...shareDetails({ title: share.title, kind }), ...changed.details }
      await recordAudit(tx, {
        actorId: actor.owner,
        action: `share.${action}`,
        targetId: shareId,
        details: { ...details, link: link.id },
      })
      return { id: link.id, closes: changed.closes }
    }),
  )
  if (closes) await evenOnFullDisk(() => settleLinkExposure(linkId))
  return requireLink({ owner: actor.owner, shareId, kind }, linkId)
}

/**
 * Locks the share of links that are about to be made or changed, before them: claims lock in this
 * order. Refuses `not_found`, and to a token a share outside of its caps if `opens`.
 */
export async function lockShareOfLinks(
  tx: Tx,
  { actor: { owner, token }, shareId, kind }: Omit<At, "linkId">,
  opens: boolean,
): Promise<LockedShare> {
  const settings = settingsOf(kind, await lockSettings(tx, token))
  const [share] = await tx.$queryRaw<Omit<LockedShare, "settings">[]>`
    SELECT title, starts_at AS "startsAt", expires_at AS "expiresAt",
      password_hash AS "passwordHash", ${rawSql(isUnverified("share"))} AS unverified,
      clock_timestamp() AS now
    FROM share
    WHERE ${isShareOf({ owner, shareId, kind })}
    FOR NO KEY UPDATE`
  if (!share) throw noSuchShare()
  if (opens && isCapped(token)) refuseOpening(settings, share, share.now)
  return { ...share, settings }
}

async function lockLink(tx: Tx, { shareId, linkId }: At, of: Changing["of"]): Promise<LockedLink> {
  if (linkId !== OPEN_LINK && !isUuid(linkId)) throw noSuchLink()
  const which = linkId === OPEN_LINK ? sql`open` : sql`id = ${linkId}::uuid`
  const [locked] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM link WHERE share_id = ${shareId}::uuid AND ${which} AND ${WHICH[of]}
    FOR NO KEY UPDATE`
  if (!locked) throw noSuchLink()
  return tx.link.findUniqueOrThrow({ where: locked })
}
