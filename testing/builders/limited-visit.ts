import { randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { describeFile, describePreview } from "#lib/rooms/claims/look/describe-file.ts"
import { preview } from "#lib/rooms/claims/look/preview.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { newVisitId, type VisitorCookies } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { source } from "#testing/look-and-click.ts"

export type LimitedVisit = {
  /** Whether a click was granted. */
  won: boolean
  /** The number of grants without a ticket, other than clicks. */
  early: number
  /** Whether every further mint, preview and HEAD after the click was granted. */
  goesOn: boolean
}

/** Repeats a request while the database is overloaded. */
async function patient<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!outageOf(error)) throw error
      await sleep(100)
    }
  }
}

/**
 * Visits a limited link: looks, requests sizes, clicks three times at once and, if granted,
 * continues with the ticket.
 */
export async function visitLimited(link: {
  publicId: Uint8Array
  fileId: string
}): Promise<LimitedVisit> {
  const { publicId, fileId } = link
  const address = [10, ...randomBytes(3)].join(".")
  const cookies: VisitorCookies = { visitId: newVisitId(), ticket: null, unlock: null }
  const look = (own: VisitorCookies) =>
    patient(() => preview({ publicId, fileId, cookies: own, source, address }))
  const asked = { publicId, fileIds: [fileId], source }
  const head = () => describeFile(publicId, fileId, cookies).catch(() => null)

  const clicks = () => patient(() => claim({ ...asked, cookies, directOnly: false }))
  const [looked, , ...clicked] = await Promise.allSettled([
    look(cookies),
    head(),
    clicks(),
    clicks(),
    clicks(),
  ])
  const early = looked.status === "fulfilled" ? 1 : 0
  const tickets = clicked.flatMap((each) =>
    each.status === "fulfilled" ? [each.value.ticket] : [],
  )
  const [ticket] = tickets
  if (!ticket) return { won: false, early, goesOn: false }
  const own = { ...cookies, ticket }
  const again = await Promise.allSettled([
    look(own),
    look(own),
    clicks(),
    patient(() => describePreview(publicId, fileId, own)),
    patient(() => describeFile(publicId, fileId, own)),
    patient(() => mint({ ...asked, cookies: own })),
  ])
  const goesOn = again.every((each) => each.status === "fulfilled" && each.value !== null)
  return { won: true, early, goesOn: goesOn && tickets.length === 3 }
}
