import type { Unfinished, UploadSource } from "#packages/uploader/upload.ts"

export type SamePick = { source: UploadSource; fileId: string }

/** Which picked files look like the unfinished ones, by name and size. Whether the content is the same is for the uploader to find. */
export function sortPicked(sources: readonly UploadSource[], unfinished: readonly Unfinished[]) {
  const missing = new Set(unfinished)
  const same: SamePick[] = []
  const others: UploadSource[] = []
  for (const source of sources) {
    const found = [...missing].find(
      ({ name, size }) => size === source.body.size && name.normalize() === source.name.normalize(),
    )
    if (!found) {
      others.push(source)
      continue
    }
    missing.delete(found)
    same.push({ source, fileId: found.fileId })
  }
  return { same, others }
}
