import { randomBytes } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { newPublicId } from "#lib/adapters/secrets.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { mint } from "#lib/rooms/claims/mint/mint.ts"
import { newVisitId, type VisitorCookies } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { newLink } from "#lib/rooms/shares/edit/new-link.ts"
import { eraseLink } from "#lib/rooms/shares/links/erase-recipients.ts"
import { restoreLink, revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { restoreShare, restoreShareAsAdmin } from "#lib/rooms/shares/revoke/restore-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { acting } from "#testing/builders/acting.ts"
import { callApi } from "#testing/call-api.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { DAY, inDays, past } from "#testing/units.ts"
import { ask } from "./ask.ts"
import { dismissQuestions, dismissQuestionsAsAdmin } from "./dismiss-questions.ts"
import { listQuestions, listQuestionsAsAdmin } from "./list-questions.ts"
import { reopenShare } from "./reopen-share.ts"

const source = { agent: "Chrome on Android", referrer: null, visitor: randomBytes(16) }

type Link = Awaited<ReturnType<typeof aLink>>

const cookies = noCookies
let addresses = 0
const asked = ({ publicId }: Link) =>
  ask({ publicId, cookies, note: "Please", address: `10.0.0.${addresses++ % 250}`, source })

/** Makes a link about which there is a question. */
async function anAskedLink(over: Parameters<typeof aLink>[0]) {
  const link = await aLink(over)
  expect(await asked(link)).toBe(true)
  return { ...link, owner: link.ownerId as PersonId }
}

const answersOf = async ({ shareId }: Link) => {
  const rows = await db.question.findMany({ where: { shareId }, orderBy: { at: "asc" } })
  return rows.map(({ answer, answeredAt }) => (answeredAt ? answer : null))
}

const entriesOf = ({ shareId }: Link) =>
  db.auditEntry.findMany({ where: { targetId: shareId }, orderBy: { at: "asc" } })

const actionsOf = async (link: Link) => (await entriesOf(link)).map(({ action }) => action)

const daysFromNow = (at: string | null) => (Date.parse(at ?? "") - Date.now()) / DAY

describe("reopenShare of a share that is open", () => {
  const own = { name: "Pia", address: "pia@example.org" }

  it("opens only the links by which somebody asked, and answers once all of them open", async () => {
    const link = await anAskedLink({
      recipient: { ...own, revokedAt: past(), downloads: 2, maxDownloads: 2 },
    })
    const bo = { shareId: link.shareId, publicId: newPublicId(), open: false, name: "Bo" }
    await db.link.create({ data: { ...bo, revokedAt: past() } })
    expect((await listQuestions(link.owner, link.shareId)).items).toMatchObject([
      { recipient: "Pia" },
    ])
    await editShare(acting(link.owner), link.shareId, { expiresAt: inDays(20) })
    expect(await answersOf(link)).toEqual([null])

    const results = await Promise.all(
      Array.from({ length: 5 }, () => reopenShare(acting(link.owner), link.shareId, "open")),
    )
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill("open"))
    const links = await db.link.findMany({
      where: { shareId: link.shareId },
      orderBy: { name: "asc" },
    })
    expect(links).toMatchObject([
      { name: "Bo", revokedAt: expect.any(Date) },
      { name: "Pia", revokedAt: null, maxDownloads: 5 },
    ])
    expect(await answersOf(link)).toEqual(["opened"])
    expect(
      (await actionsOf(link)).filter((action) => action === "share.restore_link"),
    ).toHaveLength(1)
    expect(JSON.stringify(await entriesOf(link))).not.toMatch(/pia/i)
  })

  it("answers by the link's own restore too, and never opens a link whose recipient is erased", async () => {
    const link = await anAskedLink({ recipient: { ...own, revokedAt: past() } })
    const [{ id = "" } = {}] = await db.link.findMany({ where: { shareId: link.shareId } })
    const at = {
      actor: acting(link.owner),
      shareId: link.shareId,
      kind: "share" as const,
      linkId: id,
    }
    await restoreLink(at)
    expect(await answersOf(link)).toEqual(["edited"])

    await revokeLink(at)
    expect(await asked(link)).toBe(true)
    await eraseLink(at)
    await expect(reopenShare(acting(link.owner), link.shareId, "open")).rejects.toBeRefusal(
      "conflict",
    )
    expect(await db.link.findUnique({ where: { id } })).toMatchObject({
      revokedAt: expect.any(Date),
    })
  })

  it("opens no link for a token whose caps the share exceeds", async () => {
    const link = await anAskedLink({ recipient: { ...own, revokedAt: past() } })
    const { token } = await aToken(link.owner, ["shares:write"], { passwordRequired: true })
    const headers = { authorization: `Bearer ${token}` }
    const asked = { as: null, id: link.shareId, body: { seen: "open" }, headers }
    expect((await callApi("POST /shares/{id}/reopen", asked)).status).toBe(403)
    expect(await answersOf(link)).toEqual([null])
  })

  it("opens no link that a setting forbids", async () => {
    const link = await anAskedLink({ recipient: { ...own, revokedAt: past() } })
    await changeSettings(acting(await anAdmin()), { recipientDomains: ["elsewhere.example"] })
    await expect(reopenShare(acting(link.owner), link.shareId, "open")).rejects.toBeRefusal(
      "not_allowed",
    )
    expect(await answersOf(link)).toEqual([null])
  })
})

