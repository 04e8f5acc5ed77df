import type { LinkFile } from "#lib/claims/link-page.ts"

/** Rows on one page: more would be slow on a phone. */
export const PART_SIZE = 200

/** One part of the files, loose ones first, then folder by folder. `from` and `to` count from 1. */
export function filesByFolder(files: LinkFile[], part: number) {
  const byPath = Map.groupBy(files, (file) => file.path)
  const paths = [...byPath.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
  const inOrder = paths.flatMap((path) => byPath.get(path) ?? [])

  const parts = Math.max(1, Math.ceil(files.length / PART_SIZE))
  const start = (Math.min(part, parts) - 1) * PART_SIZE
  const shown = inOrder.slice(start, start + PART_SIZE)
  const folders = [...Map.groupBy(shown, (file) => file.path)].map(([path, inFolder]) => ({
    path,
    files: inFolder,
  }))
  return { folders, from: start + 1, to: start + shown.length, parts }
}
