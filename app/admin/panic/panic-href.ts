/** As many ids as an address holds. */
export const MOST_ACTS = 100

/** What was chosen on the page, as its address says it. */
export type PanicSelection = Partial<
  Record<"what" | "ownerId" | "fileId" | "from" | "to", string | undefined>
>

/** The page of a selection; with acts, the page of what was done with it. */
export function panicHref(selection: PanicSelection, acts: string[] = []) {
  const { what, ownerId, fileId, from, to } = selection
  const fields = { what, ownerId, fileId, from, to, acts: acts.slice(0, MOST_ACTS).join() }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value) query.set(name, value)
  return `/admin/panic?${query}`
}
