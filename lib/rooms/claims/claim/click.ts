import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"

/** A visitor's request for files of a link. */
export type Click = {
  /** The id from the link's token. An altered token is refused without a query. */
  publicId: Uint8Array
  /** Null for all files of the share that are ready. */
  fileIds: string[] | null
  cookies: VisitorCookies
  /** Whether the share must be a direct link, as for a claim by GET. */
  directOnly: boolean
  /** Whether only the ticket of a view-only share is requested, without URLs. */
  ticketAlone?: boolean
  source: VisitorSource
  /** The client's address, charged for the URLs of many files at once; without it no charge. */
  chargedTo?: string
}

/**
 * Returns the file id of a click on a single file that neither requests only a ticket nor is
 * charged. Such clicks share a statement.
 */
export function onlyFileOf({ fileIds, ticketAlone, chargedTo }: Omit<Click, "directOnly">) {
  const [fileId, ...more] = new Set(fileIds)
  return more.length > 0 || ticketAlone || chargedTo !== undefined ? undefined : fileId
}

/** Returns the requested files as the statement's parameters: a row for each click and file. */
export const wantsOf = (clicks: Pick<Click, "fileIds">[]) =>
  clicks.flatMap(({ fileIds }, index) =>
    [...new Set(fileIds)].map((fileId) => ({ click: index + 1, fileId })),
  )
