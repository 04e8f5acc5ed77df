import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { containing, DEFAULT_LIMIT } from "#lib/adapters/database/list-page.ts"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, noSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { linkToken } from "#lib/adapters/secrets.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { allUrlsAreKnown } from "#lib/rooms/cut-offs/live-urls/lost-urls.ts"
import { type CutOffRow, selectCutOff, toCutOffView } from "#lib/rooms/cut-offs/read-cut-off.ts"
import { findMailsOf } from "#lib/rooms/mail/find-mails.ts"
import { noSuchShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import type { LinkListQuery, LinkView } from "./link.ts"

/** The links of an owner's share or request. */
export type LinksOf = { owner: OwnerId; shareId: string; kind: ShareKind }

type LinkRow = Omit<LinkView, "url" | "cutOff" | "mail"> & {
  publicId: Uint8Array
  cutOff: CutOffRow | null
}

/** In SQL: whether the recipient of a row of link matches a pattern. */
export const byRecipient = (pattern: string) =>
  sql`(link.recipient ILIKE ${pattern} OR link.address ILIKE ${pattern})`

/** Lists the links of recipients, in the order of their making. Refuses `not_found`. */
export async function listLinks(
  of: LinksOf,
  { cursor, limit = DEFAULT_LIMIT, q }: LinkListQuery,
): Promise<{ items: LinkView[]; nextCursor: string | null }> {
  if (cursor && !isUuid(cursor)) throw refusal("invalid", "no_position", {}, { field: "cursor" })
  const after = cursor ? sql`AND link.id > ${cursor}::uuid` : noSql
  const matching = q ? sql`AND ${byRecipient(containing(q))}` : noSql
  const items = await read(of, sql`NOT link.open ${after} ${matching}`, limit + 1)
  if (items.length === 0) await requireOwn(of)
  const page = items.slice(0, limit)
  return { items: page, nextCursor: items.length > limit ? (page.at(-1)?.id ?? null) : null }
}

/** Counts the recipients of a share. */
export async function countRecipients(of: LinksOf): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM link JOIN share ON share.id = link.share_id
    WHERE ${isShareOf(of)} AND NOT link.open`
  return row?.count ?? 0
}

/** Returns those of the links with these ids that the owner's share has. */
export const findLinks = (of: LinksOf, ids: string[]): Promise<LinkView[]> =>
  read(of, sql`link.id = ANY(${ids}::uuid[])`)

/** Returns a link. Refuses `not_found`. */
export async function requireLink(of: LinksOf, id: string): Promise<LinkView> {
  const [link] = await findLinks(of, [id])
  if (!link) throw noSuchLink()
  return link
}

export const noSuchLink = () => refusal("not_found", "no_link")

async function requireOwn(of: LinksOf) {
  const own = await db.$queryRaw<unknown[]>`SELECT FROM share WHERE ${isShareOf(of)}`
  if (own.length === 0) throw noSuchShare()
}

/** In SQL: whether a row of share is the owner's, and no deleted request. */
export const isShareOf = ({ owner, shareId, kind }: LinksOf) => sql`(
  share.id = ${shareIdOrRefuse(shareId)}::uuid AND owner_id = ${owner}::uuid
  AND share_kind = ${kind}::share_kind
  AND NOT EXISTS (SELECT FROM request WHERE share_id = share.id AND deleted_at IS NOT NULL))`

const time = (column: string) => rawSql(timeText(column))

async function read(of: LinksOf, where: Sql, limit?: number) {
  const rows = await db.$queryRaw<LinkRow[]>`
    SELECT link.id, link.public_id AS "publicId", open, recipient_name AS name, address, language,
      verify, link.max_downloads AS "maxDownloads", link.downloads, views,
      ${time("opened_at")} AS "openedAt", ${time("link.revoked_at")} AS "revokedAt",
      CASE WHEN (share.minted OR NOT ${rawSql(allUrlsAreKnown)}) AND link.exposed_until > statement_timestamp()
        THEN ${time("link.exposed_until")} END AS "exposedUntil",
      ${selectCutOff(sql`(
        SELECT id FROM cut_off own WHERE own.link_id = link.id AND own.requested_at >= link.revoked_at
        ORDER BY requested_at DESC LIMIT 1)`)} AS "cutOff"
    FROM link JOIN share ON share.id = link.share_id
    WHERE ${isShareOf(of)} AND ${where}
    ORDER BY link.id ${limit === undefined ? noSql : sql`LIMIT ${limit}`}`
  const mails = await findMailsOf(
    "shared",
    rows.map(({ id }) => id),
  )
  return rows.map((row) => toLinkView(row, of.kind, mails.get(row.id) ?? null))
}

/** Returns the address of a link. */
export const addressOfLink = ({ publicId, kind, open }: Addressed) =>
  `${configuration.APP_URL}/${kind === "request" ? "r" : "s"}/${linkToken(publicId, kind, open)}`

type Addressed = { publicId: Uint8Array; kind: ShareKind; open: boolean }

function toLinkView(
  { publicId, cutOff, name, ...link }: LinkRow,
  kind: ShareKind,
  mail: LinkView["mail"],
): LinkView {
  return {
    ...link,
    name: plainName(name),
    url: addressOfLink({ publicId, kind, open: link.open }),
    cutOff: toCutOffView(cutOff),
    mail,
  }
}
