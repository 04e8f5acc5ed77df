import "server-only"

/** In SQL: the key of the object that a row c of cut_off_file is about, now, of its file f. */
export const KEY_NOW = "CASE c.kind WHEN 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END"
