/** What to call a share in a heading: its title, else its one file, else null for "3 files". */
export function shareName(share: { title: string; files: { name: string }[] }): string | null {
  if (share.title) return share.title
  const [only, second] = share.files
  return only && !second ? only.name : null
}
