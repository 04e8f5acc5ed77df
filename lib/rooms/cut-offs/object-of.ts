import "server-only"

/** In SQL: the key of the current object of a file f, of the kind in this row. */
export const keyNow = (row: string) =>
  `CASE ${row}.kind WHEN 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END`

/** `keyNow` for a row c. */
export const KEY_NOW = keyNow("c")
