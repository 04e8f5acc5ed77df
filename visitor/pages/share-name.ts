type Share = {
  title: string
  files: { name: string; status: string }[]
  /** Where there are more files than these. */
  part?: object | null
}

/** What to call a share in a heading: its title, else its one file, else null for "3 files". */
export function shareName(share: Share): string | null {
  if (share.title || share.part) return share.title || null
  const coming = share.files.filter(({ status }) => status !== "abandoned")
  const [only, second] = coming.length > 0 ? coming : share.files
  return only && !second ? only.name : null
}
