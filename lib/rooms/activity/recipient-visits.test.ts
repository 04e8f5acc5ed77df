import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { aLink, aRecipientOf } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { recipientVisits } from "./recipient-visits.ts"

function visitor(publicId: Uint8Array<ArrayBuffer>, name: string, agent: string) {
  const source = { agent, referrer: null, visitor: createHash("md5").update(name).digest() }
  return {
    open: (kind: "view" | "bot_view" = "view") =>
      openLink({ publicId, cookies: noCookies, kind, source }),
    take: (fileIds: string[] | null) =>
      claim({ publicId, fileIds, source, cookies: noCookies, directOnly: false }),
  }
}

describe("the visits of recipients", () => {
  it("are the first device, the visitors of the day and the files, by link", async () => {
    const link = await aLink({ files: ["a.pdf", "b.pdf", "c.pdf"] })
    const pia = await aRecipientOf(link, { name: "Pia" })
    const otto = await aRecipientOf(link, { name: "Otto" })
    const cara = await aRecipientOf(link, { name: "Cara" })
    const [a = "", b = ""] = link.fileIds
    const phone = visitor(pia.publicId, "phone", "Safari on iPhone")
    const laptop = visitor(pia.publicId, "laptop", "Firefox on Linux")
    await visitor(pia.publicId, "bot", "bot: Slackbot").open("bot_view")
    await phone.open()
    await phone.take([a])
    await laptop.open()
    await laptop.take([a, b])
    await visitor(link.publicId, "stranger", "Chrome on Windows").take(null)
    await visitor(otto.publicId, "otto", "curl").take(null)

    const { shareId } = link
    const owner = link.ownerId as PersonId
    const ids = [pia, otto, cara].map(({ linkId }) => linkId)
    expect([...(await recipientVisits(owner, shareId, ids)).entries()].sort()).toEqual(
      [
        [pia.linkId, { openedWith: "Safari on iPhone", visitorsToday: 2, taken: 2 }],
        [otto.linkId, { openedWith: "curl", visitorsToday: 1, taken: 3 }],
        [cara.linkId, { openedWith: null, visitorsToday: 0, taken: 0 }],
      ].sort(),
    )
    expect(await recipientVisits(await aMember(), shareId, ids)).toEqual(new Map())
    expect(await recipientVisits(owner, shareId, [])).toEqual(new Map())
  })

  it("are not those of strangers who see nothing but a form for a code or a password", async () => {
    const open = await aLink()
    const locked = await aLink({ passwordHash: "hash" })
    const links = [
      await aRecipientOf(open, { name: "Pia", address: "pia@example.org", verify: true }),
      await aRecipientOf(locked, { name: "Otto" }),
    ]
    for (const { shareId, linkId, publicId, ownerId } of links) {
      for (const name of ["one", "two", "three"])
        await visitor(publicId, name, "Chrome on Windows").open()
      const reader = createHash("md5").update("reader").digest()
      await db.event.create({ data: { shareId, linkId, kind: "unlock", visitor: reader } })
      const visits = await recipientVisits(ownerId as PersonId, shareId, [linkId])
      expect(visits.get(linkId)).toMatchObject({ visitorsToday: 1 })
    }
  })
})
