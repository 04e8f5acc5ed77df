import { randomBytes } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { noCookies } from "#testing/look-and-click.ts"
import { future, past } from "#testing/units.ts"
import { ask } from "./ask.ts"
import { listAskedShares, listAskedSharesAsAdmin } from "./list-asked-shares.ts"
import { listQuestions, listQuestionsAsAdmin } from "./list-questions.ts"
import { QUESTIONS_KEPT } from "./question.ts"
import { reopenShare } from "./reopen-share.ts"

let addresses = 0
/** A different client address each time. */
const anAddress = () => `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses++ & 255}`

const cookies = noCookies
const asked = (link: { publicId: Uint8Array }, note = "", address = anAddress()) =>
  ask({
    publicId: link.publicId,
    cookies,
    note,
    address,
    source: { agent: "Chrome on Android", referrer: null, visitor: randomBytes(16) },
  })

/** An open link whose only file was deleted. */
async function anEmptyLink(conditions: Parameters<typeof aLink>[0] = {}) {
  const owner = await aMember()
  const file = await aFile({ owner })
  const link = await aLink({ ...conditions, like: { ownerId: owner, fileIds: [file.id] } })
  await deleteFile(owner, file.id)
  return { ...link, owner }
}

afterEach(() => {
  hostState().disk = null
})

