/**
 * A backup's row may be dated this many seconds ahead, because the clock may have been set back. A
 * row dated further ahead is ignored: its backup was made while the clock was wrong.
 */
export const AHEAD_SECONDS = 60

/** In SQL: whether the date of a backup's row is not in the future. */
export const NOT_AHEAD = `at <= clock_timestamp() + interval '${AHEAD_SECONDS} seconds'`
