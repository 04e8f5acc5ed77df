import "server-only"

/** SQL: the key of the object of this kind, of a row, that a file f has now. */
export const keyNow = (row: string) =>
  `CASE ${row}.kind WHEN 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END`

/** In SQL: the key of the current object of a file f, of the kind in a row c. */
export const KEY_NOW = keyNow("c")
