import "server-only"
import { db } from "#lib/adapters/database.ts"

export type UncheckedFile = {
  id: string
  name: string
  status: "checking" | "held"
  heldFor: string | null
  /** Why its last scan had no result. */
  scanProblem: string | null
  size: number
  key: string
  /** The colour that its object will get. */
  colour: string | null
}

/** Returns a file that is being checked or held, with its object; null for any other. */
export async function findUnchecked(id: string): Promise<UncheckedFile | null> {
  const [file] = await db.$queryRaw<(Omit<UncheckedFile, "size"> & { size: bigint })[]>`
    SELECT file.id, file.name, file.status, file.held_for AS "heldFor",
      file.scan_problem AS "scanProblem", file.size, object.key, object.colour
    FROM file JOIN object ON object.file_id = file.id AND object.kind = 'file'
    WHERE file.id = ${id}::uuid AND file.status IN ('checking', 'held')
      AND file.deleted_at IS NULL AND object.state = 'arrived'`
  return file ? { ...file, size: Number(file.size) } : null
}
