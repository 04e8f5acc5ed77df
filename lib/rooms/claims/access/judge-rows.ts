import "server-only"
import {
  conditionsOf,
  FILE_REFUSALS,
  fileRefusal,
  holds,
  isLimited,
  isUnlocked,
  LINK_CONDITIONS,
  refusalOf,
  SHARE_CONDITIONS,
  shareConditionsOf,
  takesOf,
  type Verb,
} from "./access.ts"
import { LINK, liveObject, sharedFile, sharedFiles } from "./file-joins.ts"
import { inputRows, namesOf } from "./input-rows.ts"

// The queries with which the statements of this room begin. They look up the request rows and apply
// the rule. The last one, `judged`, has a row for each request whose link is known, with the
// conditions of its share, the columns that signing needs, and `refusal`: the first reason to
// refuse it, or null.

/** For files "many": pairs of a request row and a file that it requests. */
export const WANTS = { click: "int[]", fileId: "uuid[]" } as const

/** In SQL: the columns to sign a URL for file f and object o, or for the thumbnail of the file. */
const fileColumns = (verb: Verb, row: string) => {
  const isThumbnail = `${takesOf(verb, row)} = 'thumbnail'`
  return `f.name, CASE WHEN ${isThumbnail} THEN o.content_type ELSE f.content_type END AS content_type,
    CASE WHEN ${isThumbnail} THEN o.size ELSE f.size END AS size, o.key, o.colour,
    ${fileRefusal(verb, row)} AS file_refusal`
}
const FILE_NAMES = ["name", "content_type", "size", "key", "colour", "file_refusal"]

const keyOf = (verb: Verb, row: string) =>
  `CASE WHEN ${takesOf(verb, row)} = 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END`

/** Each request row with its link l, its share s and, if it names one, its file. */
const linked = (name: string, { link = LINK, ...verb }: Verb) => `${name} AS (
  SELECT a.*, named.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT l.id AS link_id, ${SHARE_CONDITIONS}, ${LINK_CONDITIONS},
      -- Read only if a limit may need it.
      CASE WHEN s.max_downloads IS NOT NULL OR l.max_downloads IS NOT NULL OR NOT s.minted THEN (SELECT coalesce(sum(c.downloads), 0)
        FROM share_counter c WHERE c.share_id = s.id) END AS sharded
      ${verb.files === "one" ? `, ${fileColumns(verb, "a")}` : ""}
      ${verb.more ? `, ${verb.more.columns}` : ""}
    FROM ${link.from}
      ${verb.files === "one" ? `${sharedFile("s.id", "a.file_id")} ${liveObject(keyOf(verb, "a"))}` : ""}
      ${verb.more?.joins ?? ""}
    WHERE ${link.where}
    OFFSET 0 -- each row looks up its own, whatever the planner thinks of the tables' sizes
  ) AS named
)`

/** The requested files, and each row with the reason why it cannot have one of them. */
const withFiles = (verb: Verb) => {
  const columns = `f.path, f.sha256, f.sha256_verified, sf.position, ${fileColumns(verb, "linked")}`
  const key = liveObject(keyOf(verb, "linked"))
  return `
${linked("linked", verb)},
${inputRows("wants", WANTS)},
wanted AS MATERIALIZED (
  SELECT linked.place, false AS every, wants.file_id, ${columns}
  FROM linked JOIN wants ON wants.click = linked.place ${sharedFile("linked.share_id", "wants.file_id")} ${key}
  UNION ALL
  SELECT linked.place, true, f.id, ${columns}
  FROM linked ${sharedFiles("linked.share_id")} ${key}
  WHERE linked.every AND f.deleted_at IS NULL
),
found AS (
  SELECT linked.*, files.ready, files.file_ids,
    CASE WHEN linked.every THEN CASE WHEN files.ready > 0 THEN NULL ELSE 'empty' END
      ELSE (${FILE_REFUSALS})[files.first_refusal] END AS file_refusal
  FROM linked LEFT JOIN (
    SELECT place, count(*) FILTER (WHERE file_refusal IS NULL) AS ready,
      array_agg(file_id) FILTER (WHERE NOT every) AS file_ids,
      min(array_position(${FILE_REFUSALS}, file_refusal)) AS first_refusal
    FROM wanted GROUP BY place
  ) AS files USING (place)
)`
}

const found = (verb: Verb) => `${inputRows("asked", verb.asked)},
${verb.files === "many" ? withFiles(verb) : linked("found", verb)}`

