import "server-only"

/**
 * In SQL: the key of the object of this kind that a file f has now. The kind comes from a row, such
 * as one of cut_off_file.
 */
export const keyNow = (row: string) =>
  `CASE ${row}.kind WHEN 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END`

/** In SQL: the key of the object that a file f has now, of the kind of a row c. */
export const KEY_NOW = keyNow("c")
