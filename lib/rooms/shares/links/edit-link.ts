import "server-only"
import { newPublicId } from "#lib/adapters/secrets.ts"
import { addressesOf, hasLink, refuseRecipient } from "./add-links.ts"
import { type At, changeLink } from "./change-link.ts"
import type { LinkEdit, LinkView } from "./link.ts"
import { mailLinks, mailsLinks } from "./mail-links.ts"

/**
 * Edits a recipient's link. Another address gets a new link, by mail where Lapse sends mail, and the
 * old one is unknown from then on. That and a newly required code void what visitors proved before.
 * Refuses `not_found`, (conflict) an address that has another link, and as `refuseRecipient` does.
 */
export const editLink = (at: At, { recipient, ...edit }: LinkEdit): Promise<LinkView> =>
  changeLink(at, {
    action: "edit_link",
    of: "recipients",
    opens: true,
    change: async (tx, link, { settings }) => {
      const before = pick(link)
      const after = { ...before, ...recipient, ...defined(edit) }
      const changed = KEYS.filter((key) => after[key] !== before[key])
      if (changed.length === 0) return null
      const isElsewhere = after.address !== before.address
      const verifies = after.verify && !before.verify
      if (after.verify !== before.verify || isElsewhere) refuseRecipient(settings, after)
      if (isElsewhere && (await addressesOf(tx, at.shareId, link.id)).has(after.address))
        throw hasLink(after.address)
      const isUsedUp = ({ maxDownloads }: typeof after) =>
        maxDownloads !== null && link.downloads >= maxDownloads
      const excludes = isElsewhere || verifies || (isUsedUp(after) && !isUsedUp(before))
      if (isElsewhere && link.revokedAt === null && mailsLinks(undefined))
        await mailLinks(tx, [{ ...after, id: link.id }], {
          owner: at.actor.owner,
          shareId: at.shareId,
        })
      return {
        data: {
          ...after,
          ...(isElsewhere && { publicId: newPublicId() }),
          ...((isElsewhere || verifies) && { proofVersion: { increment: 1 } }),
        },
        closes: excludes && link.revokedAt === null,
        details: { changed: changed.join(" ") },
      }
    },
  })

const KEYS = ["name", "address", "language", "verify", "maxDownloads"] as const

type Own = {
  name: string
  address: string
  language: string | null
  verify: boolean
  maxDownloads: number | null
}

const pick = ({ name, address, language, verify, maxDownloads }: Own): Own => ({
  name,
  address,
  language,
  verify,
  maxDownloads,
})

/** Leaves out the keys that keep their value. */
const defined = (edit: { [Key in keyof Own]?: Own[Key] | undefined }): Partial<Own> =>
  Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined))
