/** The largest number of ids that fits into a URL. */
export const MAX_ACTS = 100

/** The selection as query parameters of the page. */
export type PanicSelection = Partial<
  Record<"what" | "ownerId" | "fileId" | "from" | "to", string | undefined>
>

/** The page's URL for a selection; with acts, the page that shows their result. */
export function panicHref(selection: PanicSelection, acts: string[] = []) {
  const { what, ownerId, fileId, from, to } = selection
  const fields = { what, ownerId, fileId, from, to, acts: acts.slice(0, MAX_ACTS).join() }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value) query.set(name, value)
  return `/admin/panic?${query}`
}
