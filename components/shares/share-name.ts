type Words = (key: "andMore" | "noFiles", values: { name: string; count: number }) => string

type Named = { title: string; name: string; fileCount: number }

/**
 * How every list, page, dialog and mail names a share: by its title, else by its first file and the
 * number of the others. `name` is the title or the name of the first file.
 */
export function shareName({ title, name, fileCount }: Named, words: Words): string {
  if (!title && fileCount > 1) return words("andMore", { name, count: fileCount - 1 })
  return name || words("noFiles", { name, count: 0 })
}
