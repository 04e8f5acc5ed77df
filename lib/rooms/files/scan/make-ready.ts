import "server-only"
import { noSql, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { lockReplaced } from "./replace-older.ts"

/** A file whose bytes have all arrived, as an audit entry names it. */
export type ArrivedFile = {
  targetId: string
  path: string
  details: { name: string; size: number }
}

type Ready = {
  /** The key of the object, and the colour with which it is tagged; null for none. */
  key: string
  colour: string | null
  /** More assignments to the row of the file. */
  set?: Sql
}

/**
 * Makes the file that `which` selects ready: from now on its object may be read. Locks the file's
 * row first, as a delete does, and with it those that `replaceOlder` may remove afterwards. Returns
 * undefined, and changes nothing, if the file or its object is no longer as it was.
 */
export async function makeReady(
  tx: Tx,
  which: Sql,
  { key, colour, set = noSql }: Ready,
): Promise<ArrivedFile | undefined> {
  await lockReplaced(tx, which)
  return arrive(tx, which, {
    key,
    object: sql`state = 'live', live_since = clock_timestamp(),
      colour = ${colour}, colour_since = clock_timestamp(), tagging_since = NULL`,
    file: sql`status = 'ready', ready_at = clock_timestamp(), object_key = arrived.key,
      unchecked_since = NULL, scan_problem = NULL ${set}`,
  })
}

/** Makes the file wait for its check. Otherwise as `makeReady`. */
export const makeChecking = (
  tx: Tx,
  which: Sql,
  { key, set = noSql }: Omit<Ready, "colour">,
): Promise<ArrivedFile | undefined> =>
  arrive(tx, which, {
    key,
    object: sql`state = 'arrived'`,
    file: sql`status = 'checking', unchecked_since = clock_timestamp() ${set}`,
  })

type Arrival = { key: string; object: Sql; file: Sql }

async function arrive(tx: Tx, which: Sql, { key, object, file }: Arrival) {
  const [row] = await tx.$queryRaw<{ id: string; name: string; path: string; size: bigint }[]>`
    WITH wanted AS (
      SELECT id FROM file WHERE ${which} AND deleted_at IS NULL FOR UPDATE
    ), arrived AS (
      UPDATE object SET ${object} FROM wanted
      WHERE key = ${key} AND file_id = wanted.id AND state IN ('uploading', 'arrived')
      RETURNING key, file_id
    )
    UPDATE file SET ${file} FROM arrived WHERE file.id = arrived.file_id
    RETURNING file.id, file.name, file.path, file.size`
  if (!row) return undefined
  const { id: targetId, name, path, size } = row
  return { targetId, path, details: { name, size: Number(size) } }
}
