import type { ShareView } from "#lib/shares/share.ts"

type Words = (key: "andMore" | "noFiles", values: { name: string; count: number }) => string

/** A share's title, or the names of its files where it has none. */
export function shareName(
  { title, files, fileCount }: Pick<ShareView, "title" | "files" | "fileCount">,
  words: Words,
): string {
  if (title) return title
  const [first] = files
  if (!first) return words("noFiles", { name: "", count: 0 })
  return fileCount > 1 ? words("andMore", { name: first.name, count: fileCount - 1 }) : first.name
}
