import "server-only"
import { providerName } from "#lib/adapters/configuration.ts"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db, sql } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import type { LogoutToken } from "#lib/adapters/oidc/logout-token.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"

/**
 * Ends the sessions that a logout token names: the provider's session, or all of its subject. They
 * are rows, so every replica refuses them from now on. Returns how many. Refuses (invalid) a token
 * that was used before, even under simultaneous calls.
 */
export async function endProviderSessions(token: LogoutToken): Promise<number> {
  const { issuer, jti, subject, sid } = token
  // A session whose ID token had no sid is only identified by its subject.
  const named =
    sid === null
      ? sql`subject = ${subject}`
      : sql`(sid = ${sid} AND (${subject}::text IS NULL OR subject = ${subject})
          OR sid IS NULL AND subject = ${subject})`
  const open = sql`issuer = ${issuer} AND ${named} AND ended_at IS NULL`
  return db.$transaction(async (tx) => {
    const { count } = await tx.logoutToken.createMany({
      data: [{ issuer, jti }],
      skipDuplicates: true,
    })
    if (count === 0) throw new Refusal("invalid", "The logout token was used before.")
    // Members are locked before sessions, as in every change of credentials.
    await tx.$queryRaw`
      SELECT FROM member WHERE id IN (SELECT member_id FROM session WHERE ${open})
      ORDER BY id FOR NO KEY UPDATE`
    const ended = await tx.$queryRaw<{ memberId: string }[]>`
      UPDATE session SET ended_at = statement_timestamp(), id_token = NULL
      WHERE ${open}
      RETURNING member_id::text AS "memberId"`
    for (const id of new Set(ended.map(({ memberId }) => memberId))) {
      const sessions = ended.filter(({ memberId }) => memberId === id).length
      const details = { sessions, provider: providerName() }
      await recordAudit(tx, { actorId: id, action: "session.provider_end", details })
    }
    return ended.length
  })
}

/** How long the ids of logout tokens are kept. Longer than any token is accepted. */
const KEPT_MS = 86_400_000

/** Deletes the ids of logout tokens that have expired anyway. The sweep calls it. */
export async function sweepLogoutTokens(): Promise<void> {
  await db.logoutToken.deleteMany({ where: { usedAt: { lt: await databaseTimeAgo(KEPT_MS) } } })
}
