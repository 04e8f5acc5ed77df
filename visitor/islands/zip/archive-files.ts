import type { ZipFolder } from "#lib/rooms/files/reads/own-scripts.ts"
import { createPortablePaths, portableName } from "#packages/zip-stream/portable-names.ts"
import type { ArchiveFile } from "../../zip/zip-job.ts"

/** The files with their paths in the ZIP, each folder with a name that no other has. */
export function archiveFiles(folders: readonly ZipFolder[]): ArchiveFile[] {
  const unique = createPortablePaths()
  return folders
    .filter(({ files }) => files.length > 0)
    .flatMap(({ name, files }) => {
      const folder = name === "" ? "" : unique(portableName(name))
      return files.map(({ id, name, path, size, sha256, sha256Verified }) => ({
        id,
        name,
        path: [folder, path].filter(Boolean).join("/"),
        size,
        sha256,
        sha256Verified,
      }))
    })
}
