import "server-only"
import { db, rawSql, type Sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { readNoticesToken, type Subscription } from "#lib/rooms/mail/notices-token.ts"
import { COUNTS } from "../teams/team.ts"

/** A person who gets the mails of an owner. */
export type ReaderOf = {
  readerId: string
  email: string
  language: string | null
  /** The team that is the owner; null for the person. */
  team: { id: string; slug: string; name: string } | null
}

/**
 * In SQL: the people who get the mails of the owner with this id, once each: the person, or those
 * of a team. Leaves out people who turned them off. The columns are those of ReaderOf.
 */
export const readersOf = (owner: string): Sql =>
  rawSql(`(
  SELECT m.id::text AS "readerId", m.email, m.language,
    CASE WHEN tm.team_id IS NOT NULL THEN json_build_object('id', t.id, 'slug', t.slug, 'name', o.name) END AS team
  FROM member o LEFT JOIN team t ON t.id = o.id
    LEFT JOIN team_member tm ON tm.team_id = t.id AND ${COUNTS}
    JOIN member m ON m.id = CASE WHEN t.id IS NULL THEN o.id ELSE tm.member_id END
  WHERE o.id = ${owner} AND o.disabled_at IS NULL AND o.deleted_at IS NULL
    AND m.member_kind = 'person' AND m.disabled_at IS NULL AND m.deleted_at IS NULL
    AND CASE WHEN t.id IS NULL THEN m.notices ELSE tm.notices END
)`)

/** Whether the person gets the mails. */
export async function hasNotices(of: Subscription): Promise<boolean> {
  return (await find(of))?.notices ?? false
}

/** Turns the person's mails on or off, for all shares. Returns false for one who is gone. */
export async function switchNotices(of: Subscription, notices: boolean): Promise<boolean> {
  const { id, team } = of
  const { count } = team
    ? await db.teamMember.updateMany({
        where: { teamId: team.id, memberId: id },
        data: { notices },
      })
    : await db.member.updateMany({ where: { id, deletedAt: null }, data: { notices } })
  return count > 0
}

type Found = { email: string; notices: boolean; team: string | null }

/**
 * Returns whose mails the link in a mail stops, and whether they are on; null for a link that
 * this installation did not make. Such a link never expires, because it can only stop mails.
 */
export async function findNoticesOf(token: string): Promise<Found | null> {
  const of = readNoticesToken(token)
  return of && find(of)
}

async function find({ id, team }: Subscription): Promise<Found | null> {
  if (team) {
    const found = await db.teamMember.findUnique({
      where: { teamId_memberId: { teamId: team.id, memberId: id }, member: { deletedAt: null } },
      select: { notices: true, member: true, team: { select: { member: true } } },
    })
    if (!found) return null
    const { notices, member, team: of } = found
    return { email: member.email, notices, team: plainName(of.member.name) }
  }
  const found = await db.member.findUnique({
    where: { id, deletedAt: null },
    select: { email: true, notices: true },
  })
  return found && { ...found, team: null }
}

/** Stops the mails of the link. Returns false for a link that is not valid. */
export async function stopNotices(token: string): Promise<boolean> {
  const of = readNoticesToken(token)
  return of !== null && (await switchNotices(of, false))
}
