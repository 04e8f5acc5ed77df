/** In SQL: a time as ISO 8601 UTC text, with the milliseconds of a Date. */
export const timeText = (time: string): string =>
  `to_char((${time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** In SQL: a time as ISO 8601 UTC text with its microseconds, which a Date would drop. */
export const exactTimeText = (time: string): string =>
  `to_char((${time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
