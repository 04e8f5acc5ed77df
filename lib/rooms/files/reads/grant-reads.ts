import "server-only"
import { db, noSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { credentialsExpireAt } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { countInWindow } from "#lib/adapters/throttle/count-in-window.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { auditEntriesOf } from "#lib/rooms/audit/record-audit.ts"
import type { ObjectKind } from "#lib/rooms/files/file.ts"

/** A file of which its owner may get a URL. */
export type ReadFile = {
  id: string
  name: string
  path: string
  size: bigint
  contentType: string
  sha256: string | null
  sha256Verified: boolean
  key: string
  colour: string | null
}

type Row = ReadFile & { now: Date }

type Asked = {
  /** The object that is read: by default the file's bytes. */
  kind?: ObjectKind
  /** SQL: a condition on the row file. */
  which: Sql
  /** How long a URL works at most. */
  seconds: number
  /** The entries of the audit log: one for each download, one per hour for each file that is opened. */
  recorded?: {
    action: "file.download" | "file.view"
    /** The ids of as many entries as there may be files. */
    entryIds: string[]
  }
}

/**
 * Grants URLs of the owner's files that are ready, for at most this time, and returns them by their
 * folders and names. The statement that grants records it, so that a cut off finds and ends each
 * URL. Refuses (unavailable) while the store's credentials end.
 */
export async function grantReads(
  owner: OwnerId,
  { kind = "file", which, seconds, recorded }: Asked,
) {
  const credentialsEnd = await credentialsExpireAt()
  const rows = await db.$queryRaw<Row[]>`
    WITH held AS MATERIALIZED (
      SELECT object.key, file.id, file.owner_id, file.name, file.path, file.size, file.sha256, file.sha256_verified,
        coalesce(object.content_type, file.content_type) AS content_type
      FROM file JOIN object ON object.key = ${OBJECT_KEY[kind]}
      WHERE file.owner_id = ${owner}::uuid AND file.deleted_at IS NULL AND file.status = 'ready'
        AND object.state = 'live' AND ${which}
      ORDER BY object.key
      FOR NO KEY UPDATE OF object
    ), granted AS (
      UPDATE object SET read_until = greatest(read_until,
        statement_timestamp() + make_interval(secs => ${seconds + 1}::int))
      FROM held WHERE object.key = held.key AND object.state = 'live'
      RETURNING held.*, object.colour
    ), listed AS MATERIALIZED (
      SELECT *, row_number() OVER (ORDER BY path, name, id) AS n FROM granted
    )${recorded ? RECORD[recorded.action](owner, recorded.entryIds) : noSql}
    SELECT id, name, path, size, content_type AS "contentType", sha256,
      sha256_verified AS "sha256Verified", key, colour, statement_timestamp() AS now
    FROM listed ORDER BY n`
  const now = rows[0]?.now ?? new Date()
  const signedAt = new Date(Math.floor(Number(now) / 1_000) * 1_000)
  const secondsLeft = credentialsEnd
    ? (Number(credentialsEnd) - Number(signedAt)) / 1_000 - 5
    : seconds
  const expiresInSeconds = Math.floor(Math.min(seconds, secondsLeft))
  if (expiresInSeconds < 1) throw refusal("unavailable", "storage")
  const files: ReadFile[] = rows.map(({ now: _now, ...file }) => file)
  const expiresAt = new Date(Number(signedAt) + expiresInSeconds * 1_000).toISOString()
  return { files, lifetime: { signedAt, expiresInSeconds }, expiresAt }
}

const OBJECT_KEY: Record<ObjectKind, Sql> = {
  file: sql`file.object_key`,
  thumbnail: sql`file.thumbnail_key`,
}

const LOOK_SECONDS = 3_600

/** Writes the entries of the rows of `changed`, which are numbered from 1. */
const recordRows = (action: string, actorId: OwnerId, ids: string[], changed: Sql) => sql`
  recorded AS (${auditEntriesOf({
    actorId,
    action,
    ids,
    changed,
    targetId: sql`id`,
    details: sql`jsonb_build_object('name', name, 'size', size)`,
  })})`

const RECORD = {
  "file.download": (owner: OwnerId, ids: string[]) =>
    sql`, ${recordRows("file.download", owner, ids, sql`listed`)}`,
  // A viewer gets a new URL whenever one has expired: only the first of an hour is recorded.
  "file.view": (owner: OwnerId, ids: string[]) => sql`, looked AS (${rawSql(
    countInWindow(`SELECT 'viewed', owner_id::text, id::text, 1,
      statement_timestamp() + make_interval(secs => ${LOOK_SECONDS})
    FROM listed ORDER BY id`),
  )} RETURNING address, attempts), fresh AS (
    SELECT listed.id, name, size, row_number() OVER (ORDER BY n) AS n
    FROM listed JOIN looked ON address = listed.id::text AND attempts = 1
  ), ${recordRows("file.view", owner, ids, sql`fresh`)}`,
}
