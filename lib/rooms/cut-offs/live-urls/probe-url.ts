import "server-only"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db, rawSql } from "#lib/adapters/database.ts"
import { presignOwnGet, tryGet } from "#lib/adapters/storage.ts"
import { KEY_NOW } from "#lib/rooms/cut-offs/object-of.ts"

type Probe = { url: string; before: number }

/**
 * Signs a URL of a file in the cut off with the current colour or key, and requests it. Returns
 * null if no URL can still work, or if the store does not answer.
 */
export async function probeBefore(id: string): Promise<Probe | null> {
  const [object] = await db.$queryRaw<{ key: string; colour: string | null }[]>`
    SELECT o.key, o.colour
    FROM cut_off JOIN cut_off_file c ON c.cut_off_id = cut_off.id
    JOIN file f ON f.id = c.file_id JOIN object o ON o.key = ${rawSql(KEY_NOW)}
    WHERE cut_off.id = ${id}::uuid AND c.done_at IS NULL AND o.state = 'live'
      AND o.live_since <= cut_off.started_at AND o.tagging_since IS NULL
      AND (o.colour_since IS NULL OR o.colour_since <= cut_off.started_at)
    LIMIT 1`
  if (!object) return null
  const url = await presignOwnGet(object.key, object.colour, await databaseTime())
  const before = await tryGet(url).catch(() => null)
  return before === null ? null : { url, before }
}

/** Requests the same URL again. Returns null if the store does not answer. */
export async function probeAfter({ url }: Probe): Promise<number | null> {
  return tryGet(url).catch(() => null)
}