/** SQL that judges rows by the snapshot. Its columns include `holds` (a ticket) and `unlocked`. */
export function judgeRows(verb: Verb) {
  const row = { asked: "found", share: "found" }
  return `${found(verb)},
judged AS MATERIALIZED (
  SELECT found.*, ${holds(verb, row)} AS holds, ${isUnlocked(verb, row)} AS unlocked,
    ${refusalOf(verb, row)} AS refusal
  FROM found
)`
}

type Locking = {
  /** SQL: whether to lock the rows of share and link, for a row that the snapshot does not refuse. */
  locks: (row: string) => string
  /** SKIP LOCKED does not wait for rows that another statement has locked. */
  waiting: "" | "SKIP LOCKED"
  /** False if the statement itself counts the claims against the limit, from the locked row. */
  limit?: false
  /** Also locks the links of recipients, in which the statement counts, in the same order. */
  recipients?: true
}

/** In SQL: whether a claim or a mint has to lock: it counts against a limit, or is the first. */
export const mustLock = (row: string) => `(${isLimited(row)} OR NOT ${row}.minted)`

/**
 * SQL of a condition that is true, and is not computed before the query `locking` has locked all of
 * its links. Counters and attempts come after links, so that no two statements deadlock.
 */
export const linksFirst = (locking: string) => `(SELECT count(*) FROM ${locking}) >= 0`

/**
 * Applies the rule by the snapshot. For rows that are not refused and match `locks`, it then locks
 * the rows of their shares, and then of all links, once each and in the order of their ids. The
 * locked rows decide: after a wait they are the newest versions, so a change that closes the share
 * or the link either comes first or waits. `busy` means that the row must be requested again,
 * because a row is locked or the link may have changed since the snapshot.
 */
export function judgeRowsUnderLock(verb: Verb, { locks, waiting, limit, recipients }: Locking) {
  const names = [
    ...namesOf(verb.asked),
    ...["place", "link_id", "sharded"],
    ...(verb.files === "many" ? ["ready", "file_ids", "file_refusal"] : FILE_NAMES),
  ]
  const own = names.map((name) => `seen.${name}`).join(", ")
  const underLock = limit === false ? { ...verb, limit } : verb
  const isCounted = recipients ? `NOT (${locks("seen")}) AND NOT seen.open` : "false"
  return `${found(verb)},
seen AS MATERIALIZED (
  SELECT found.*, ${refusalOf(verb, { asked: "found", share: "found" })} AS refusal FROM found
),
shares AS MATERIALIZED (
  SELECT ${SHARE_CONDITIONS}
  FROM (
    SELECT DISTINCT share_id FROM seen WHERE refusal IS NULL AND (${locks("seen")})
    ORDER BY share_id OFFSET 0
  ) AS each
  CROSS JOIN LATERAL (
    SELECT * FROM share WHERE share.id = each.share_id OFFSET 0 FOR NO KEY UPDATE ${waiting}
  ) AS s
),
locked AS MATERIALIZED (
  SELECT l.id AS link_id, ${shareConditionsOf("each")}, ${LINK_CONDITIONS}
  FROM (
    SELECT DISTINCT ON (link_id) link_id, shares.*
    FROM seen LEFT JOIN shares ON shares.share_id = seen.share_id
    WHERE refusal IS NULL
      AND ((${locks("seen")}) AND shares.share_id IS NOT NULL OR ${isCounted})
    ORDER BY link_id OFFSET 0
  ) AS each
  CROSS JOIN LATERAL (
    SELECT * FROM link WHERE link.id = each.link_id OFFSET 0 FOR NO KEY UPDATE ${waiting}
  ) AS l
),
judged AS MATERIALIZED (
  SELECT ${own}, ${conditionsOf("seen")},
    CASE WHEN seen.refusal IS NULL AND ${isCounted}
      AND NOT EXISTS (SELECT FROM locked WHERE locked.link_id = seen.link_id) THEN 'busy'
      ELSE seen.refusal END
  FROM seen WHERE refusal IS NOT NULL OR NOT (${locks("seen")})
  UNION ALL
  SELECT ${own}, ${conditionsOf("locked")},
    CASE WHEN locked.link_id IS NULL OR locked.ticket_epoch <> seen.ticket_epoch
      OR locked.link_version <> seen.link_version THEN 'busy'
      ELSE ${refusalOf(underLock, { asked: "seen", share: "locked" })} END
  FROM seen LEFT JOIN locked ON locked.link_id = seen.link_id
  WHERE seen.refusal IS NULL AND (${locks("seen")})
)`
}
