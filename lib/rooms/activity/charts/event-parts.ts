import "server-only"

// How events are counted by part: for the job that counts them by hour, and for reading those that
// it has not counted yet.

/**
 * The name under which a claim of all files is counted. The files that the share had at that time
 * are looked up when the counts are read, so that a claim of 10,000 files is one count.
 */
export const allFilesAt = (time: string) =>
  `'all@' || (extract(epoch FROM ${time}) * 1000000)::bigint::text`

/** Whether a name counts claims of all files. Earlier versions wrote "all" without a time. */
export const isAllFiles = (name: string) => `${name} LIKE 'all%'`

/** The time in such a name; without one, the end of its hour. */
export const timeOfAllFiles = (name: string, hour: string) => `CASE
  WHEN ${name} = 'all' THEN ${hour} + interval '1 hour' - interval '1 microsecond'
  ELSE 'epoch'::timestamptz + substr(${name}, 5)::float8 * interval '1 microsecond' END`

/** The parts of an event. A claim of several files counts for each of them. */
const PARTS = `(
  SELECT 'quarter'::activity_part AS part, (extract(minute FROM at)::int / 15)::text AS name
  UNION ALL
  SELECT 'link', link_id::text WHERE kind IN ('view', 'claim', 'preview')
  UNION ALL
  SELECT 'file', file_id::text WHERE kind IN ('claim', 'mint', 'preview')
  UNION ALL
  SELECT 'file', unnest(file_ids)::text WHERE kind IN ('claim', 'mint')
  UNION ALL
  SELECT 'file', ${allFilesAt("at")} WHERE kind IN ('claim', 'mint') AND file_id IS NULL AND file_ids IS NULL
) AS counted`

/**
 * Returns the parts of rows of `event`, with the columns share_id, at, part, name and kind. Leaves
 * out thumbnails, repeated previews, and claims without URLs, which are not downloads.
 */
export const eventParts = (events: string) => `
  SELECT share_id, at, part, name, kind
  FROM ${events} AS event CROSS JOIN LATERAL ${PARTS}
  WHERE kind <> 'thumbnail' AND NOT again AND file_ids IS DISTINCT FROM '{}' AND name IS NOT NULL`

/** SQL: whether a part of an event is kept: links count only if they have a recipient. */
export const isKept = `(part <> 'link' OR (
  -- It is not written with EXISTS, because then the planner may read the whole table once.
  SELECT count(*) > 0 FROM link WHERE link.id = CASE WHEN part = 'link' THEN name::uuid END AND recipient IS NOT NULL))`

/** SQL: whether a rolled-up part is still used; earlier versions counted more. */
export const isCounted = `part IN ('quarter', 'file', 'link')`
