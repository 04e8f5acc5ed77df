type Named = { name: string; status: string }

/** What to call a share in a heading: its title, else its one file, else null for "3 files". */
export function shareName(share: { title: string; files: Named[] }): string | null {
  if (share.title) return share.title
  const coming = share.files.filter(({ status }) => status !== "abandoned")
  const [only, second] = coming.length > 0 ? coming : share.files
  return only && !second ? only.name : null
}
