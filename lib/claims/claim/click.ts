import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"

/** A visitor asks for files of a link. */
export type Click = {
  /** Read from the link's token: an altered token is refused without a query. */
  publicId: Uint8Array
  /** Null: all files of the share that are ready. */
  fileIds: string[] | null
  cookies: VisitorCookies
  /** A GET claims on a direct link only. */
  directOnly: boolean
  /** Takes the ticket of a view-only share, which comes without URLs. */
  ticketAlone?: boolean
  source: VisitorSource
  /**
   * The client's address, whose budget pays for the URLs of many files at once. Without it nothing
   * is charged.
   */
  chargedTo?: string
}

/**
 * The id of the only file of a click that is about one, and neither takes a ticket alone nor is
 * charged: such clicks share a statement.
 */
export function onlyFileOf({ fileIds, ticketAlone, chargedTo }: Omit<Click, "directOnly">) {
  const [fileId, ...more] = new Set(fileIds)
  return more.length > 0 || ticketAlone || chargedTo !== undefined ? undefined : fileId
}

/** The files that clicks want, as a statement is asked for them: a row for each click and file. */
export const wantsOf = (clicks: Pick<Click, "fileIds">[]) =>
  clicks.flatMap(({ fileIds }, index) =>
    [...new Set(fileIds)].map((fileId) => ({ click: index + 1, fileId })),
  )
