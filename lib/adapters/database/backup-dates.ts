/**
 * By how many seconds the date of a backup's row may lie ahead: the clock may have been set back a
 * little since. A date further ahead is of a backup that was made while the clock was wrong, and
 * says nothing about today.
 */
export const AHEAD_SECONDS = 60

/** In SQL: whether the date of a backup's row does not lie ahead. */
export const NOT_AHEAD = `at <= clock_timestamp() + interval '${AHEAD_SECONDS} seconds'`
