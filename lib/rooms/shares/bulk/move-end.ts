import "server-only"
import type { Sql, Tx } from "#lib/adapters/database.ts"
import type { Opening } from "#lib/rooms/shares/edit/allowed-conditions.ts"

type Moved = Opening & { id: string; title: string; expiresBefore: Date | null; now: Date }

/** Sets another end for the shares that `lockedShares` selects, and returns the changed shares. */
export const moveEnd = (tx: Tx, chosen: Sql, to: string): Promise<Moved[]> => tx.$queryRaw`
  WITH chosen AS (${chosen}),
  before AS (SELECT id AS before_id, expires_at FROM share, chosen WHERE id = locked_id)
  UPDATE share SET expires_at = ${to}::timestamptz
  FROM before WHERE id = before_id
  RETURNING id::text, title, before.expires_at AS "expiresBefore", starts_at AS "startsAt",
    share.expires_at AS "expiresAt", password_hash AS "passwordHash",
    max_downloads AS "maxDownloads", clock_timestamp() AS now`
