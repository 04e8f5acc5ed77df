import "server-only"
import { setImmediate } from "node:timers/promises"
import { z } from "zod"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, rawSql, sql } from "#lib/adapters/database.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { presignGet } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { countAttempts } from "#lib/adapters/throttle/attempt-limits.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { FileIds, FileView } from "#lib/rooms/files/file.ts"
import { previewOf } from "#lib/rooms/files/preview-kind.ts"
import { canBeShown } from "#lib/rooms/files/preview-kind-sql.ts"
import { fileIdOrRefuse, noSuchFile, requireFile } from "#lib/rooms/files/require-file.ts"
import { grantReads, type ReadFile } from "./grant-reads.ts"

/** Other requests are handled after each batch of this size is signed. */
const SIGNED_AT_ONCE = 100

export const DownloadUrl = z.strictObject({ url: z.url(), expiresAt: z.iso.datetime() })
export type DownloadUrl = z.infer<typeof DownloadUrl>

export const FilesToDownload = z.strictObject({
  ids: FileIds,
  /** URLs that show the files instead of saving them, under safe types. */
  shown: z.boolean().default(false),
})

export const DownloadUrls = z.strictObject({
  expiresAt: z.iso.datetime(),
  files: z
    .array(
      FileView.pick({ id: true, name: true, path: true, size: true })
        .extend(FileView.pick({ sha256: true, sha256Verified: true }).shape)
        .extend({ url: z.url() }),
    )
    .max(10_000),
})
export type DownloadUrls = z.infer<typeof DownloadUrls>

/**
 * Signs a URL by which the owner downloads a file that is ready, and records it in the audit log.
 * A cut off ends it like those of visitors. Refuses `not_found`, (conflict) a file that is not
 * ready, `too_many`, and (unavailable) while the store's credentials end.
 */
export async function downloadFile(owner: OwnerId, id: string): Promise<DownloadUrl> {
  const fileId = fileIdOrRefuse(id)
  const { name, status } = await requireFile(owner, fileId)
  if (status !== "ready") throw refusal("conflict", "no_links_yet", { name })
  const sign = async () => {
    const { files, expiresAt } = await downloadFiles(owner, [fileId])
    return files[0] && { url: files[0].url, expiresAt }
  }
  // A cut off may have moved the file to another key in the meantime.
  const signed = (await sign()) ?? (await sign())
  if (!signed) throw noSuchFile()
  return signed
}

/**
 * Signs the URLs by which the owner downloads files, as `downloadFile` does. Leaves out what is not
 * ready and what is not the owner's. Refuses `too_many`, and (unavailable) while the store's
 * credentials end.
 */
export const downloadFiles = (owner: OwnerId, ids: string[]): Promise<DownloadUrls> =>
  signFiles(owner, ids, DOWNLOADED)

/**
 * Signs URLs that show files to their owner, like `downloadFiles`. Leaves out files without a safe
 * preview too. The audit log has a file once an hour, and nothing is counted.
 */
export const showFiles = (owner: OwnerId, ids: string[]): Promise<DownloadUrls> =>
  signFiles(owner, ids, SHOWN)

const DOWNLOADED = {
  action: "file.download",
  allowed: sql`true`,
  disposition: "attachment",
  typeOf: ({ contentType }: ReadFile) => contentType,
} as const

const SHOWN = {
  action: "file.view",
  allowed: rawSql(canBeShown("file")),
  disposition: "inline",
  // The fallback is never read, because canBeShown is previewOf in SQL.
  typeOf: ({ name, contentType }: ReadFile) =>
    previewOf(name, contentType)?.contentType ?? "application/octet-stream",
} as const

async function signFiles(
  owner: OwnerId,
  ids: string[],
  { action, allowed, disposition, typeOf }: typeof DOWNLOADED | typeof SHOWN,
): Promise<DownloadUrls> {
  const counted = { purpose: "download", subject: owner, count: ids.length } as const
  await db.$transaction((tx) => countAttempts(tx, [counted]))
  const entryIds = ids.map(() => newId())
  const { files, lifetime, expiresAt } = await grantReads(owner, {
    which: sql`file.id = ANY(${ids}::uuid[]) AND ${allowed}`,
    seconds: configuration.MINT_TTL_SECONDS,
    recorded: { action, entryIds },
  })
  const signed: DownloadUrls["files"] = []
  for (const [index, file] of files.entries()) {
    if (index % SIGNED_AT_ONCE === SIGNED_AT_ONCE - 1) await setImmediate()
    const { key, colour, name } = file
    const claim = entryIds[index] ?? ""
    const shown = { key, colour, name, contentType: typeOf(file), disposition }
    signed.push({ ...viewOf(file), url: await presignGet({ ...shown, ...lifetime, claim }) })
  }
  metrics().mints.inc(signed.length)
  return { expiresAt, files: signed }
}

const viewOf = ({ id, name, path, size, sha256, sha256Verified }: ReadFile) => ({
  id,
  name,
  path,
  size: Number(size),
  sha256,
  sha256Verified,
})
