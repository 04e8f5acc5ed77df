import "server-only"
import { z } from "zod"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, noSql, rawSql, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal, sentence } from "#lib/adapters/text/sentences.ts"
import { isUuid, Uuid } from "#lib/adapters/text/uuid.ts"
import type { AdminId, AuditorId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"

export const MAX_REASON = 500

/** A legal hold on everything of a member or a team, or on the files of a share or a request. */
export const LegalHoldInput = z.strictObject({
  of: z.enum(["member", "share"]),
  id: Uuid,
  reason: z.string().trim().min(1, sentence("input_reason")).max(MAX_REASON),
})
export type LegalHoldInput = z.infer<typeof LegalHoldInput>

export const LegalHold = z.strictObject({
  of: z.enum(["member", "team", "share", "request"]),
  id: z.uuid(),
  /** The member's name, or the title of the share or request. */
  name: z.string(),
  /** The owner of the share or request; for a member or a team, the address. */
  owner: z.string(),
  reason: z.string(),
  since: z.iso.datetime(),
})
export type LegalHold = z.infer<typeof LegalHold>

export const MOST_HOLDS = 1_000

/** Lists the legal holds, newest first, up to 1,000. */
export const listLegalHolds = (_by: AuditorId): Promise<LegalHold[]> => read(db, noSql)

/** Returns the legal hold on a member, a share or a request itself; null without one. */
export async function findLegalHold(_by: AuditorId, id: string): Promise<LegalHold | null> {
  const [hold] = await read(db, sql`WHERE id = ${id}::uuid`)
  return hold ?? null
}

async function read(tx: Pick<Tx, "$queryRaw">, which: Sql): Promise<LegalHold[]> {
  const rows = await tx.$queryRaw<LegalHold[]>`
    SELECT "of", id::text, name, owner, reason, ${rawSql(timeText("at"))} AS since FROM (
      SELECT CASE WHEN slug IS NULL THEN 'member' ELSE 'team' END AS "of", id, name,
        coalesce('/t/' || slug, email) AS owner, legal_hold_for AS reason, legal_hold_at AS at
      FROM member LEFT JOIN team USING (id) WHERE legal_hold_at IS NOT NULL
      UNION ALL
      SELECT share.share_kind::text, share.id, coalesce(nullif(title, ''), first_name), owner.name,
        share.legal_hold_for, share.legal_hold_at
      FROM share JOIN member AS owner ON owner.id = owner_id WHERE share.legal_hold_at IS NOT NULL
    ) AS held ${which} ORDER BY at DESC, id LIMIT ${MOST_HOLDS}`
  return rows.map((row) => ({ ...row, name: plainName(row.name), owner: plainName(row.owner) }))
}

/**
 * Puts a legal hold on a member, a share or a request: from the moment this returns, nothing that it
 * covers is deleted or erased, by anyone. A deletion that is under way ends first. A hold that is
 * there gets the new reason. Refuses `not_found`.
 */
export const setLegalHold = (
  admin: AdminId,
  { of, id, reason }: LegalHoldInput,
): Promise<LegalHold> =>
  db.$transaction(async (tx) => {
    await write(tx, { of, id, to: sql`coalesce(legal_hold_at, clock_timestamp())`, reason })
    const [hold] = await read(tx, sql`WHERE id = ${id}::uuid`)
    if (!hold) throw noSuch()
    await record(tx, admin, "legal_hold.set", hold)
    return hold
  })

/**
 * Ends a legal hold. What it kept goes by the rule again, once its owner was told. Refuses `not_found`.
 */
export const endLegalHold = (admin: AdminId, id: string): Promise<void> =>
  db.$transaction(async (tx) => {
    const [hold] = isUuid(id) ? await read(tx, sql`WHERE id = ${id}::uuid`) : []
    if (!hold) throw noSuch()
    const table = hold.of === "member" || hold.of === "team" ? "member" : "share"
    await write(tx, { of: table, id, to: sql`NULL`, reason: null })
    await record(tx, admin, "legal_hold.end", hold)
  })

type Write = { of: "member" | "share"; id: string; to: Sql; reason: string | null }

/** Locks the row against deletions of its files, which lock it too until their commit. */
async function write(tx: Tx, { of, id, to, reason }: Write) {
  const table = rawSql(of)
  const exists = of === "member" ? sql`deleted_at IS NULL` : sql`true`
  await tx.$queryRaw`SELECT FROM ${table} WHERE id = ${id}::uuid FOR UPDATE`
  const written = await tx.$executeRaw`
    UPDATE ${table} SET legal_hold_at = ${to}, legal_hold_for = ${reason},
      legal_hold_ended_at = CASE WHEN ${reason}::text IS NULL THEN clock_timestamp() END
    WHERE id = ${id}::uuid AND ${exists}`
  if (written === 0) throw noSuch()
}

const record = (
  tx: Tx,
  actorId: AdminId,
  action: string,
  { of, id, name, owner, reason }: LegalHold,
) => recordAudit(tx, { actorId, action, targetId: id, details: { of, name, owner, reason } })

const noSuch = () => refusal("not_found", "no_legal_hold")
