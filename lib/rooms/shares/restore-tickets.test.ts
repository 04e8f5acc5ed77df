import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import {
  newVisitId,
  type Ticket,
  type VisitorCookies,
} from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { endedShareCutOff } from "#testing/builders/shared-file.ts"
import { source } from "#testing/look-and-click.ts"
import { inDays } from "#testing/units.ts"
import { editShare } from "./edit/edit-share.ts"
import { newLink } from "./edit/new-link.ts"
import { requireShare } from "./require-share.ts"
import { cutOffShare } from "./revoke/cut-off-share.ts"
import { restoreShare, restoreShareAsAdmin } from "./revoke/restore-share.ts"
import { revokeShare } from "./revoke/revoke-share.ts"
import { revokeShares } from "./revoke/revoke-shares.ts"

async function aSharedLink(maxDownloads: number | null = null) {
  const owner = await aMember()
  const file = await aFile({ owner })
  const { id, url } = await aShare({ owner, fileIds: [file.id], maxDownloads })
  const asked = { publicId: publicIdOf(url), fileIds: [file.id], source }
  return { owner, id, asked }
}

function publicIdOf(url: string | null) {
  const publicId = readLinkToken(new URL(url ?? "").pathname.slice("/s/".length))
  if (!publicId) throw new Error("The link has no token.")
  return publicId
}

type Asked = Awaited<ReturnType<typeof aSharedLink>>["asked"]

const aVisitor = (): VisitorCookies => ({ visitId: newVisitId(), ticket: null, unlock: null })

/** Claims, and returns the ticket. */
async function clickOf(asked: Asked, cookies = aVisitor()) {
  const { ticket } = await claim({ ...asked, cookies, directOnly: false })
  if (!ticket) throw new Error("A claim has a ticket.")
  return ticket
}

const isGood = (asked: Asked, ticket: Ticket) =>
  mint({ ...asked, cookies: { ...aVisitor(), ticket } }).then(
    (grant) => grant !== null,
    () => false,
  )

describe("an owner's revoke that is undone", () => {
  it("makes tickets valid again, as often as it is done, and they count nothing again", async () => {
    const { owner, id, asked } = await aSharedLink(2)
    const visitor = aVisitor()
    const ticket = await clickOf(asked, visitor)
    for (let round = 0; round < 3; round++) {
      await revokeShare(owner, id)
      expect(await isGood(asked, ticket)).toBe(false)
      await restoreShare(acting(owner), id)
      expect(await isGood(asked, ticket)).toBe(true)
      expect((await clickOf(asked, visitor)).id).toBe(ticket.id) // the answer with the ticket may have been lost
    }
    expect(await requireShare(owner, id)).toMatchObject({ downloads: 1 })
  })

  const between: [string, (share: { owner: Owner; id: string }) => Promise<unknown>][] = [
    ["a password", ({ owner, id }) => editShare(acting(owner), id, { password: "sesame" })],
    [
      "a cut off",
      async ({ owner, id }) => {
        await cutOffShare(owner, id)
        await endedShareCutOff({ owner, shareId: id })
      },
    ],
    [
      "an admin's revoke and restore",
      async ({ owner, id }) => {
        const admin = await anAdmin()
        await revokeShares(admin, { ids: [id] })
        await restoreShareAsAdmin(admin, id)
        await revokeShare(owner, id)
      },
    ],
    [
      "more time than a ticket is valid",
      ({ id }) => db.share.update({ where: { id }, data: { revokedAt: inDays(-1) } }),
    ],
  ]
  it.each(between)("leaves them void after %s", async (_, come) => {
    const { owner, id, asked } = await aSharedLink()
    const ticket = await clickOf(asked)
    await revokeShare(owner, id)
    await come({ owner, id })
    await restoreShare(acting(owner), id)
    expect(await requireShare(owner, id)).toMatchObject({ status: "open" })
    await editShare(acting(owner), id, { password: null })

    expect(await isGood(asked, ticket)).toBe(false)
    const next = await clickOf(asked)
    expect(await isGood(asked, next)).toBe(true)
    expect(await isGood(asked, ticket)).toBe(false)
  })

  it("leaves them void after a new link, on the new one too", async () => {
    const { owner, id, asked } = await aSharedLink()
    const ticket = await clickOf(asked)
    await revokeShare(owner, id)
    const { url } = await newLink(acting(owner), id)
    await restoreShare(acting(owner), id)

    expect(await isGood({ ...asked, publicId: publicIdOf(url) }, ticket)).toBe(false)
  })

  it("leaves them void if the revoke had cut off", async () => {
    const { owner, id, asked } = await aSharedLink()
    const ticket = await clickOf(asked)
    await revokeShare(owner, id, { cutOff: true })
    await endedShareCutOff({ owner, shareId: id })
    await restoreShare(acting(owner), id)

    expect(await isGood(asked, ticket)).toBe(false)
  })

  it("counts ten visitors ten times, however often it is revoked and restored while they click", async () => {
    const { owner, id, asked } = await aSharedLink(1_000)
    const visitors = Array.from({ length: 10 }, aVisitor)
    let goesOn = true
    const toggle = async () => {
      for (let round = 0; round < 15; round++) {
        await revokeShare(owner, id)
        await restoreShare(acting(owner), id)
      }
      goesOn = false
    }
    const tickets = new Set<string>()
    const clicking = async (visitor: VisitorCookies) => {
      while (goesOn) {
        const ticket = await clickOf(asked, visitor).catch(() => null)
        if (ticket) tickets.add(`${ticket.id}`)
      }
      tickets.add(`${(await clickOf(asked, visitor)).id}`)
    }

    await Promise.all([toggle(), ...visitors.map(clicking)])

    expect(tickets.size).toBe(10)
    expect(await requireShare(owner, id)).toMatchObject({ downloads: 10, status: "open" })
  })
})

type Owner = Awaited<ReturnType<typeof aMember>>
