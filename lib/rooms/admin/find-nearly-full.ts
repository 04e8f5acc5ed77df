import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"

/** Members who use at least this fraction of their storage limit are nearly full. */
export const NEARLY_FULL = 0.9

type NearlyFull = { id: string; name: string; usedBytes: number; quotaBytes: number }
type Row = Omit<NearlyFull, "usedBytes" | "quotaBytes"> & { usedBytes: bigint; quotaBytes: bigint }

/** Lists the active members who have used most of their storage limit, the fullest first. */
export async function findNearlyFull(_by: AuditorId, most: number): Promise<NearlyFull[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT id::text, name, used_bytes AS "usedBytes", quota AS "quotaBytes"
    FROM member, coalesce(quota_bytes, ${configuration.DEFAULT_QUOTA_BYTES ?? null}::bigint) AS quota
    WHERE used_bytes > 0 AND used_bytes >= quota * ${NEARLY_FULL}::float8
      AND disabled_at IS NULL AND deleted_at IS NULL
    ORDER BY used_bytes / greatest(quota, 1)::float8 DESC, id LIMIT ${most}`
  return rows.map(({ usedBytes, quotaBytes, name, ...row }) => ({
    ...row,
    name: plainName(name),
    usedBytes: Number(usedBytes),
    quotaBytes: Number(quotaBytes),
  }))
}
