import { storedName } from "#lib/rooms/files/file-name.ts"
import type { UnfinishedUpload, UploadSource } from "#packages/uploader/upload.ts"

type MatchedFile = { source: UploadSource; fileId: string }

/** Matches picked files to unfinished uploads by name and size. The uploader compares bytes. */
export function matchPickedFiles(
  sources: readonly UploadSource[],
  unfinished: readonly UnfinishedUpload[],
) {
  const unmatched = new Set(unfinished)
  const matched: MatchedFile[] = []
  const others: UploadSource[] = []
  for (const source of sources) {
    const match = [...unmatched].find(
      ({ name, size }) => size === source.body.size && isSameName(name, source.name),
    )
    if (!match) {
      others.push(source)
      continue
    }
    unmatched.delete(match)
    matched.push({ source, fileId: match.fileId })
  }
  return { matched, others }
}

/** Whether both names are stored under the same name. */
export const isSameName = (one: string, other: string) => storedName(one) === storedName(other)
