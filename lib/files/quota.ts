import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, type Sql, sql, type Tx } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import { settings } from "#lib/settings.ts"

/**
 * The bytes of a member's files, unfinished uploads included, and the quota; a null quota is no
 * limit.
 */
export async function readUsage(
  owner: MemberId,
): Promise<{ usedBytes: number; quotaBytes: number | null }> {
  const member = await db.member.findUniqueOrThrow({
    where: { id: owner },
    select: { usedBytes: true, quotaBytes: true },
  })
  const quota = member.quotaBytes ?? settings.DEFAULT_QUOTA_BYTES ?? null
  return {
    usedBytes: Number(member.usedBytes),
    quotaBytes: quota === null ? null : Number(quota),
  }
}

/**
 * The statement that reserves bytes in the member's quota. It returns the member's id, or no row if
 * the bytes do not fit. Its where clause is the lock: PostgreSQL evaluates it again after it waited
 * for the row.
 */
export function reserveQuota(owner: MemberId, bytes: number): Sql {
  const quota = sql`coalesce(quota_bytes, ${settings.DEFAULT_QUOTA_BYTES ?? null}::bigint)`
  return sql`UPDATE member SET used_bytes = used_bytes + ${bytes}::bigint
    WHERE id = ${owner}::uuid
      AND (${quota} IS NULL OR used_bytes + ${bytes}::bigint <= ${quota})
    RETURNING id`
}

/** Frees the bytes of a file, in the transaction that deletes it. */
export async function releaseQuota(tx: Tx, ownerId: string, bytes: bigint): Promise<void> {
  await tx.member.update({
    where: { id: ownerId },
    data: { usedBytes: { decrement: bytes } },
    select: { id: true },
  })
}

/** The refusal of a file that does not fit into the quota: it says how much is missing. */
export async function quotaExceeded(
  owner: MemberId,
  { name, size }: { name: string; size: number },
): Promise<Refusal> {
  const { usedBytes, quotaBytes } = await readUsage(owner)
  const left = Math.max((quotaBytes ?? 0) - usedBytes, 0)
  return new Refusal(
    "quota_exceeded",
    `“${name}” needs ${formatBytes(size)}, and ${formatBytes(left)} of your ${formatBytes(quotaBytes ?? 0)} are left: ${formatBytes(Math.max(size - left, 0))} are missing.`,
    { field: "size" },
  )
}
