import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { ScanPlace } from "./queue-scan.ts"

/** A file whose scan begins. */
export type TakenFile = {
  id: string
  /** When it was taken, with microseconds. */
  takenAt: string
  /** The number of its scans that were not answered in time or whose process died, and this one. */
  tries: number
}

/** The number of recent scans that decide whose turn it is. */
const REMEMBERED = 500
/** How long a file stays taken without `keepFile`, such as when its process died. */
const KEPT_SECONDS = 30
/** After this long, a scan leaves the other place to other senders. */
const SLOW_SECONDS = 10

/**
 * Takes the next unchecked file: of the owner, and among their senders of the network, whose last
 * turn is the longest ago. Files that were tried before are taken in the first place alone. A file
 * whose scan had no result is due after half a minute, later after up to five minutes. Returns null
 * if none is due.
 */
export async function takeFile(place: ScanPlace): Promise<TakenFile | null> {
  const [taken] = await db.$queryRaw<TakenFile[]>`
    WITH turn AS (
      SELECT last.owner_id, coalesce(network, '') AS network, scan_taken_at AS at,
        status = 'checking' AND deleted_at IS NULL AND scan_until > clock_timestamp()
          AND scan_taken_at < clock_timestamp() - make_interval(secs => ${SLOW_SECONDS}) AS is_slow
      FROM (
        SELECT * FROM file WHERE scan_taken_at IS NOT NULL ORDER BY scan_taken_at DESC LIMIT ${REMEMBERED}
      ) AS last LEFT JOIN delivery ON delivery.id = last.delivery_id
    ), owner AS (
      SELECT owner_id, max(at) AS at FROM turn GROUP BY owner_id
    ), sender AS (
      SELECT owner_id, network, max(at) AS at, bool_or(is_slow) AS is_slow
      FROM turn GROUP BY owner_id, network
    )
    UPDATE file SET scan_taken_at = clock_timestamp(), scan_tries = scan_tries + 1,
      scan_until = clock_timestamp() + make_interval(secs => ${KEPT_SECONDS})
    WHERE id = (
      SELECT file.id FROM file
        LEFT JOIN delivery ON delivery.id = file.delivery_id
        LEFT JOIN owner ON owner.owner_id = file.owner_id
        LEFT JOIN sender ON sender.owner_id = file.owner_id
          AND sender.network = coalesce(delivery.network, '')
      WHERE unchecked_since IS NOT NULL AND status = 'checking' AND deleted_at IS NULL
        AND (${place !== 1} OR scan_tries = 0) AND sender.is_slow IS NOT TRUE
        AND (scan_until IS NULL OR clock_timestamp() > scan_until
          + CASE WHEN scan_problem IS NULL THEN interval '0' ELSE least(interval '5 minutes',
            greatest(interval '30 seconds', (scan_until - unchecked_since) / 4)) END)
      ORDER BY owner.at NULLS FIRST, sender.at NULLS FIRST,
        coalesce(scan_until, unchecked_since), file.id
      LIMIT 1 FOR UPDATE OF file SKIP LOCKED
    )
    RETURNING id, scan_taken_at::text AS "takenAt", scan_tries AS tries`
  return taken ?? null
}

/** Keeps a file that is scanned from being taken again. Returns whether it is still to be scanned. */
export async function keepFile({ id, takenAt }: TakenFile): Promise<boolean> {
  const kept = await db.$executeRaw`
    UPDATE file SET scan_until = clock_timestamp() + make_interval(secs => ${KEPT_SECONDS})
    WHERE id = ${id}::uuid AND scan_taken_at = ${takenAt}::timestamptz
      AND status = 'checking' AND deleted_at IS NULL`
  return kept > 0
}
