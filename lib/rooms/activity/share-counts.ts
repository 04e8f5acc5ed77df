import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { everSharedFiles } from "#lib/rooms/claims/access/file-joins.ts"
import { noSuchShare, shareIdOrRefuse } from "#lib/rooms/shares/require-share.ts"
import { eventParts, isAllFiles, isCounted, isKept, timeOfAllFiles } from "./charts/event-parts.ts"
import { SHARE_HOURS } from "./charts/roll-up-shares.ts"
import type { Counts, NamedCounts, ShareCounts } from "./counts.ts"
import { EVENTS_READ } from "./receipt.ts"

const sumOf = (kind: string) => `coalesce(sum(count) FILTER (WHERE kind = '${kind}'), 0)`
const KINDS = ["view", "claim", "mint", "preview"] as const
const sums = KINDS.map((kind) => `${sumOf(kind)} AS ${kind}s`).join(", ")

/**
 * Reads the counts of the owner's share since an hour, by quarter of an hour and by name: the
 * rolled-up hours, and the events since then unless there are too many. Each part has a limited
 * number of names; the rest is in one row. A claim of all files counts for each file that the share
 * had then: one pass over all times subtracts the claims before the file was ready from those
 * before it was gone.
 */
const readCounts = statement(
  "share_counts",
  { owner: "uuid", shareId: "uuid", since: "timestamptz", names: "int", most: "int" },
  `
WITH owned AS (SELECT id, view_only, other_claims FROM share
  WHERE id = :shareId AND owner_id = :owner AND share_kind = 'share'),
rolled AS (SELECT coalesce((SELECT until FROM rollup WHERE name = '${SHARE_HOURS}'), '-infinity') AS until),
recent AS MATERIALIZED (
  SELECT e.* FROM owned CROSS JOIN rolled CROSS JOIN LATERAL (
    SELECT share_id, link_id, file_id, file_ids, at, kind, again FROM event
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
  SELECT at + make_interval(mins => 15 * name::int) AS at, ${sums}
  FROM parts WHERE part = 'quarter' GROUP BY 1
),
all_files AS MATERIALIZED (
  SELECT ${timeOfAllFiles("name", "at")} AS at, ${sums}
  FROM parts WHERE part = 'file' AND ${isAllFiles("name")} GROUP BY 1
),
held AS MATERIALIZED (
  SELECT f.id, greatest(f.ready_at, sf.added_at) AS ready_at, least(sf.removed_at, f.deleted_at) AS gone_at
  FROM owned ${everSharedFiles("owned.id")}
  WHERE f.ready_at IS NOT NULL AND EXISTS (SELECT FROM all_files)
),
with_all AS (
  SELECT id, sum(sign * claims) AS claims, sum(sign * mints) AS mints
  FROM (
    SELECT id, sign, sum(claims) OVER earlier AS claims, sum(mints) OVER earlier AS mints
    FROM (
      SELECT NULL::uuid AS id, at, 0 AS sign, claims, mints FROM all_files
      UNION ALL SELECT id, ready_at, -1, 0, 0 FROM held
      UNION ALL SELECT id, coalesce(gone_at, 'infinity'), 1, 0, 0 FROM held
    ) AS mixed
    -- A file that was ready at the very time of a claim was among its files.
    WINDOW earlier AS (ORDER BY at, sign = 0)
  ) AS summed
  WHERE sign <> 0 GROUP BY id
),
named AS (
  SELECT part, name, sum(views) AS views, sum(claims) AS claims, sum(mints) AS mints, sum(previews) AS previews,
    row_number() OVER (PARTITION BY part
      ORDER BY name = '', sum(views + claims + mints + previews) DESC, name) AS place
  FROM (
    SELECT part, name, ${sums} FROM parts
    WHERE part <> 'quarter' AND NOT (part = 'file' AND ${isAllFiles("name")}) GROUP BY part, name
    UNION ALL
    SELECT 'file', id::text, 0, claims, mints, 0 FROM with_all WHERE claims + mints > 0
  ) AS counted
  GROUP BY part, name
),
listed AS (
  SELECT part, CASE WHEN place <= :names THEN name ELSE '' END AS name, min(place) AS place,
    sum(views) AS views, sum(claims) AS claims, sum(mints) AS mints, sum(previews) AS previews
  FROM named GROUP BY 1, 2
)
SELECT view_only AS "viewOnly", other_claims AS "otherClaims",
  (SELECT until FROM rolled WHERE NOT (SELECT fits FROM tail)) AS until,
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
  viewOnly: boolean
  otherClaims: number
  until: Date | null
  quarters: (Counts & { at: number })[]
  named: (NamedCounts & { part: "file" | "link" })[]
}

type Asked = {
  /** The start of a UTC hour. */
  since: Date
  /** The maximum number of names in each part. The other names are summed in one row. */
  names: number
  /** The maximum number of events to read that are not rolled up yet. */
  most?: number
}

/** Returns the counts of the owner's share since a time, for its charts. Refuses `not_found`. */
export async function shareCounts(
  owner: OwnerId,
  shareId: string,
  { since, names, most = EVENTS_READ }: Asked,
): Promise<ShareCounts> {
  const id = shareIdOrRefuse(shareId)
  const [row] = await readCounts<Row>({ owner, shareId: id, since, names, most })
  if (!row) throw noSuchShare()
  const of = (part: Row["named"][number]["part"]) =>
    row.named.filter((each) => each.part === part).map(({ part: _, ...each }) => each)
  return {
    shown: shownOf(row),
    quarters: row.quarters,
    files: of("file"),
    recipients: of("link"),
    // "-infinity" means that nothing is rolled up yet; pg has no Date for it.
    until: row.until === null ? null : row.until instanceof Date ? row.until : since,
  }
}

function shownOf({ viewOnly, otherClaims }: Row): ShareCounts["shown"] {
  if (!viewOnly) return ["downloads"]
  return otherClaims > 0 ? ["previews", "downloads"] : ["previews"]
}
