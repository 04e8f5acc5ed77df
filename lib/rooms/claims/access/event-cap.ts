import "server-only"
import { countInWindow } from "#lib/adapters/throttle/count-in-window.ts"

/**
 * How many events of one kind are written for a link in a minute. Applies to events that a stranger
 * can cause at no cost: a machine's fetch, a refused click or a wrong password. More events are
 * only counted, so that a flood cannot fill the disk.
 */
export const EVENTS_PER_MINUTE = 60

/**
 * Reserves events of a kind for rows of (link_id, asked). Each link has one row that counts the
 * events of its minute, which is no longer written once the limit is reached. Returns link_id and
 * how many of the requested events exceed the limit; no row if all of them do.
 */
export const reserveEvents = (kind: "bot_view" | "refused" | "unlock_failed", rows: string) => `
  ${countInWindow(
    `SELECT '${kind}', link_id::text, '', asked,
    date_trunc('minute', statement_timestamp()) + interval '1 minute'
  FROM ${rows}
  -- It is not written with NOT EXISTS, because then the planner may read the whole table once.
  WHERE (SELECT count(*) FROM attempt known WHERE known.purpose = '${kind}'
    AND known.subject = link_id::text AND known.address = ''
    AND known.window_end_at > statement_timestamp() AND known.attempts >= ${EVENTS_PER_MINUTE}) = 0
  ORDER BY link_id`,
    `a.attempts < ${EVENTS_PER_MINUTE}`,
  )}
  RETURNING subject::uuid AS link_id, greatest(0, attempts - ${EVENTS_PER_MINUTE}) AS beyond`