describe("reopenShare", () => {
  it("gives a lapsed share two days from now and marks all its questions", async () => {
    const link = await anAskedLink({ expiresAt: past() })
    await asked(link)

    const share = await reopenShare(acting(link.owner), link.shareId, "expired")

    expect(share).toMatchObject({ status: "open", maxDownloads: null })
    expect(daysFromNow(share.expiresAt)).toBeCloseTo(2, 2)
    expect(await answersOf(link)).toEqual(["opened", "opened"])
    expect(await listQuestions(link.owner, link.shareId)).toEqual({ items: [], count: 0 })
    const [entry] = await entriesOf(link)
    expect(entry).toMatchObject({
      action: "share.edit",
      actorId: link.ownerId,
      details: { changed: "expiresAt", expiresAt: share.expiresAt },
    })
  })

  it("gives a share that was used up three downloads on top of those that were counted", async () => {
    const link = await anAskedLink({ maxDownloads: 2, downloads: 2 })
    await db.shareCounter.create({ data: { shareId: link.shareId, shard: 1, downloads: 5n } })

    const share = await reopenShare(acting(link.owner), link.shareId, "used_up")

    expect(share).toMatchObject({ status: "open", downloads: 7, maxDownloads: 10 })
    expect(daysFromNow(share.expiresAt)).toBeCloseTo(7, 2)
    expect(await actionsOf(link)).toEqual(["share.edit"])
  })

  it("gives both if a share has lapsed and was used up", async () => {
    const link = await anAskedLink({ expiresAt: past(), maxDownloads: 1, downloads: 1 })

    const share = await reopenShare(acting(link.owner), link.shareId, "expired")

    expect(share).toMatchObject({ status: "open", maxDownloads: 4 })
    expect(daysFromNow(share.expiresAt)).toBeCloseTo(2, 2)
  })

  it("restores a share that its owner revoked, for two days", async () => {
    const link = await aLink({ expiresAt: null })
    await revokeShare(link.ownerId as PersonId, link.shareId)
    await asked(link)

    const share = await reopenShare(acting(link.ownerId as PersonId), link.shareId, "revoked")

    expect(share).toMatchObject({ status: "open", revokedAt: null })
    expect(daysFromNow(share.expiresAt)).toBeCloseTo(2, 2)
    expect(await actionsOf(link)).toEqual(["share.revoke", "share.restore", "share.edit"])
    expect(await answersOf(link)).toEqual(["opened"])
  })

  it("leaves shares that an admin ended to the admins", async () => {
    const [link, admin] = [await aLink(), await anAdmin()]
    const owner = link.ownerId as PersonId
    await revokeShares(admin, { ids: [link.shareId], dryRun: false })
    await asked(link)

    for (const act of [
      () => reopenShare(acting(owner), link.shareId, "revoked"),
      () => restoreShare(acting(owner), link.shareId),
    ]) {
      await expect(act()).rejects.toBeRefusal("forbidden")
    }
    await expect(dismissQuestions(owner, link.shareId)).rejects.toBeRefusal("not_found")
    expect((await requireShare(owner, link.shareId)).status).toBe("revoked")
    expect(await answersOf(link)).toEqual([null])

    await restoreShareAsAdmin(admin, link.shareId)
    expect((await requireShare(owner, link.shareId)).status).toBe("open")
    expect(await answersOf(link)).toEqual(["restored"])
  })

  it("hands a question on to the owner if an admin restores a share that has lapsed", async () => {
    const [link, admin] = [await aLink(), await anAdmin()]
    await revokeShares(admin, { ids: [link.shareId], dryRun: false })
    await asked(link)
    await db.share.update({ where: { id: link.shareId }, data: { expiresAt: past() } })

    await restoreShareAsAdmin(admin, link.shareId)

    expect((await listQuestionsAsAdmin(admin, link.shareId)).count).toBe(0)
    expect((await listQuestions(link.ownerId as PersonId, link.shareId)).count).toBe(1)
  })

  it("counts two clicks at once as one", async () => {
    for (let round = 0; round < 5; round++) {
      const link = await anAskedLink({ maxDownloads: 1, downloads: 1 })

      const answers = await Promise.all(
        Array.from({ length: 6 }, () => reopenShare(acting(link.owner), link.shareId, "used_up")),
      )

      expect(answers.map(({ maxDownloads }) => maxDownloads)).toEqual(Array(6).fill(4))
      expect(await actionsOf(link)).toEqual(["share.edit"])
    }
  })

  it("refuses a click on a page whose state of the share is outdated", async () => {
    const link = await anAskedLink({ expiresAt: past() })
    await revokeShare(link.owner, link.shareId)

    await expect(reopenShare(acting(link.owner), link.shareId, "expired")).rejects.toBeRefusal(
      "conflict",
    )
    expect((await requireShare(link.owner, link.shareId)).status).toBe("revoked")

    const lapsed = await anAskedLink({ expiresAt: past() })
    await dismissQuestions(lapsed.owner, lapsed.shareId)
    await expect(reopenShare(acting(lapsed.owner), lapsed.shareId, "expired")).rejects.toBeRefusal(
      "conflict",
    )
  })

  it("does not find a share of another member", async () => {
    const link = await anAskedLink({ expiresAt: past() })
    const other = (await aLink()).ownerId as PersonId

    for (const act of [
      () => reopenShare(acting(other), link.shareId, "expired"),
      () => dismissQuestions(other, link.shareId),
      () => reopenShare(acting(other), "no id", "expired"),
    ]) {
      await expect(act()).rejects.toBeRefusal("not_found")
    }
    expect(await answersOf(link)).toEqual([null])
  })

  it("gives no more days than a share may stay open here", async () => {
    const link = await anAskedLink({ expiresAt: past() })
    await changeSettings(acting(await anAdmin()), { maxShareDays: 1 })
    const share = await reopenShare(acting(link.owner), link.shareId, "expired")
    expect(daysFromNow(share.expiresAt)).toBeCloseTo(1, 2)
  })

  it("gives only one answer's extension, whichever answer comes first", async () => {
    const link = await anAskedLink({ maxDownloads: 1, downloads: 1 })

    await Promise.allSettled([
      reopenShare(acting(link.owner), link.shareId, "used_up"),
      dismissQuestions(link.owner, link.shareId),
      editShare(acting(link.owner), link.shareId, { maxDownloads: 2 }),
    ])

    expect(await answersOf(link)).toHaveLength(1)
    expect(await answersOf(link)).not.toContain(null)
    const share = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
    expect(share.openQuestions).toBe(0)
  })
})

