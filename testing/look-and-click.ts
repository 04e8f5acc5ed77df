import { randomBytes } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { preview } from "#lib/rooms/claims/look/preview.ts"
import { newVisitId, type VisitorCookies } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import type { aLink } from "./builders/a-link.ts"
import { countsOf } from "./builders/counts-of.ts"

export type Link = Awaited<ReturnType<typeof aLink>>

export const noCookies: VisitorCookies = { visitId: null, ticket: null, unlock: null }
/** The cookies of a visitor who opened the page. */
export const newVisitor = (): VisitorCookies => ({ ...noCookies, visitId: newVisitId() })
export const source = { agent: "curl", referrer: null, visitor: randomBytes(16) }

type Asked = { cookies?: VisitorCookies; fileId?: string; address?: string }

/** Previews a file of a link, the first one by default, as a new visitor. */
export const look = (link: Link, { cookies = newVisitor(), ...asked }: Asked = {}) =>
  preview({
    publicId: link.publicId,
    fileId: link.fileId,
    cookies,
    source,
    address: "192.0.2.7",
    ...asked,
  })

/** Clicks on the first file of a link. */
export const click = ({ publicId, fileId }: Link, cookies = newVisitor()) =>
  claim({ publicId, fileIds: [fileId], cookies, directOnly: false, source })

/** The counts of a share, the events of its previews, and whether anything was minted. */
export async function lookCountsOf({ shareId }: Pick<Link, "shareId">) {
  const { minted } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
  const events = await db.event.count({ where: { shareId, kind: "preview" } })
  return { ...(await countsOf(shareId)), events, minted }
}
