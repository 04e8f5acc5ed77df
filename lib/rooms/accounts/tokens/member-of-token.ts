import "server-only"
import { configuration, hasPasswords } from "#lib/adapters/configuration.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { isDiskFull } from "#lib/adapters/host/disk-room.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { localeNamed } from "#lib/adapters/text/languages.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { checkAttempt } from "#lib/adapters/throttle/attempt-limits.ts"
import {
  type ActingToken,
  type MemberId,
  type OwnerId,
  powersOf,
  ROLE,
  type SessionMember,
} from "#lib/rooms/accounts/member.ts"
import { actingTeam, COUNTS, type TeamColumns } from "../teams/team.ts"
import { hashOfToken, isTokenText } from "./token-text.ts"

const findToken = statement(
  "token-member",
  { hash: "bytea", passwords: "boolean", touches: "boolean", address: "text | null" },
  `WITH found AS (
     SELECT t.*, m.email, m.name AS member_name, ${ROLE} AS role, m.language, m.session_epoch,
       coalesce(p.id, o.id) AS acting_id, team.id AS team_id, team.slug, o.name AS team_name,
       tm.manager
     FROM token t JOIN member o ON o.id = t.member_id
       LEFT JOIN team ON team.id = o.id
       LEFT JOIN team_member tm ON tm.team_id = team.id AND tm.member_id = t.person_id AND ${COUNTS}
       LEFT JOIN member p ON p.id = tm.member_id
       JOIN member m ON m.id = coalesce(p.id, o.id)
     WHERE t.hash = :hash AND t.ended_at IS NULL
       AND (t.expires_at IS NULL OR t.expires_at > statement_timestamp())
       AND m.disabled_at IS NULL AND o.disabled_at IS NULL
       AND (t.person_id IS NULL OR p.id IS NOT NULL)
       AND (:passwords OR m.member_kind = 'team'
         OR EXISTS (SELECT FROM identity WHERE identity.member_id = m.id))
   ),
   touched AS (
     UPDATE token SET last_used_at = statement_timestamp(), last_used_from = :address
     FROM found
     WHERE token.id = found.id AND :touches AND (found.last_used_at IS NULL
       OR found.last_used_at < statement_timestamp() - interval '5 minutes')
   )
   SELECT id, name, scopes, max_day_bytes AS "maxDayBytes", max_share_days AS "maxShareDays",
     password_required AS "passwordRequired",
     verified_only AS "verifiedOnly", member_id AS "ownerId", acting_id AS "memberId", email,
     member_name AS "memberName", role, language, session_epoch AS "sessionEpoch",
     statement_timestamp() AS now, team_id::text AS "teamId", team_name AS "teamName", slug, manager
   FROM found`,
)

type Row = Pick<ActingToken, "id" | "name" | "maxShareDays" | "passwordRequired" | "verifiedOnly"> &
  Pick<SessionMember, "email" | "role" | "sessionEpoch" | "now"> & {
    scopes: string[]
    ownerId: string
    maxDayBytes: string | null
    memberId: string
    memberName: string
    language: string | null
  } & TeamColumns

/**
 * Returns the member for whom a token acts, with the token: for a service account of a team the
 * team itself. One statement, which also records the
 * last use once in five minutes; none for a text without the checksum of a token. Refuses
 * (signed_out) a token that is unknown, has ended, or belongs to a disabled member or to one who left its team, and (too_many)
 * an address that sent many of them. If members sign in only with the provider, only those who are
 * linked to it have tokens.
 */
export async function memberOfToken(text: string, address: string): Promise<SessionMember> {
  if (!isTokenText(text)) throw invalidToken()
  const hash = hashOfToken(text)
  const [row] = await findToken<Row>({
    hash,
    passwords: hasPasswords(),
    touches: !isDiskFull(),
    address: configuration.AUDIT_ADDRESSES ? address : null,
  })
  if (!row) {
    known.delete(nameOf(hash))
    await checkAttempt({ purpose: "token", subject: "token", address })
    throw invalidToken()
  }
  remember(nameOf(hash))
  return memberOf(row)
}

function memberOf({ ownerId, memberId, memberName, email, role, sessionEpoch, now, ...row }: Row) {
  const { id, name, scopes, maxDayBytes, maxShareDays, passwordRequired, verifiedOnly } = row
  const bytes = maxDayBytes === null ? null : Number(maxDayBytes)
  return {
    id: memberId as MemberId,
    owner: ownerId as OwnerId,
    team: actingTeam(row),
    ...powersOf(memberId, role),
    token: { id, name, scopes, maxShareDays, passwordRequired, verifiedOnly, maxDayBytes: bytes },
    sessionId: id, // no session has it, so no change of credentials accepts it
    sessionEpoch,
    email,
    name: memberName,
    role,
    language: localeNamed(row.language) ?? null,
    confirmed: true, // its scopes were confirmed when it was made
    needsFactor: false,
    now,
  }
}

const invalidToken = () => refusal("signed_out", "token_invalid")

/** The tokens that were valid at their last call in this process; at most these are remembered. */
const MOST_KNOWN = 10_000
const known = processWide("known tokens", () => new Set<string>())

const nameOf = (hash: Uint8Array) => Buffer.from(hash).toString("base64url")

function remember(name: string) {
  known.delete(name)
  known.add(name)
  const [oldest] = known
  if (known.size > MOST_KNOWN && oldest) known.delete(oldest)
}

/** Whether a token was valid at its last call in this process. Makes no query. */
export const isKnownToken = (text: string): boolean =>
  isTokenText(text) && known.has(nameOf(hashOfToken(text)))
