import "server-only"
import { sql } from "#lib/adapters/database.ts"
import { presignGet } from "#lib/adapters/storage.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import type { DownloadUrl } from "#lib/rooms/files/reads/download-files.ts"
import { grantReads } from "#lib/rooms/files/reads/grant-reads.ts"
import { fileIdOrRefuse, noSuchFile } from "#lib/rooms/files/require-file.ts"

/** How long a URL works. It is used at once. */
const READ_SECONDS = 60

/**
 * Signs a URL by which the owner's browser shows the thumbnail of a file. A cut off ends it like
 * those of visitors. Refuses `not_found`, also without a thumbnail, and (unavailable) while the
 * store's credentials end.
 */
export async function readThumbnail(owner: OwnerId, id: string): Promise<DownloadUrl> {
  const fileId = fileIdOrRefuse(id)
  const { files, lifetime, expiresAt } = await grantReads(owner, {
    kind: "thumbnail",
    which: sql`file.id = ${fileId}::uuid`,
    seconds: READ_SECONDS,
  })
  const [thumbnail] = files
  if (!thumbnail) throw noSuchFile()
  const url = await presignGet({ ...thumbnail, ...lifetime, claim: newId(), disposition: "inline" })
  return { url, expiresAt }
}
