import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { exactTimeText } from "#lib/adapters/database/time-text.ts"
import { everSharedFiles, sharedFiles } from "#lib/rooms/claims/access/file-joins.ts"

/** The maximum number of files that are read for claims of some of a share's files. */
const FILES_READ = 200_000

/** In SQL: whether an event handed out URLs for a download. */
const TAKES = "kind IN ('claim', 'mint')"

/** In SQL: whether the visitor of an event is counted. */
export const VISITS = "kind IN ('view', 'claim', 'mint', 'preview', 'unlock')"

/**
 * Sums up the latest events of the owner's share: at most `:most`, read once, by their index. It
 * returns no row if the owner has no such share. A visitor's hash changes every day, so its events
 * belong to one visitor on one day. A download of all files counts for the files that were in the
 * share and ready at that time. Times in JSON are UTC with microseconds.
 */
export const readActivity = statement(
  "share_activity",
  {
    owner: "uuid",
    shareId: "uuid",
    most: "int",
    limit: "int",
    /** The position of the last receipt of the previous page. */
    afterAt: "text | null",
    afterId: "uuid | null",
    /** The name of this app's host, which earlier versions stored as a referrer. */
    ownHost: "text",
  },
  `
WITH owned AS (SELECT id FROM share
  WHERE id = :shareId AND owner_id = :owner AND share_kind = 'share'),
recent AS MATERIALIZED (
  SELECT e.* FROM owned CROSS JOIN LATERAL (
    SELECT id, at, link_id, file_id, file_ids, kind, agent, referrer, visitor
    FROM event WHERE event.share_id = owned.id ORDER BY at DESC LIMIT :most
  ) AS e
),
visitors AS MATERIALIZED (
  SELECT visitor, min(at) AS first_at, max(at) AS last_at, max(agent) AS agent,
    max(id::text)::uuid AS event_id, -- distinguishes visitors of the same moment
    max(link_id::text)::uuid AS link_id, max(nullif(referrer, :ownHost)) AS referrer,
    count(*) FILTER (WHERE kind = 'view') AS views,
    bool_or(kind = 'unlock') AS unlocked,
    count(*) FILTER (WHERE kind = 'unlock_failed') AS wrong,
    count(*) FILTER (WHERE kind = 'refused') AS refusals,
    max(at) FILTER (WHERE ${TAKES} AND file_id IS NULL AND file_ids IS NULL) AS all_at
  FROM recent
  WHERE visitor IS NOT NULL AND kind NOT IN ('bot_view', 'thumbnail')
  GROUP BY visitor
  HAVING bool_or(${VISITS})
),
takes AS MATERIALIZED (
  SELECT visitor, file_id, file_ids, max(at) FILTER (WHERE file_id IS NULL AND file_ids IS NULL)
    OVER (PARTITION BY visitor) AS all_at
  FROM recent WHERE ${TAKES}
),
taken AS MATERIALIZED (
  SELECT visitor, file_id, all_at FROM takes WHERE file_ids IS NULL AND file_id IS NOT NULL
  UNION
  SELECT visitor, file_id, all_at FROM (
    SELECT visitor, unnest(file_ids) AS file_id, all_at FROM takes LIMIT ${FILES_READ}
  ) AS chosen
),
present AS MATERIALIZED (
  SELECT f.id, greatest(f.ready_at, sf.added_at) AS ready_at FROM owned ${sharedFiles("owned.id")}
  WHERE f.status = 'ready' AND f.deleted_at IS NULL
),
takers AS (
  SELECT id, sum(takers) AS takers FROM (
    SELECT file_id AS id, count(*) AS takers FROM taken WHERE all_at IS NULL GROUP BY file_id
    UNION ALL
    SELECT file_id, count(*) FROM taken
      JOIN present ON present.id = taken.file_id
    WHERE all_at < present.ready_at GROUP BY file_id
    UNION ALL
    -- Counts the visitors who took all files after the file was ready, in one pass from the latest
    -- to the earliest.
    SELECT id, takers FROM (
      SELECT id, count(all_at) OVER (ORDER BY at DESC, id NULLS FIRST) AS takers FROM (
        SELECT NULL::uuid AS id, all_at AS at, all_at FROM visitors WHERE all_at IS NOT NULL
        UNION ALL SELECT id, ready_at, NULL FROM present
      ) AS mixed
    ) AS ranked WHERE id IS NOT NULL AND takers > 0
  ) AS summed GROUP BY id
),
page AS MATERIALIZED (
  SELECT * FROM visitors
  WHERE :afterAt IS NULL OR (last_at, event_id) < (:afterAt::timestamptz, :afterId)
  ORDER BY last_at DESC, event_id DESC LIMIT :limit
),
named AS MATERIALIZED (
  SELECT visitor, json_agg(file_id) AS files FROM taken
  WHERE visitor IN (SELECT visitor FROM page) GROUP BY visitor
),
gone AS MATERIALIZED (
  SELECT f.id, greatest(f.ready_at, sf.added_at) AS ready_at, least(sf.removed_at, f.deleted_at) AS gone_at
  FROM owned ${everSharedFiles("owned.id")}
  WHERE f.ready_at IS NOT NULL AND (sf.removed_at IS NOT NULL OR f.deleted_at IS NOT NULL)
    AND EXISTS (SELECT FROM page WHERE all_at IS NOT NULL)
),
lost AS MATERIALIZED (
  SELECT visitor, count(*) AS lost FROM page JOIN gone ON all_at >= gone.ready_at AND all_at < gone_at
  WHERE NOT EXISTS (SELECT FROM taken WHERE taken.visitor = page.visitor AND file_id = gone.id)
  GROUP BY visitor
),
looked AS MATERIALIZED (
  SELECT visitor, json_agg(DISTINCT file_id) AS files FROM recent
  WHERE kind = 'preview' AND visitor IN (SELECT visitor FROM page) GROUP BY visitor
),
receipts AS (
  SELECT page.*, link.recipient, NOT unlocked AND NOT open AND opened_at IS NULL AS shut_out, named.files, looked.files AS looked_at, lost.lost
  FROM page LEFT JOIN link ON link.id = page.link_id
    LEFT JOIN named USING (visitor) LEFT JOIN looked USING (visitor) LEFT JOIN lost USING (visitor)
),
bots AS (
  SELECT agent, count(*) AS count, max(at) AS last_at FROM recent WHERE kind = 'bot_view'
  GROUP BY agent ORDER BY count(*) DESC, max(at) DESC LIMIT 10
)
SELECT
  (SELECT count(*) FROM visitors)::int AS visitors,
  (SELECT count(*) = :most FROM recent) AS "isCut",
  (SELECT count(*) FROM recent WHERE kind = 'view')::int AS views,
  (SELECT min(at) FROM recent) AS oldest,
  (SELECT coalesce(json_agg(json_build_array(id, takers)), '[]') FROM takers) AS takers,
  (SELECT coalesce(json_agg(json_build_array(id, ready_at)), '[]') FROM present
    WHERE ready_at > (SELECT min(all_at) FROM page)) AS late,
  (SELECT coalesce(json_agg(json_build_object(
      'id', encode(visitor, 'hex'), 'eventId', event_id, 'place', ${exactTimeText("last_at")}, 'firstAt', ${exactTimeText("first_at")},
      'allAt', all_at, 'views', views, 'agent', agent, 'referrer', referrer, 'recipient', recipient,
      'unlocked', unlocked, 'shutOut', coalesce(shut_out, false), 'wrongPasswords', wrong, 'refusals', refusals,
      'taken', coalesce(files, '[]'), 'takenGone', coalesce(lost, 0), 'lookedAt', coalesce(looked_at, '[]')
    ) ORDER BY last_at DESC, event_id DESC), '[]') FROM receipts) AS receipts,
  (SELECT coalesce(json_agg(json_build_object('agent', agent, 'count', count, 'lastAt', ${exactTimeText("last_at")})
    ORDER BY count DESC, last_at DESC), '[]') FROM bots) AS bots
FROM owned`,
)
