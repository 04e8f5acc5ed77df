import "server-only"
import { db, rawSql } from "#lib/adapters/database.ts"
import type { ObjectKind } from "#lib/rooms/files/file.ts"
import type { CutOffHow } from "./cut-off.ts"
import { KEY_NOW } from "./object-of.ts"
import { coloursAreKnown } from "./tags/recolour-files.ts"

const FILES_AT_ONCE = 500
/** After this time the write of a tag is considered failed, although it may still arrive. */
export const TAGGING_SECONDS = 10
/** The longest time of a copy, without its bytes. If URLs expire sooner, a cut off waits. */
const COPY_SECONDS = 2
const COPY_BYTES_PER_SECOND = 100 * 1024 ** 2

/**
 * The state of a file in a cut off:
 * - `destroyed`: it was deleted or has another object by now; its old objects must be deleted
 * - `recoloured`: it has got another colour, also in the store
 * - `tagging`: another process is writing its tag; `abandoned`: a write of its tag was not settled
 * - `lapsed`: its URLs have expired; `lapsing`: they expire before a copy would be done
 * - `rekey`: only a copy ends its URLs
 */
type Need = "destroyed" | "recoloured" | "tagging" | "abandoned" | "lapsed" | "lapsing" | "rekey"

export type UnfinishedFile = {
  fileId: string
  /** The file's bytes or its thumbnail. */
  kind: ObjectKind
  need: Need
  key: string | null
  colour: string | null
  size: bigint
  contentType: string
  /** Milliseconds until its URLs expire. */
  lapsesInMs: number
}

type CutOffObject = Pick<UnfinishedFile, "fileId" | "kind">

/** Lists the files of a cut off that are not done, with the next step of each. */
export function unfinishedFiles(id: string): Promise<UnfinishedFile[]> {
  return db.$queryRaw<UnfinishedFile[]>`
    SELECT c.file_id AS "fileId", c.kind, o.key, o.colour, coalesce(o.size, f.size) AS size,
      coalesce(o.content_type, f.content_type) AS "contentType",
      (extract(epoch FROM c.out_until - clock_timestamp()) * 1000)::int AS "lapsesInMs",
      CASE
        WHEN c.out_until <= clock_timestamp() THEN 'lapsed'
        WHEN f.deleted_at IS NOT NULL OR o.key IS NULL OR o.live_since > cut_off.started_at
          THEN 'destroyed'
        WHEN o.tagging_since < clock_timestamp() - make_interval(secs => ${TAGGING_SECONDS}::int)
          THEN 'abandoned'
        WHEN o.tagging_since IS NOT NULL THEN 'tagging'
        WHEN o.colour_since > cut_off.started_at AND NOT o.tag_unsure AND ${rawSql(coloursAreKnown("o"))}
          THEN 'recoloured'
        WHEN NOT cut_off.insists AND c.out_until < clock_timestamp()
          + make_interval(secs => ${COPY_SECONDS}::int + coalesce(o.size, f.size) / ${COPY_BYTES_PER_SECOND}::float)
          THEN 'lapsing'
        ELSE 'rekey'
      END AS need
    FROM cut_off_file c
    JOIN cut_off ON cut_off.id = c.cut_off_id
    JOIN file f ON f.id = c.file_id
    LEFT JOIN object o ON o.key = ${rawSql(KEY_NOW)}
    WHERE c.cut_off_id = ${id}::uuid AND c.done_at IS NULL
    ORDER BY c.file_id, c.kind
    LIMIT ${FILES_AT_ONCE}`
}

/** Returns the keys of the objects that formerly had the bytes of the file or of its thumbnail. */
export async function formerKeys({ fileId, kind }: CutOffObject): Promise<string[]> {
  const rows = await db.object.findMany({
    where: { fileId, kind, state: "doomed", liveSince: { not: null } },
    select: { key: true },
  })
  return rows.map(({ key }) => key)
}

export async function markDone(id: string, done: CutOffObject[], how: CutOffHow): Promise<void> {
  if (done.length === 0) return
  const [fileIds, kinds] = [done.map(({ fileId }) => fileId), done.map(({ kind }) => kind)]
  await db.$executeRaw`
    UPDATE cut_off_file c SET done_at = clock_timestamp(),
      how = greatest(c.how, ${how}::cut_off_how)
    FROM unnest(${fileIds}::uuid[], ${kinds}::object_kind[]) AS done (file_id, kind)
    WHERE c.cut_off_id = ${id}::uuid AND c.file_id = done.file_id AND c.kind = done.kind
      AND c.done_at IS NULL`
}
