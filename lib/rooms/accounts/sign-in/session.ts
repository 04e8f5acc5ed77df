import "server-only"
import { z } from "zod"
import { configuration, hasPasswords } from "#lib/adapters/configuration.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { databaseTime, databaseTimeAgo, databaseTimeIn } from "#lib/adapters/database/time.ts"
import { db, type Prisma, sql, type Tx } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { isDiskFull } from "#lib/adapters/host/disk-room.ts"
import { localeNamed } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid, newId } from "#lib/adapters/text/uuid.ts"
import { changeCredentials, LIVE_SESSION } from "#lib/rooms/accounts/change-credentials.ts"
import {
  type ActingAdmin,
  type ActingMember,
  type AuditorId,
  type MemberId,
  type OwnerId,
  powersOf,
  ROLE,
  type SessionMember,
} from "#lib/rooms/accounts/member.ts"
import { actingTeam, COUNTS, type TeamColumns } from "#lib/rooms/accounts/teams/team.ts"
import { auditEntryOf, recordAudit } from "#lib/rooms/audit/record-audit.ts"
import {
  confirmByFactor,
  FACTOR_IS_REQUIRED,
  hasFactor,
  lacksFactor,
} from "../second-factor/needs-factor.ts"

/** How long a session lasts if nothing ends it, in seconds. */
export const SESSION_SECONDS = 30 * 86_400

/** How long a sign-in or confirmation counts for changes that need one. */
const CONFIRMED_MINUTES = 10

const DAY_MS = 86_400_000

type Epoch = { memberId: string; sessionEpoch: number }

/** A member who entered the right password or used a valid one-time link. */
export type VerifiedMember = Epoch & {
  factor?: boolean
}

export type SessionClaim = Epoch & { sessionId: string }

/** A session as the member sees it. Times are ISO 8601 UTC. */
export const SessionView = z.strictObject({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  /** Rounded to five minutes. */
  lastUsedAt: z.iso.datetime(),
  /** "Chrome on Android"; null for an unknown client. */
  agent: z.string().nullable(),
  current: z.boolean(),
})
export type SessionView = z.infer<typeof SessionView>

export type ProviderSession = {
  issuer: string
  subject: string
  sid: string | null
  idToken: string | null
  /** When the member signed in there, in seconds since 1970; null if the provider does not say. */
  authTime: number | null
}

/**
 * Inserts a new session, with its audit entry. `agent` describes the client in words. A provider's
 * session is shorter, and counts as confirmed from when the member signed in there. One started
 * only by a password is not confirmed if the member has a second factor. If all of the member's
 * sessions ended meanwhile, it inserts none and returns a claim that has ended.
 */
export async function startSession(
  { memberId, sessionEpoch, factor = false }: VerifiedMember,
  agent: string | null,
  provider: ProviderSession | null = null,
): Promise<SessionClaim> {
  const id = newId()
  const seconds = provider ? configuration.OIDC_SESSION_HOURS * 3600 : SESSION_SECONDS
  const { issuer, subject, sid, idToken, authTime } = provider ?? NO_PROVIDER
  const confirmedAt = provider
    ? sql`least(statement_timestamp(), to_timestamp(${authTime ?? 0}::float8))`
    : sql`CASE WHEN ${factor} OR NOT ${hasFactor(memberId)} THEN statement_timestamp()
        ELSE to_timestamp(0) END`
  const entry = auditEntryOf({
    actorId: memberId,
    action: "session.start",
    changed: sql`started`,
    targetId: sql`started.id`,
    details: sql`jsonb_build_object('agent', started.agent)`,
  })
  const start = sql`
    WITH seen AS (
      UPDATE member SET last_sign_in_at = statement_timestamp()
      WHERE id = ${memberId}::uuid AND session_epoch = ${sessionEpoch}
      RETURNING id
    ), started AS (
      INSERT INTO session
        (id, member_id, agent, expires_at, confirmed_at, needs_factor, issuer, subject, sid, id_token)
      SELECT ${id}::uuid, seen.id, ${agent},
        statement_timestamp() + make_interval(secs => ${seconds}::int), ${confirmedAt},
        ${provider ? sql`false` : lacksFactor(memberId)}, ${issuer}, ${subject}, ${sid}, ${idToken}
      FROM seen
      RETURNING id, agent
    )
    ${entry}`
  // Locks the member first, so that the statement sees a factor that is being added.
  await changeCredentials({ by: null, of: memberId }, (tx) => tx.$executeRaw(start))
  return { sessionId: id, memberId, sessionEpoch }
}

