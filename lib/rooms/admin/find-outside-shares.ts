import "server-only"
import { z } from "zod"
import { joinSql, longDb, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { DEFAULTS, readSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { isUnended } from "#lib/rooms/shares/share-sql.ts"

export const REASONS = ["tooLong", "noPassword", "noLimit", "tooLarge", "type"] as const
/** Why the settings would not allow a share today. */
export type OutsideReason = (typeof REASONS)[number]

export const OutsideShare = z.strictObject({
  id: z.uuid(),
  title: z.string(),
  owner: z.string(),
  /** Null if it never ends. */
  expiresAt: z.iso.datetime().nullable(),
  reasons: z.array(z.enum(REASONS)),
})
export type OutsideShare = z.infer<typeof OutsideShare>

export const OutsideShares = z.strictObject({
  /** The number of open and scheduled shares that the settings would not allow today. */
  count: z.int(),
  /** The number of shares for each reason; a share may have several reasons. */
  reasons: z.record(z.enum(REASONS), z.int()),
  /** The shares that stay open longest. */
  first: z.array(OutsideShare),
})
export type OutsideShares = z.infer<typeof OutsideShares>

const SHOWN = 20
const UNENDED = rawSql(isUnended("share"))

/**
 * Finds the open and scheduled shares that the current settings would not allow today. It reads all
 * open shares, and their files if a setting concerns files.
 */
export async function findOutsideShares(_admin: AdminId): Promise<OutsideShares> {
  const conditions = outsideConditions(await readSettings())
  const [row] = await longDb.$queryRaw<(Record<OutsideReason, number> & Found)[]>`
    WITH outside AS MATERIALIZED (
      SELECT * FROM (
        SELECT id, title, owner_id, expires_at, ${columns(conditions)} FROM share
        WHERE share_kind = 'share' AND ${UNENDED}
      ) AS judged WHERE ${anyOf(REASONS.map((reason) => rawSql(`"${reason}"`)))}
    )
    SELECT count(*)::int AS count, ${counts}, (
      SELECT coalesce(json_agg(json_build_object('id', o.id, 'title', o.title, 'owner', m.name,
        'expiresAt', o.expires_at, 'reasons', array_remove(ARRAY[${named}], NULL))
        ORDER BY o.expires_at DESC NULLS FIRST, o.id), '[]')
      FROM (SELECT * FROM outside ORDER BY expires_at DESC NULLS FIRST, id LIMIT ${SHOWN}) AS o
        JOIN member m ON m.id = o.owner_id
    ) AS first
    FROM outside`
  if (!row) throw new Error("An aggregate has a row.")
  const { count, first, ...reasons } = row
  return { count, reasons, first: first.map(shown) }
}

type Found = { count: number; first: OutsideShare[] }

const shown = ({ expiresAt, owner, ...share }: OutsideShare): OutsideShare => ({
  ...share,
  owner: plainName(owner),
  expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
})

const columns = (conditions: Record<OutsideReason, Sql>) =>
  joinSql(
    REASONS.map((reason) => sql`${conditions[reason]} AS ${rawSql(`"${reason}"`)}`),
    ", ",
  )
const counts = rawSql(
  REASONS.map((reason) => `(count(*) FILTER (WHERE "${reason}"))::int AS "${reason}"`).join(", "),
)
const named = rawSql(REASONS.map((one) => `CASE WHEN o."${one}" THEN '${one}' END`).join(", "))

const anyOf = (conditions: Sql[]) => sql`(${joinSql(conditions, " OR ")})`

/** SQL: an open or scheduled share that the settings do not allow; the table is share. */
export const isOutside = (settings: Settings): Sql =>
  sql`${UNENDED} AND ${anyOf(Object.values(outsideConditions(settings)))}`

function outsideConditions(settings: Settings): Record<OutsideReason, Sql> {
  const { maxShareDays, passwordRequired, limitRequired } = settings
  return {
    tooLong:
      maxShareDays === null
        ? NEVER
        : sql`(expires_at IS NULL
          OR expires_at > statement_timestamp() + make_interval(days => ${maxShareDays}::int))`,
    noPassword: passwordRequired ? sql`password_hash IS NULL` : NEVER,
    noLimit: limitRequired ? sql`max_downloads IS NULL` : NEVER,
    tooLarge: isTooLarge(settings),
    type: isOfWrongType(settings),
  }
}

const NEVER = sql`false`

const holds = (file: Sql) => sql`EXISTS (
  SELECT FROM share_file JOIN file ON file.id = share_file.file_id
  WHERE share_file.share_id = share.id AND share_file.removed_at IS NULL
    AND file.deleted_at IS NULL AND ${file})`

const isTooLarge = ({ maxFileBytes }: Settings) =>
  maxFileBytes >= DEFAULTS.maxFileBytes ? NEVER : holds(sql`file.size > ${maxFileBytes}::bigint`)

// The SQL form of isOfType in lib/rooms/files/allowed-files.ts; a test compares the two.
function isOfWrongType({ allowedTypes, blockedTypes }: Settings): Sql {
  const conditions = [
    ...(allowedTypes === null ? [] : [sql`NOT ${isOfAny(allowedTypes)}`]),
    ...(blockedTypes.length === 0 ? [] : [isOfAny(blockedTypes)]),
  ]
  return conditions.length === 0 ? NEVER : holds(anyOf(conditions))
}

function isOfAny(types: string[]) {
  const kinds = types.filter((type) => type.includes("/"))
  const endings = types.filter((type) => !type.includes("/"))
  const names = endings.map((ending) => `%.${likeText(ending)}`)
  const kindTexts = kinds.map((kind) => likeText(kind).replace(/\*$/, "%"))
  return sql`(${nameAsRun} LIKE ANY(${names}::text[])
    OR lower(trim(split_part(file.content_type, ';', 1))) LIKE ANY(${kindTexts}::text[]))`
}

/** The SQL form of nameAsRun in lib/rooms/files/file-name.ts. */
const nameAsRun = rawSql(String.raw`regexp_replace(
  lower(regexp_replace(normalize(file.name, NFKD), '[^ -~]', '', 'g') COLLATE "C"),
  '([. :]|:\$[a-z_]+)+$', '')`)

const likeText = (text: string) => text.replace(/[\\%_]/g, "\\$&")
