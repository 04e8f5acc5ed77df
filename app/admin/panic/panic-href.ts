import { listAddress } from "#lib/web/list-address.ts"

/** The largest number of ids that fits into a URL. */
export const MAX_ACTS = 100

/** The selection as query parameters of the page. */
export type PanicSelection = Partial<
  Record<"what" | "ownerId" | "fileId" | "from" | "to", string | undefined>
>

/** The page's URL for a selection; with acts, the page that shows their result. */
export const panicHref = (
  { what, ownerId, fileId, from, to }: PanicSelection,
  acts: string[] = [],
) =>
  listAddress("/admin/panic", {
    ...{ what, ownerId, fileId, from, to },
    acts: acts.slice(0, MAX_ACTS).join(),
  })