const NO_PROVIDER = { issuer: null, subject: null, sid: null, idToken: null, authTime: null }

const findMember = statement(
  "session-member",
  {
    sessionId: "uuid",
    memberId: "uuid",
    sessionEpoch: "int",
    passwords: "boolean",
    touches: "boolean",
    team: "text | null",
    teamId: "uuid | null",
  },
  `WITH found AS (
     SELECT m.email, m.name, ${ROLE} AS role, m.language, s.id AS session_id,
       s.confirmed_at > statement_timestamp() - interval '${CONFIRMED_MINUTES} minutes' AS confirmed,
       s.needs_factor AND ${FACTOR_IS_REQUIRED} AS needs_factor,
       :touches AND s.last_used_at < statement_timestamp() - interval '5 minutes' AS is_stale,
       o.id AS team_id, o.name AS team_name, t.slug, tm.manager
     FROM session s JOIN member m ON m.id = s.member_id
       LEFT JOIN team t ON t.slug = :team OR t.id = :teamId
       LEFT JOIN team_member tm ON tm.team_id = t.id AND tm.member_id = m.id AND ${COUNTS}
       LEFT JOIN member o ON o.id = tm.team_id AND o.disabled_at IS NULL
     WHERE s.id = :sessionId AND s.member_id = :memberId AND m.session_epoch = :sessionEpoch
       AND (:passwords OR s.issuer IS NOT NULL) AND ${LIVE_SESSION}
   ),
   touched AS (
     UPDATE session SET last_used_at = statement_timestamp()
     FROM found WHERE session.id = found.session_id AND found.is_stale
   )
   SELECT email, name, role, language, confirmed, needs_factor AS "needsFactor",
     statement_timestamp() AS now, team_id::text AS "teamId", team_name AS "teamName", slug, manager
   FROM found`,
)

type Row = Pick<SessionMember, "email" | "name" | "role" | "confirmed" | "needsFactor" | "now"> & {
  language: string | null
} & TeamColumns

/**
 * Returns the member of a session, who acts for the team of this slug or id if there is one; null
 * if the session has ended or the member is disabled. If members sign in only with the provider,
 * only the provider's sessions count. One statement, which also records when the session was used.
 * Refuses (not_found) a team that the person is not in.
 */
export async function findSessionMember(
  claim: SessionClaim,
  team: string | null = null,
): Promise<SessionMember | null> {
  const { sessionId, memberId, sessionEpoch } = claim
  const touches = !isDiskFull() // a full disk must not keep a member from revoking
  const passwords = hasPasswords()
  const named =
    team !== null && isUuid(team) ? { team: null, teamId: team } : { team, teamId: null }
  const asked = { sessionId, memberId, sessionEpoch, passwords, touches, ...named }
  const [found] = await findMember<Row>(asked)
  if (!found) return null
  const { teamId, teamName, slug, manager, ...row } = found
  const acting = actingTeam({ teamId, teamName, slug, manager })
  if (team !== null && !acting) throw refusal("not_found", "no_team")
  return {
    id: memberId as MemberId,
    owner: (acting?.id ?? memberId) as OwnerId,
    team: acting,
    ...powersOf(memberId, row.role),
    token: null,
    sessionId,
    sessionEpoch,
    ...row,
    // Another version may offer other languages.
    language: localeNamed(row.language) ?? null,
  }
}

/** The refusal of a caller who proved to be a member that an admin disabled. */
export const accountDisabled = () => refusal("account_disabled", "account_disabled")

/** The refusal of an ended session. If the member is disabled, it says that instead. */
export async function sessionOver(claim: SessionClaim | null): Promise<Refusal> {
  const where = { id: claim?.memberId ?? "", disabledAt: { not: null } }
  const isDisabled = claim !== null && (await db.member.count({ where })) > 0
  return isDisabled ? accountDisabled() : refusal("signed_out", "signed_out")
}

/**
 * Makes the session count as freshly signed in, for changes that need it, after the member proved
 * their identity. Refuses (invalid) a password if the member has a second factor by now.
 */
export async function confirmSession(
  by: ActingMember,
  proof: { password: boolean },
): Promise<void> {
  await changeCredentials({ by }, async (tx) => {
    const confirmed = await tx.$executeRaw`
      UPDATE session SET confirmed_at = statement_timestamp() WHERE id = ${by.sessionId}::uuid
        AND NOT (${proof.password} AND ${hasFactor(by.id)})`
    if (confirmed === 0) throw confirmByFactor()
  })
}

