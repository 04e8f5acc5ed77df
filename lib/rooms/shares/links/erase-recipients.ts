import "server-only"
import { longDb, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { isHeldShare, refuseHeldShares } from "#lib/rooms/files/retention/legal-hold.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { type At, changeLink } from "./change-link.ts"

/**
 * Erases the name and the address of a recipient, in the link, its mails and the owner's notices,
 * and revokes the link; its counts stay. Refuses `not_found` and `legal_hold`.
 */
export async function eraseLink(at: At): Promise<void> {
  await changeLink(at, {
    action: "erase_link",
    of: "recipients",
    opens: false,
    change: async (tx, { id, revokedAt }, { now }) => {
      await refuseHeldShares(tx, sql`share.id = ${at.shareId}::uuid`)
      await tx.mail.deleteMany({ where: { targetId: id } })
      const share = sql`SELECT id AS share_id, owner_id FROM share WHERE id = ${at.shareId}::uuid`
      await tx.$executeRaw(unnameIn(share))
      const data = { name: "", address: "", language: null, verify: false }
      return {
        data: { ...data, revokedAt: revokedAt ?? now, proofVersion: { increment: 1 } },
        closes: revokedAt === null,
      }
    },
  })
}

const USUAL_DAYS = 90
const BATCH = 1_000

/**
 * Erases the recipients of shares that ended as long ago as events are kept, or 90 days. Their
 * links are revoked, so that none opens without the code that it required. A legal hold keeps them.
 */
export async function eraseEndedRecipients(): Promise<void> {
  const { eventDays } = await readSettings()
  const ended = sql`least(expires_at, share.revoked_at) <
    statement_timestamp() - make_interval(days => ${eventDays ?? USUAL_DAYS}::int)
    AND NOT ${isHeldShare}`
  while ((await longDb.$executeRaw(eraseBatch(ended))) === BATCH);
}

/** Erases the recipients of a share in the transaction that has locked it. */
export async function eraseRecipientsOf(tx: Tx, shareId: string): Promise<void> {
  while ((await tx.$executeRaw(eraseBatch(sql`share_id = ${shareId}::uuid`))) === BATCH);
}

/** In SQL: takes all names out of the notices to the owners that have one of these shares. */
const unnameIn = (shares: Sql) => sql`
  UPDATE mail SET values = jsonb_set(values, '{items}', (
    SELECT jsonb_agg(item - 'takers') FROM jsonb_array_elements(values->'items') AS item))
  FROM (${shares}) AS told
  WHERE kind = 'notices' AND target_id = told.owner_id
    AND values->'items' @> jsonb_build_array(jsonb_build_object('shareId', told.share_id))`

const eraseBatch = (shares: Sql) => sql`
  WITH ended AS MATERIALIZED (
    SELECT link.id, share_id, owner_id FROM link JOIN share ON share.id = share_id
    WHERE NOT open AND recipient <> '' AND ${shares}
    ORDER BY link.id LIMIT ${BATCH}
  ), mails AS (DELETE FROM mail WHERE target_id IN (SELECT id FROM ended)),
  notices AS (${unnameIn(sql`SELECT DISTINCT share_id, owner_id FROM ended`)})
  UPDATE link SET recipient_name = '', address = '', language = NULL, verify = false,
    revoked_at = coalesce(revoked_at, statement_timestamp()), proof_version = proof_version + 1
  FROM ended WHERE link.id = ended.id`