describe("ask", () => {
  it("stores a message for the owner of a link that lapsed, was used up or was revoked", async () => {
    for (const over of [
      { expiresAt: past() },
      { maxDownloads: 2, downloads: 2 },
      { revokedAt: past() },
    ]) {
      const link = await aLink(over)
      expect(await asked(link, "It is me, Tom")).toBe(true)

      const { items, count } = await listQuestions(link.ownerId as PersonId, link.shareId)
      expect(count).toBe(1)
      expect(items).toMatchObject([{ note: "It is me, Tom", agent: "Chrome on Android" }])
      expect(await listAskedShares(link.ownerId as PersonId)).toMatchObject([
        { id: link.shareId, title: "The report", questions: 1 },
      ])
    }
  })

  it("asks for the files of an open link of which all were deleted, until files are added", async () => {
    const link = await anEmptyLink({ maxDownloads: 5 })
    const { owner } = link
    expect(await asked(link, "Where is it?")).toBe(true)
    expect(await listQuestions(owner, link.shareId)).toMatchObject({ count: 1 })

    await editShare(acting(owner), link.shareId, { title: "Still without files" })
    await expect(reopenShare(acting(owner), link.shareId, "open")).rejects.toBeRefusal("conflict", {
      message: "This share has no files left. Add files to open it again.",
    })
    expect(await listQuestions(owner, link.shareId)).toMatchObject({ count: 1 })

    await editShare(acting(owner), link.shareId, { addFileIds: [(await aFile({ owner })).id] })
    expect(await listQuestions(owner, link.shareId)).toMatchObject({ count: 0 })
    expect(await asked(link)).toBe(false)
  })

  it("tells nobody without the password that a link has no files", async () => {
    const link = await anEmptyLink({ passwordHash: "a hash" })
    expect(await asked(link)).toBe(false)
  })

  it("leaves no open question on a share that gets files at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const link = await anEmptyLink()
      const { owner } = link
      const addFileIds = [(await aFile({ owner })).id]
      await Promise.all([
        ...Array.from({ length: 4 }, () => asked(link)),
        editShare(acting(owner), link.shareId, { addFileIds }),
        ...Array.from({ length: 4 }, () => asked(link)),
      ])

      const share = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
      expect(share.openQuestions).toBe(0)
      expect(await db.question.count({ where: { answeredAt: null } })).toBe(0)
    }
  })

  it("is refused for a link that opens or will open, and for an unknown link", async () => {
    for (const open of [
      {},
      { passwordHash: "a hash" },
      { startsAt: future() },
      { maxDownloads: 2, downloads: 1 },
    ]) {
      expect(await asked(await aLink(open))).toBe(false)
    }
    await expect(asked({ publicId: randomBytes(8) })).rejects.toBeRefusal("not_found")
    expect(await db.question.count()).toBe(0)
    expect(await db.attempt.count({ where: { purpose: "ask" } })).toBe(0)
  })

  it("goes to the admins, and not to the owner, if an admin ended the share", async () => {
    const link = await aLink({ revokedAt: past() })
    await db.share.update({ where: { id: link.shareId }, data: { revokedByAdmin: true } })
    const [owner, admin] = [link.ownerId as PersonId, await anAdmin()]

    expect(await asked(link, "Please")).toBe(true)

    expect(await listQuestions(owner, link.shareId)).toEqual({ items: [], count: 0 })
    expect(await listAskedShares(owner)).toEqual([])
    expect(await listQuestionsAsAdmin(admin, link.shareId)).toMatchObject({
      items: [{ note: "Please" }],
      count: 1,
    })
    expect(await listAskedSharesAsAdmin(admin)).toMatchObject([{ id: link.shareId, questions: 1 }])
  })

  it("shows no member the questions of another, and no admin those that go to an owner", async () => {
    const [mine, other] = [await aLink({ expiresAt: past() }), await aLink()]
    await asked(mine, "Please")

    const nothing = { items: [], count: 0 }
    expect(await listQuestions(other.ownerId as PersonId, mine.shareId)).toEqual(nothing)
    expect(await listAskedShares(other.ownerId as PersonId)).toEqual([])
    expect(await listQuestionsAsAdmin(await anAdmin(), mine.shareId)).toEqual(nothing)
    expect(await listAskedSharesAsAdmin(await anAdmin())).toEqual([])
  })

  it("keeps 20 of 100 simultaneous questions and counts them all", async () => {
    const link = await aLink({ expiresAt: past() })

    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => asked(link, `${n}`)))

    expect(answers).toEqual(Array(100).fill(true))
    expect(await db.question.count({ where: { shareId: link.shareId } })).toBe(QUESTIONS_KEPT)
    const { items, count } = await listQuestions(link.ownerId as PersonId, link.shareId)
    expect([items.length, count]).toEqual([QUESTIONS_KEPT, 100])
  })

  it("throttles a client that asks about a link repeatedly, and no other client", async () => {
    const link = await aLink({ expiresAt: past() })
    const address = anAddress()
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, () => asked(link, "", address)),
    )

    const refusals = answers.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))
    expect(refusals).toHaveLength(7)
    for (const refusal of refusals) {
      expect(refusal).toBeRefusal("too_many")
      expect(refusal.retryAfterSeconds).toBeGreaterThan(0)
    }
    expect(await asked(link)).toBe(true)
    expect(await asked(await aLink({ expiresAt: past() }), "", address)).toBe(true)
  })

  it("writes nothing while the disk is full", async () => {
    const link = await aLink({ expiresAt: past() })
    const disk = { directory: "/data", reserveBytes: 1_000, takesUploads: true }
    hostState().disk = { ...disk, freeBytes: 499 }

    await expect(asked(link)).rejects.toBeRefusal("unavailable")
    expect(await db.question.count()).toBe(0)
    expect(await db.attempt.count({ where: { purpose: "ask" } })).toBe(0)

    hostState().disk = { ...disk, freeBytes: 500 }
    expect(await asked(link)).toBe(true)
  })

  it("leaves no open question on a share that is opened at the same moment", async () => {
    for (let round = 0; round < 5; round++) {
      const link = await aLink({ expiresAt: past() })
      await asked(link)
      const later = { expiresAt: future() }
      await Promise.all([
        editShare(acting(link.ownerId as PersonId), link.shareId, later),
        ...Array.from({ length: 8 }, () => asked(link)),
      ])

      const share = await db.share.findUniqueOrThrow({ where: { id: link.shareId } })
      expect(share.openQuestions).toBe(0)
      expect(await db.question.count({ where: { answeredAt: null } })).toBe(0)
      expect(await asked(link)).toBe(false)
    }
  })
})
