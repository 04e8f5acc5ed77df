/** The kind of a file by its extension, such as "PDF". */
export function FileKind({ name }: { name: string }) {
  return (
    <span aria-hidden className="file-kind">
      {fileKind(name)}
    </span>
  )
}

/** Returns the extension in capitals, at most four letters; a dot if there is none. */
export function fileKind(name: string): string {
  const extension = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]
  return extension ? extension.toUpperCase() : "·"
}
