import "server-only"
import { containing } from "#lib/adapters/database/list-page.ts"
import { db, joinSql, type Sql, sql } from "#lib/adapters/database.ts"
import { type AuditFilter, beginOf, endOf } from "./audit-entry.ts"
import { storedForms } from "./origin.ts"

/** The SQL condition of a filter on audit_entry. `parts`: whether parts of acts count. */
export async function matches(filter: AuditFilter, parts: "all" | "asked"): Promise<Sql> {
  const { action, actorId, targetId, actId, origin, since, until, q } = filter
  const conditions = [sql`true`]
  if (action) conditions.push(await ofAction(action))
  if (actorId) conditions.push(sql`actor_id = ${actorId}::uuid`)
  if (targetId) conditions.push(sql`target_id = ${targetId}`)
  if (origin) conditions.push(sql`origin = ANY(${storedForms(origin)}::text[])`)
  if (since) conditions.push(sql`at >= ${beginOf(since)}::timestamptz`)
  if (until) conditions.push(sql`at < ${endOf(until)}::timestamptz`)
  if (q) conditions.push(searched(q))
  if (actId) conditions.push(partsOf(actId))
  else if (parts === "asked" && !targetId) conditions.push(q ? withoutListedAct(q) : isNoPart)
  return joinSql(conditions, " AND ")
}

const isNoPart = sql`act_id IS NULL`

/** The entry of a bulk action that `findAct` combined is also the entry of its first change. */
const partsOf = (actId: string) => sql`(act_id = ${actId}::uuid
  OR (id = ${actId}::uuid AND (action LIKE 'file.%' OR action LIKE '%.edit')))`

/** A search lists a part only if it does not list the part's bulk action. */
const withoutListedAct = (q: string) => sql`(${isNoPart} OR NOT EXISTS (
  SELECT FROM (SELECT act.* FROM audit_entry AS act WHERE act.id = audit_entry.act_id) AS act
  WHERE ${searched(q)}))`

/** An entry of an earlier version is not found by the address of a request, which it has. */
function searched(q: string): Sql {
  const like = wordsContaining(q)
  return sql`(${WORDS} LIKE ${like} AND (action NOT LIKE 'request.%'
    OR lower(actor || ' ' || jsonb_path_query_array(details - '{slug,slugBefore}'::text[], '$.*')::text) LIKE ${like}))`
}

/** The indexed expression of audit_entry_search_idx. */
const WORDS = sql`(lower(actor || ' ' || jsonb_path_query_array(details, '$.*')::text))`

/** Returns the SQL condition of entries that contain a text, escaped as in JSON strings. */
const wordsContaining = (text: string) =>
  containing(JSON.stringify(text.toLowerCase()).slice(1, -1))

/** Compares by equality, so that the index by action returns entries in order of time. */
async function ofAction(action: string) {
  if (action.includes(".")) return sql`action = ${action}`
  const ofRoom = (await listActions()).filter((one) => one.startsWith(`${action}.`))
  return sql`action = ANY(${ofRoom}::text[])`
}

/** Lists every action that was ever recorded, with one index lookup each. */
async function listActions(): Promise<string[]> {
  const rows = await db.$queryRaw<{ action: string }[]>`
    WITH RECURSIVE found AS (
      (SELECT action FROM audit_entry ORDER BY action LIMIT 1)
      UNION ALL
      SELECT next.action FROM found, LATERAL (
        SELECT action FROM audit_entry WHERE action > found.action ORDER BY action LIMIT 1
      ) AS next
    )
    SELECT action FROM found`
  return rows.map(({ action }) => action)
}