describe("other answers", () => {
  it("are an edit that opens the share, a restore, and nothing that leaves it closed", async () => {
    const lapsed = await anAskedLink({ expiresAt: past() })
    await editShare(acting(lapsed.owner), lapsed.shareId, { title: "Another" })
    await newLink(acting(lapsed.owner), lapsed.shareId)
    expect(await answersOf(lapsed)).toEqual([null])
    await editShare(acting(lapsed.owner), lapsed.shareId, { expiresAt: inDays(1) })
    expect(await answersOf(lapsed)).toEqual(["edited"])

    const revoked = await anAskedLink({ revokedAt: past() })
    await editShare(acting(revoked.owner), revoked.shareId, { expiresAt: inDays(1) })
    expect(await answersOf(revoked)).toEqual([null])
    await restoreShare(acting(revoked.owner), revoked.shareId)
    expect(await answersOf(revoked)).toEqual(["restored"])
  })

  it("dismiss all questions once, with an entry that says how many", async () => {
    const link = await anAskedLink({ expiresAt: past() })
    await asked(link)
    await Promise.all(Array.from({ length: 4 }, () => dismissQuestions(link.owner, link.shareId)))

    expect(await answersOf(link)).toEqual(["dismissed", "dismissed"])
    expect(await entriesOf(link)).toMatchObject([
      { action: "share.dismiss", details: { title: "The report", questions: 2 } },
    ])
    expect((await requireShare(link.owner, link.shareId)).status).toBe("expired")
    expect(await asked(link)).toBe(true)
  })

  it("are the admins' if an admin ended the share", async () => {
    const [link, admin] = [await aLink(), await anAdmin()]
    await revokeShares(admin, { ids: [link.shareId], dryRun: false })
    await asked(link)

    await dismissQuestionsAsAdmin(admin, link.shareId)

    expect(await answersOf(link)).toEqual(["dismissed"])
    const own = await anAskedLink({ expiresAt: past() })
    await expect(dismissQuestionsAsAdmin(admin, own.shareId)).rejects.toBeRefusal("not_found")
  })
})

