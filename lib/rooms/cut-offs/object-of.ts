import "server-only"

/**
 * In SQL: the key of the current object of a file f. A row, such as one of cut_off_file, has the
 * kind of object.
 */
export const keyNow = (row: string) =>
  `CASE ${row}.kind WHEN 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END`

/** In SQL: the key of the current object of a file f, of the kind in a row c. */
export const KEY_NOW = keyNow("c")
