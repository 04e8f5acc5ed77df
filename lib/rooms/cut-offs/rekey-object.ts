import "server-only"
import { db } from "#lib/adapters/database.ts"
import { type Rekeyed, rekeyFile } from "./rekey-file.ts"

/**
 * Copies a live object of a file to another key. Does nothing if the object was deleted or copied
 * meanwhile, or if another process is copying it.
 */
export async function rekeyObject(key: string): Promise<void> {
  const [object] = await db.$queryRaw<(Omit<Rekeyed, "size"> & { size: bigint })[]>`
    SELECT o.key, o.file_id AS "fileId", o.kind, coalesce(o.size, f.size) AS size,
      coalesce(o.content_type, f.content_type) AS "contentType"
    FROM object o JOIN file f ON f.id = o.file_id
    WHERE o.key = ${key} AND o.state = 'live' AND f.deleted_at IS NULL`
  if (object) await rekeyFile({ ...object, size: Number(object.size) })
}
