import { createSHA256 } from "hash-wasm"
import { createPortablePaths } from "#packages/zip-stream/portable-names.ts"
import { createZipWriter } from "#packages/zip-stream/zip-writer.ts"
import type { Reading } from "./open-entry.ts"
import { type QueuedFile, readAhead, type WholeFile } from "./read-ahead.ts"
import { type Checksum, REPORT_NAME, reportText } from "./report.ts"
import { endsArchive, failureOf } from "./zip-failure.ts"
import type { ArchiveFile, ReportWords } from "./zip-job.ts"

/** After this number of failed files in a row the store counts as unreachable. */
const MAX_MISSING_IN_A_ROW = 10

type Archive = {
  files: readonly ArchiveFile[]
  /** The folder whose parent path is left off, or "". */
  folder: string
  words: ReportWords
  reading: Reading
  /** Called after each file, with the paths of the files missing so far. */
  onFile: (missing: readonly string[]) => void
}

type Writer = ReturnType<typeof createZipWriter>

/**
 * The bytes of an archive of these files and its LAPSE.txt. A file that cannot be fetched
 * completely is not in the directory, and LAPSE.txt names it. Throws the errors that end the
 * archive.
 */
export async function* writeArchive(archive: Archive): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { files, folder, words, reading, onFile } = archive
  const zip = createZipWriter()
  const pathOf = createPortablePaths()
  const paths = new Map(files.map((file) => [file.id, pathOf(pathBelow(folder, file))]))
  const missing: string[] = []
  const checksums: Checksum[] = []
  let inARow = 0
  for await (const arrival of readAhead(files, reading)) {
    const { file } = arrival
    const path = paths.get(file.id) ?? file.name
    const sha256 =
      arrival.kind === "whole"
        ? yield* writeWhole(zip, path, await arrival.content)
        : yield* writeStream(zip, path, arrival, reading)
    if (sha256 === null) missing.push(path)
    else checksums.push({ path, sha256, file })
    inARow = sha256 === null ? inARow + 1 : 0
    if (inARow === MAX_MISSING_IN_A_ROW) throw endsArchive({ why: "unreachable" })
    onFile(missing)
  }
  if (checksums.length === 0) throw endsArchive({ why: "unreachable" })
  const report = new TextEncoder().encode(reportText({ words, missing, checksums }))
  yield zip.addWhole({ name: pathOf(REPORT_NAME), modifiedAt: new Date() }, report)
  yield report
  yield* zip.end()
}

/** Yields the bytes of one file; returns its SHA-256, or null if the file is left out. */
type Written = AsyncGenerator<Uint8Array<ArrayBuffer>, string | null>

async function* writeWhole(zip: Writer, name: string, content: WholeFile | null): Written {
  if (!content) return null
  const { bytes, sha256, modifiedAt } = content
  yield zip.addWhole({ name, modifiedAt }, bytes)
  yield bytes
  return sha256
}

async function* writeStream(
  zip: Writer,
  name: string,
  { file, source }: Extract<QueuedFile, { kind: "stream" }>,
  { signal, urls, onBytes }: Reading,
): Written {
  const hash = await createSHA256()
  let written = 0
  let isComplete = false
  try {
    for await (const chunk of source.chunks) {
      // The header is written with the first bytes: a file without any leaves no trace.
      if (written === 0) yield zip.begin({ name, modifiedAt: source.modifiedAt(), size: file.size })
      written += chunk.length
      zip.write(chunk)
      hash.update(chunk)
      yield chunk
    }
    isComplete = true
  } catch (error) {
    if (signal.aborted || failureOf(error)) throw error
  }
  const sha256 = hash.digest()
  if (isComplete && !(file.sha256Verified && file.sha256 !== sha256)) {
    urls.drop(file.id)
    yield zip.finish(file.size)
    return sha256
  }
  if (written > 0) yield zip.abandon()
  onBytes(-source.arrivedBytes())
  return null
}

function pathBelow(folder: string, { path, name }: ArchiveFile) {
  const above = folder.lastIndexOf("/") + 1
  const below = folder !== "" && `${path}/`.startsWith(`${folder}/`) ? path.slice(above) : path
  return below === "" ? name : `${below}/${name}`
}
