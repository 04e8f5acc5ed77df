type Share = {
  title: string
  files: { name: string; status: string }[]
  /** Set when the share has more files than the listed ones. */
  part?: object | null
}

/** The name of a share for a heading: its title, else its only file, else null for "3 files". */
export function headingName(share: Share): string | null {
  if (share.title || share.part) return share.title || null
  const coming = share.files.filter(({ status }) => status !== "abandoned")
  const [only, second] = coming.length > 0 ? coming : share.files
  return only && !second ? only.name : null
}