describe("a ticket, when its link is opened again", () => {
  const click = async ({ publicId, fileId }: Link, cookies: VisitorCookies) => {
    const wanted = { publicId, fileIds: [fileId], cookies, source }
    return (await mint(wanted)) ?? (await claim({ ...wanted, directOnly: false }))
  }
  const downloadsOf = async (link: Link) =>
    (await requireShare(link.ownerId as PersonId, link.shareId)).downloads

  /** Makes a visitor who used the only download of a new link, and asked for access. */
  async function aVisitor() {
    const link = await aLink({ maxDownloads: 1 })
    const visitId = newVisitId()
    const { ticket } = await click(link, { ...noCookies, visitId })
    await asked(link)
    return { link, owner: link.ownerId as PersonId, cookies: { ...noCookies, visitId, ticket } }
  }

  it("counts nothing while it is valid", async () => {
    const { link, owner, cookies } = await aVisitor()
    await reopenShare(acting(owner), link.shareId, "used_up")

    await click(link, cookies)
    // The cookie of the visit is enough if the answer with the ticket was lost.
    await click(link, { ...cookies, ticket: null })

    expect(await downloadsOf(link)).toBe(1)
    expect(await requireShare(owner, link.shareId)).toMatchObject({ maxDownloads: 4 })
  })

  it("counts once more after its hours", async () => {
    const { link, owner, cookies } = await aVisitor()
    await reopenShare(acting(owner), link.shareId, "used_up")
    await db.claim.updateMany({ data: { at: inDays(-1) } })
    const expired = cookies.ticket && { ...cookies.ticket, expiresAt: new Date(Date.now() - 1_000) }

    await click(link, { ...cookies, ticket: expired })
    await click(link, { ...cookies, ticket: expired })

    expect(await downloadsOf(link)).toBe(2)
  })

  it("counts nothing after a revoke that was undone within its hours", async () => {
    const { link, owner, cookies } = await aVisitor()
    await revokeShare(owner, link.shareId)
    await reopenShare(acting(owner), link.shareId, "revoked")

    await click(link, cookies)

    expect(await downloadsOf(link)).toBe(1)
  })

  it("counts once more after a revoke with a cut off, which made it void", async () => {
    const { link, owner, cookies } = await aVisitor()
    await revokeShare(owner, link.shareId, { cutOff: true })
    await reopenShare(acting(owner), link.shareId, "revoked")

    await click(link, cookies)
    await click(link, cookies)

    expect(await downloadsOf(link)).toBe(2)
  })

  it("stays valid after the end that was moved", async () => {
    const link = await aLink({ maxDownloads: 3 })
    const visitId = newVisitId()
    const { ticket } = await click(link, { ...noCookies, visitId })
    await db.share.update({ where: { id: link.shareId }, data: { expiresAt: past() } })
    await asked(link)
    await reopenShare(acting(link.ownerId as PersonId), link.shareId, "expired")

    await click(link, { ...noCookies, visitId, ticket })

    expect(await downloadsOf(link)).toBe(1)
  })
})
