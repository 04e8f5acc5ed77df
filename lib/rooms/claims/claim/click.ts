import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"

/** A visitor's request for files of a link. */
export type Click = {
  /** The id in the link's token; an altered token is refused without a query. */
  publicId: Uint8Array
  /** Null for all files of the share that are ready. */
  fileIds: string[] | null
  cookies: VisitorCookies
  /** Whether the share must be a direct link, as it must for a claim by GET. */
  directOnly: boolean
  /** Whether it requests the ticket of a view-only share, which comes without URLs. */
  ticketAlone?: boolean
  source: VisitorSource
  /**
   * The client's address, which is charged for the URLs of many files at once. Without it nothing
   * is charged.
   */
  chargedTo?: string
}

/**
 * Returns the file id of a click on a single file that neither requests only a ticket nor is
 * charged; such clicks share a statement.
 */
export function onlyFileOf({ fileIds, ticketAlone, chargedTo }: Omit<Click, "directOnly">) {
  const [fileId, ...more] = new Set(fileIds)
  return more.length > 0 || ticketAlone || chargedTo !== undefined ? undefined : fileId
}

/** The files that clicks want, as the statement's parameters: a row for each click and file. */
export const wantsOf = (clicks: Pick<Click, "fileIds">[]) =>
  clicks.flatMap(({ fileIds }, index) =>
    [...new Set(fileIds)].map((fileId) => ({ click: index + 1, fileId })),
  )