/** Lists the member's active sessions, most recently used first. */
export async function listSessions(
  member: MemberId,
  currentId: string,
): Promise<{ items: SessionView[]; nextCursor: null }> {
  const rows = await db.session.findMany({
    where: { memberId: member, endedAt: null, expiresAt: { gt: await databaseTime() } },
    orderBy: [{ lastUsedAt: "desc" }, { id: "desc" }],
    take: 200,
    select: { id: true, agent: true, createdAt: true, lastUsedAt: true },
  })
  const items = rows.map(({ id, agent, createdAt, lastUsedAt }) => ({
    id,
    agent,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    current: id === currentId,
  }))
  return { items, nextCursor: null }
}

/** Lists the active sessions of any member, for an auditor. None is marked as the caller's. */
export const listMemberSessions = (_by: AuditorId, member: string) =>
  listSessions(member as MemberId, "")

/** Ends one session of the member. Refuses `not_found`. */
export async function endSession(by: ActingMember, id: string): Promise<void> {
  const ended = isUuid(id) ? await end(by, { id }, id) : 0
  if (ended === 0) throw refusal("not_found", "no_session")
}

export const endOtherSessions = (by: ActingMember) => end(by, { id: { not: by.sessionId } })

export type SignedOut = { byProvider: boolean; idToken: string | null }

/**
 * Ends a session at the request of its browser, even if it has already ended. Returns the data that
 * identifies it to the provider that started it.
 */
export async function signOut({ sessionId, memberId }: SessionClaim): Promise<SignedOut> {
  const session = await db.session.findUnique({
    where: { id: sessionId, memberId },
    select: { issuer: true, idToken: true },
  })
  const entry = auditEntryOf({
    actorId: memberId,
    action: "session.sign_out",
    changed: sql`ended`,
    targetId: sql`ended.id`,
  })
  await db.$executeRaw`
    WITH ended AS (
      UPDATE session SET ended_at = statement_timestamp(), id_token = NULL
      WHERE id = ${sessionId}::uuid AND member_id = ${memberId}::uuid AND ended_at IS NULL
      RETURNING id
    )
    ${entry}`
  return {
    byProvider: session?.issuer != null && session.issuer === configuration.OIDC_ISSUER,
    idToken: session?.idToken ?? null,
  }
}

async function end(
  by: ActingMember,
  which: Prisma.SessionWhereInput,
  targetId?: string,
): Promise<number> {
  const memberId = by.id
  return changeCredentials({ by }, async (tx) => {
    const { count } = await endWhere(tx, { memberId, ...which })
    if (count > 0) {
      const details = { sessions: count }
      await recordAudit(tx, { actorId: memberId, action: "session.end", targetId, details })
    }
    return count
  })
}

/**
 * Ends every session of a member, in a transaction that also raises the member's epoch, because a
 * sign-in in progress may insert its session later.
 */
export async function endSessionsOf(tx: Tx, memberId: string): Promise<void> {
  await endWhere(tx, { memberId })
}

/** Ends every session of every member, in a transaction that also raises their epochs. */
export async function endAllSessions(tx: Tx): Promise<void> {
  await endWhere(tx, {})
}

async function endWhere(tx: Tx, which: Prisma.SessionWhereInput) {
  const endedAt = await databaseTimeIn(tx)
  const data = { endedAt, idToken: null }
  return tx.session.updateMany({ where: { endedAt: null, ...which }, data })
}

/** Ends every session of a member, for an admin. Refuses `not_found`. */
export async function endMemberSessions(by: ActingAdmin, id: string): Promise<{ name: string }> {
  return changeCredentials({ by, of: id }, async (tx) => {
    const [member] = await tx.member.updateManyAndReturn({
      where: { id, kind: "person" },
      data: { sessionEpoch: { increment: 1 } },
      select: { name: true, email: true },
    })
    if (!member) throw refusal("not_found", "no_member")
    await endSessionsOf(tx, id)
    await recordAudit(tx, {
      actorId: by.id,
      action: "session.end_all",
      targetId: id,
      details: { member: `${member.name} <${member.email}>` },
    })
    return { name: member.name }
  })
}

/** Deletes sessions that ended or expired a month ago. The sweep calls it. */
export async function sweepSessions(): Promise<void> {
  const lt = await databaseTimeAgo(30 * DAY_MS)
  await db.session.deleteMany({ where: { OR: [{ endedAt: { lt } }, { expiresAt: { lt } }] } })
}
