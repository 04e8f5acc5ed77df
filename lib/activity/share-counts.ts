import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { statement } from "#lib/database/statement.ts"
import { noSuchShare, shareIdOrRefuse } from "#lib/shares/require-share.ts"
import { eventParts, isCounted, isKept, SHARE_HOURS } from "./charts/roll-up-shares.ts"
import type { Counts, NamedCounts, ShareCounts } from "./counts.ts"
import { EVENTS_READ } from "./receipt.ts"

const sumOf = (kind: string) => `coalesce(sum(count) FILTER (WHERE kind = '${kind}'), 0)`

/**
 * Reads the counts of the owner's share since an hour, by quarters of hours and by names: from the
 * rolled-up hours, and from the events since then unless there are too many. Each part has a
 * limited number of names; the rest is in one row.
 */
const readCounts = statement(
  "share_counts",
  { owner: "uuid", shareId: "uuid", since: "timestamptz", names: "int", most: "int" },
  `
WITH owned AS (SELECT id FROM share WHERE id = :shareId AND owner_id = :owner),
rolled AS (SELECT coalesce((SELECT until FROM rollup WHERE name = '${SHARE_HOURS}'), '-infinity') AS until),
recent AS MATERIALIZED (
  SELECT e.* FROM owned CROSS JOIN rolled CROSS JOIN LATERAL (
    SELECT share_id, link_id, file_id, file_ids, at, kind FROM event
    WHERE event.share_id = owned.id AND at >= rolled.until AND at >= :since LIMIT :most + 1
  ) AS e
),
tail AS MATERIALIZED (SELECT count(*) <= :most AS fits FROM recent),
parts AS (
  SELECT hour AS at, part, name, kind, count::float8 FROM share_hour JOIN owned ON owned.id = share_hour.share_id
    CROSS JOIN LATERAL unnest(parts, names, kinds, counts) AS was (part, name, kind, count)
  WHERE hour >= :since AND ${isCounted}
  UNION ALL
  SELECT date_trunc('hour', at, 'UTC'), part, name, kind, 1::float8
  FROM (${eventParts("(SELECT * FROM recent WHERE (SELECT fits FROM tail))")}) AS since WHERE ${isKept}
),
quarters AS (
  SELECT at + make_interval(mins => 15 * name::int) AS at,
    ${sumOf("view")} AS views, ${sumOf("claim")} AS claims, ${sumOf("mint")} AS mints, ${sumOf("preview")} AS previews
  FROM parts WHERE part = 'quarter' GROUP BY 1
),
named AS (
  SELECT part, name, row_number() OVER (PARTITION BY part ORDER BY name = '', sum(count) DESC, name) AS place,
    ${sumOf("view")} AS views, ${sumOf("claim")} AS claims, ${sumOf("mint")} AS mints, ${sumOf("preview")} AS previews
  FROM parts WHERE part <> 'quarter' GROUP BY part, name
),
listed AS (
  SELECT part, CASE WHEN place <= :names THEN name ELSE '' END AS name, min(place) AS place,
    sum(views) AS views, sum(claims) AS claims, sum(mints) AS mints, sum(previews) AS previews
  FROM named GROUP BY 1, 2
)
SELECT (SELECT until FROM rolled WHERE NOT (SELECT fits FROM tail)) AS until,
  (SELECT coalesce(json_agg(json_build_object('at', extract(epoch FROM at) * 1000,
      'views', views, 'claims', claims, 'mints', mints, 'previews', previews)
    ORDER BY at), '[]') FROM quarters WHERE views + claims + mints + previews > 0) AS quarters,
  (SELECT coalesce(json_agg(json_build_object('part', part, 'id', listed.name, 'name', coalesce(f.name, l.recipient),
      'views', views, 'claims', claims, 'mints', mints, 'previews', previews)
    ORDER BY part, place), '[]')
   FROM listed
     LEFT JOIN LATERAL (SELECT name FROM file WHERE id =
       CASE WHEN part = 'file' AND listed.name LIKE '%-%' THEN listed.name::uuid END OFFSET 0) AS f ON true
     LEFT JOIN LATERAL (SELECT recipient FROM link WHERE id =
       CASE WHEN part = 'link' AND listed.name <> '' THEN listed.name::uuid END OFFSET 0) AS l ON true
  ) AS named
FROM owned`,
)

type Row = {
  until: Date | null
  quarters: (Counts & { at: number })[]
  named: (NamedCounts & { part: "file" | "link" })[]
}

type Asked = {
  /** The start of a UTC hour. */
  since: Date
  /** The maximum number of names of each part; the other names are summed up in one row. */
  names: number
  /** The maximum number of events to read that are not rolled up yet. */
  most?: number
}

/** Returns the counts of the owner's share since a time, for its charts. Refuses `not_found`. */
export async function shareCounts(
  owner: MemberId,
  shareId: string,
  { since, names, most = EVENTS_READ }: Asked,
): Promise<ShareCounts> {
  const id = shareIdOrRefuse(shareId)
  const [row] = await readCounts<Row>({ owner, shareId: id, since, names, most })
  if (!row) throw noSuchShare()
  const of = (part: Row["named"][number]["part"]) =>
    row.named.filter((each) => each.part === part).map(({ part: _, ...each }) => each)
  return {
    quarters: row.quarters,
    files: of("file"),
    recipients: of("link"),
    // "-infinity" means that nothing is rolled up yet; pg has no Date for it.
    until: row.until === null ? null : row.until instanceof Date ? row.until : since,
  }
}
