import "server-only"

/**
 * In SQL: the key of the object of this kind that a file f has now. The kind is that of a row, such
 * as one of cut_off_file.
 */
export const keyNow = (row: string) =>
  `CASE ${row}.kind WHEN 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END`

/** The same for a row c. */
export const KEY_NOW = keyNow("c")
