import "server-only"

/**
 * Returns the SQL that counts attempts in fixed windows. `rows` selects purpose, subject, address,
 * count and end of window, grouped and ordered by the first three. `condition` limits counting in a
 * window that has not ended.
 */
export const countInWindow = (rows: string, condition?: string) => `
  INSERT INTO attempt AS a (purpose, subject, address, attempts, window_end_at)
  ${rows}
  ON CONFLICT (purpose, subject, address) DO UPDATE SET
    attempts = CASE WHEN a.window_end_at > statement_timestamp() THEN a.attempts ELSE 0 END
      + excluded.attempts,
    window_end_at = CASE WHEN a.window_end_at > statement_timestamp()
      THEN a.window_end_at ELSE excluded.window_end_at END
  ${condition === undefined ? "" : `WHERE a.window_end_at <= statement_timestamp() OR ${condition}`}`

/** In SQL: the seconds until a row's window ends, at least 1. */
export const secondsLeft = (windowEnd: string) =>
  `greatest(1, ceil(extract(epoch FROM ${windowEnd} - statement_timestamp())))::int`
