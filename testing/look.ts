import { randomBytes } from "node:crypto"
import { claim } from "#lib/claims/claim.ts"
import { preview } from "#lib/claims/preview.ts"
import { newVisitId, type VisitorCookies } from "#lib/claims/visitor-cookies.ts"
import { db } from "#lib/db.ts"
import type { aLink } from "./a-link.ts"

export type Link = Awaited<ReturnType<typeof aLink>>

export const noCookies: VisitorCookies = { visitId: null, ticket: null, unlock: null }
/** The cookies of a visitor who opened the page. */
export const newVisitor = (): VisitorCookies => ({ ...noCookies, visitId: newVisitId() })
export const source = { agent: "curl", referrer: null, visitor: randomBytes(16) }

type Asked = { cookies?: VisitorCookies; fileId?: string; address?: string }

/** Looks at a file of a link, the first one by default, as a new visitor. */
export const look = (link: Link, { cookies = newVisitor(), ...asked }: Asked = {}) =>
  preview({
    publicId: link.publicId,
    fileId: link.fileId,
    ...{ cookies, source, address: "192.0.2.7", ...asked },
  })

/** Clicks on the first file of a link. */
export const click = ({ publicId, fileId }: Link, cookies = newVisitor()) =>
  claim({ publicId, fileIds: [fileId], cookies, directOnly: false, source })

/** What was counted of a share, and the events of its previews. */
export async function countsOf({ shareId }: Pick<Link, "shareId">) {
  const { _sum } = await db.shareCounter.aggregate({
    where: { shareId },
    _sum: { previews: true, downloads: true },
  })
  const { downloads, minted } = await db.share.findUniqueOrThrow({ where: { id: shareId } })
  return {
    previews: Number(_sum.previews ?? 0),
    downloads: downloads + Number(_sum.downloads ?? 0),
    events: await db.event.count({ where: { shareId, kind: "preview" } }),
    minted,
  }
}
