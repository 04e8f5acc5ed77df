import "server-only"
import { statement } from "#lib/statement.ts"

const countUpTo = statement(
  "count_files_up_to",
  { publicId: "bytea", most: "int" },
  `
SELECT count(*)::int AS files FROM (
  SELECT FROM link l JOIN share_file sf ON sf.share_id = l.share_id
  WHERE l.public_id = :publicId AND sf.removed_at IS NULL
  LIMIT :most
) AS counted`,
)

/** Whether a link has more files than so many. Counts no further than that. */
export async function hasMoreFilesThan(files: number, publicId: Uint8Array): Promise<boolean> {
  const [row] = await countUpTo<{ files: number }>({ publicId, most: files + 1 })
  return (row?.files ?? 0) > files
}
