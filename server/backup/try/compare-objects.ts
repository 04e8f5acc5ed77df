import { SetupError } from "#lib/adapters/errors.ts"

/** Throws a SetupError if a file's object is missing in the store or has a different size. */
export async function compareObjects(): Promise<void> {
  const { db } = await import("#lib/adapters/database.ts")
  const { listObjects } = await import("#lib/adapters/storage.ts")
  const rows = await db.$queryRaw<{ key: string; size: bigint }[]>`
    SELECT object.key, file.size FROM object JOIN file ON file.id = object.file_id
    WHERE object.kind = 'file' AND object.state = 'live'
      AND file.status = 'ready' AND file.deleted_at IS NULL`
  const missing = new Map(rows.map(({ key, size }) => [key, Number(size)]))
  for await (const { key, size } of listObjects("o/"))
    if (missing.get(key) === size) missing.delete(key)
  if (missing.size > 0)
    throw new SetupError(`Its store has ${rows.length - missing.size} of ${rows.length} files.`)
}
