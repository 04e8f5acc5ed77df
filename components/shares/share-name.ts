type Words = (key: "andMore" | "noFiles", values: { name: string; count: number }) => string

type Named = { title: string; files: readonly { name: string }[]; fileCount: number }

/** A share's title, or the names of its files if it has none. */
export function shareName({ title, files, fileCount }: Named, words: Words): string {
  if (title) return title
  const [first] = files
  if (!first) return words("noFiles", { name: "", count: 0 })
  return fileCount > 1 ? words("andMore", { name: first.name, count: fileCount - 1 }) : first.name
}
