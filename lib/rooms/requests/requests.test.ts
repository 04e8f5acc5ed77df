import { describe, expect, it } from "vitest"
import { db, type Prisma } from "#lib/adapters/database.ts"
import { linkToken, readLinkToken } from "#lib/adapters/secrets.ts"
import type { AdminId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { readLiveNumbers } from "#lib/rooms/activity/read-live-numbers.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { askForCode, mailCode } from "#lib/rooms/claims/verify/mail-code.ts"
import { verifyLink } from "#lib/rooms/claims/verify/verify-link.ts"
import { COOKIES, readVisitorCookies } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { listFiles } from "#lib/rooms/files/list-files.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { codeOf } from "#lib/rooms/mail/code-of.ts"
import { transferOwnership } from "#lib/rooms/shares/bulk/transfer-ownership.ts"
import { changeMemberAndLinks } from "#lib/rooms/shares/change-member-and-links.ts"
import { eraseLink } from "#lib/rooms/shares/links/erase-recipients.ts"
import { listLinks } from "#lib/rooms/shares/links/read-links.ts"
import { restoreLink, revokeLink } from "#lib/rooms/shares/links/revoke-link.ts"
import { listShares } from "#lib/rooms/shares/list/list-shares.ts"
import { requireShare } from "#lib/rooms/shares/require-share.ts"
import { restoreShares, restoreSharesAsAdmin } from "#lib/rooms/shares/revoke/restore-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aRecipient, linkAt } from "#testing/builders/a-recipient.ts"
import {
  aGuest,
  again,
  answered,
  aRequest,
  publicIdOf,
  sentBy,
  startedBy,
  urlOf,
} from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { mailBy } from "#testing/mail/with-mail.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { inDays, MIB } from "#testing/units.ts"
import { createRequest } from "./create-request.ts"
import { editRequest } from "./edit-request.ts"
import { deleteRequest, newRequestLink, restoreRequest, revokeRequest } from "./end-request.ts"
import { eraseDelivery } from "./erase-deliveries.ts"
import { completeFile, finishDelivery } from "./guest/deliver.ts"
import { beginGuest } from "./guest/guest.ts"
import { openRequest } from "./guest/open-request.ts"
import { deliveriesCsv, linksThatSent, listDeliveries } from "./list-deliveries.ts"
import {
  countRequests,
  hasRequests,
  listAllRequests,
  listRequests,
  requireRequest,
} from "./read-requests.ts"
import { type REQUEST_SORTS, RequestFields } from "./request.ts"
import { findSlug, isSlugFree } from "./request-slug.ts"
import { seeDeliveries } from "./see-deliveries.ts"

const NO_PROOFS = { unlock: null, delivery: null }
const DONE = { sender: {}, fields: {} }

const stateOf = async (publicId: Uint8Array) => {
  const opening = { publicId, kind: null, source: null, visitId: null, proofs: NO_PROOFS }
  return (await openRequest(opening)).state
}

describe("a request", () => {
  it("ends after 14 days and takes 1,000 files and 10 GB unless its owner says otherwise", async () => {
    const request = await aRequest()

    expect(request).toMatchObject({ maxFiles: 1_000, maxBytes: 10e9, status: "open" })
    const days = (Date.parse(request.expiresAt ?? "") - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(14)
  })

  it("has a token that opens no share, and no share's token opens it", async () => {
    const { url, publicId } = await aRequest()
    const token = url.split("/").at(-1) ?? ""

    expect(readLinkToken(token)).toBeNull()
    expect(readLinkToken(linkToken(publicId), "request")).toBeNull()
    expect(readLinkToken(linkToken(publicId, "share", false), "request")).toBeNull()
    expect(readLinkToken(linkToken(publicId, "request", false))).toBeNull()
    expect(readLinkToken(linkToken(publicId, "share", false))).toEqual(publicId)
  })

  it("has no url while its open link is revoked, and its chosen address is never a recipient's", async () => {
    const { id: shareId, ownerId: owner, publicId } = await aRequest({ slug: "for-all" })
    const of = { owner, shareId, kind: "request" } as const
    const maria = await aRecipient(of)
    expect(maria.url).toContain("/r/")
    expect(await stateOf(publicIdOf(maria.url))).toBe("request")
    expect(await findSlug("for-all", "192.0.2.9")).toEqual(publicId)

    await revokeLink(linkAt(of, "open"))
    expect((await requireRequest(owner, shareId)).url).toBeNull()
    expect(await findSlug("for-all", "192.0.2.9")).toEqual(publicId)
    expect(await stateOf(publicId)).toBe("revoked")
    expect(await stateOf(publicIdOf(maria.url))).toBe("request")
  })

  it("opens by a new code to a sender whose delivery began before the link was revoked and restored", async () => {
    mailBy(1)
    const { id: shareId, ownerId: owner } = await aRequest()
    const of = { owner, shareId, kind: "request" } as const
    const { id: linkId, url } = await aRecipient(of, "maria@example.org", { verify: true })
    const publicId = publicIdOf(url)
    const unlock = async (address: string) => {
      const mailId = await askForCode({ publicId, email: null, address })
      const link = Buffer.from(publicId).toString("hex")
      await mailCode({ id: mailId, link, email: null })
      const source = { agent: null, referrer: null, visitor: Buffer.alloc(16) }
      const code = codeOf(mailId)
      const value = await verifyLink({ publicId, mailId, code, address, source })
      const named = (name: string) => (name === COOKIES.unlock ? (value ?? "") : undefined)
      return readVisitorCookies(named).unlock
    }
    const address = "192.0.2.1"
    const proofs = { unlock: await unlock(address), delivery: null }
    const { ticket: delivery } = await beginGuest(publicId, proofs, { address })
    await beginGuest(publicId, { unlock: null, delivery }, { address })

    await revokeLink(linkAt(of, linkId))
    await restoreLink(linkAt(of, linkId))
    await expect(beginGuest(publicId, { ...proofs, delivery }, { address })).rejects.toThrow("code")
    const again = { unlock: await unlock("192.0.2.2"), delivery }
    const guest = await beginGuest(publicId, again, { address })
    expect(guest.deliveryId).not.toBe(delivery.id)
  })

  it("shows who has sent: a delivery names the recipient by whose link it came, until they are erased", async () => {
    const { id: shareId, ownerId: owner, publicId } = await aRequest()
    const of = { owner, shareId, kind: "request" } as const
    const pia = await aRecipient(of, '"=HYPERLINK(1)" <pia@example.org>')
    const bo = await aRecipient(of, "Bo <bo@example.org>")
    await sentBy(await aGuest(publicIdOf(pia.url)))
    await sentBy(await aGuest(publicId))
    const { items } = await listDeliveries(owner, shareId)
    expect(items.map(({ recipient }) => recipient)).toEqual([null, pia.name])
    expect(await linksThatSent(shareId, [pia.id, bo.id])).toEqual(new Set([pia.id]))
    expect(await deliveriesCsv(owner, shareId)).toContain(`,"'=HYPERLINK(1)",1,5`)

    await eraseLink(linkAt(of, pia.id))
    expect((await listDeliveries(owner, shareId)).items.map((each) => each.recipient)).toEqual([
      null,
      null,
    ])
  })

  it("that is deleted has no links any more, and no names of recipients", async () => {
    const { id: shareId, ownerId: owner } = await aRequest()
    const of = { owner, shareId, kind: "request" } as const
    const { id } = await aRecipient(of)
    expect((await listLinks(of, {})).items).toMatchObject([{ id, address: "maria@example.org" }])

    await deleteRequest(owner, shareId, { files: "keep" })
    await expect(listLinks(of, {})).rejects.toBeRefusal("not_found")
    await expect(aRecipient(of, "Bo")).rejects.toBeRefusal("not_found")
    await expect(restoreLink(linkAt(of, id))).rejects.toBeRefusal("not_found")
    const link = { name: "", address: "", recipient: "", revokedAt: expect.any(Date) }
    expect(await db.link.findUnique({ where: { id } })).toMatchObject(link)
    expect(await db.mail.count({ where: { targetId: id } })).toBe(0)
  })

  it("is none of its owner's shares", async () => {
    const { id, ownerId } = await aRequest()

    expect((await listShares(ownerId)).items).toEqual([])
    await expect(requireShare(ownerId, id)).rejects.toBeRefusal("not_found")
    await expect(revokeShare(ownerId, id)).rejects.toBeRefusal("not_found")
    expect((await listRequests(ownerId)).items).toMatchObject([{ id, status: "open" }])
  })

  it("is listed in the order that its owner chose", async () => {
    const { ownerId } = await aRequest({ title: "b", expiresAt: inDays(3).toISOString() })
    await aRequest({ owner: ownerId, title: "A", expiresAt: inDays(9).toISOString() })
    const titles = async (sort: (typeof REQUEST_SORTS)[number]) =>
      (await listRequests(ownerId, { sort })).items.map(({ title }) => title)

    expect(await titles("-created")).toEqual(["A", "b"])
    expect(await titles("name")).toEqual(["A", "b"])
    expect(await titles("end")).toEqual(["b", "A"])
  })

  it("is counted by status, also among those that match a search", async () => {
    const { ownerId } = await aRequest({ title: "open" })
    const { id } = await aRequest({ owner: ownerId, title: "ended" })
    await revokeRequest(ownerId, id)
    await aRequest({ title: "of another owner" })

    expect(await countRequests(ownerId)).toEqual({
      all: 2,
      open: 1,
      scheduled: 0,
      expired: 0,
      revoked: 1,
      used_up: 0,
    })
    expect(await countRequests(ownerId, "end")).toMatchObject({ all: 1, open: 0, revoked: 1 })
  })

  it("has a version that changes with what it takes and what comes in", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const versions: string[] = []
    const note = async () => {
      const { version } = await requireRequest(ownerId, id)
      const [live] = await readLiveNumbers(ownerId, { ids: [id] })
      expect(live).toMatchObject({ id, version })
      versions.push(version)
    }
    await note()
    await note()
    expect(new Set(versions).size).toBe(1)

    await editRequest(acting(ownerId), id, { slug: "photos", maxFiles: 3 })
    await note()
    const guest = await aGuest(publicId)
    const { file, put } = await startedBy(guest)
    await note()
    await put()
    await completeFile(guest, file.id, {})
    await note()
    await finishDelivery(guest, DONE)
    await note()
    const [delivery] = (await listDeliveries(ownerId, id)).items
    await eraseDelivery(ownerId, delivery?.id ?? "", { files: "delete" })
    await note()
    expect(new Set(versions).size).toBe(6)
  })

  it("knows whether its owner could choose an address", async () => {
    const { id, ownerId } = await aRequest({ slug: "photos" })
    const isFree = (slug: string, requestId: string | null) =>
      isSlugFree(ownerId, { slug, requestId, address: "10.0.0.1" })

    expect(await isFree("films", null)).toBe(true)
    expect(await isFree("photos", null)).toBe(false)
    expect(await isFree("photos", id)).toBe(true)
    await editRequest(acting(ownerId), id, { slug: null })
    expect(await isFree("photos", null)).toBe(false)
    await db.requestSlug.updateMany({ data: { leftAt: inDays(-366) } })
    expect(await isFree("photos", null)).toBe(true)
  })

  it("does not let a member find out others' chosen addresses", async () => {
    const { id, ownerId } = await aRequest({ slug: "photos" })
    const [other, share] = [await aMember(), await aShare({ owner: ownerId })]
    const ask = (requestId: string | null, slug = "photos") =>
      isSlugFree(other, { slug, requestId, address: "10.0.0.1" })

    await expect(ask(id)).rejects.toBeRefusal("not_found")
    await expect(ask(share.id)).rejects.toBeRefusal("not_found")
    const guesses = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) => ask(null, `films-${n}`)),
    )
    expect(guesses.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(28)
    await expect(ask(null)).rejects.toBeRefusal("too_many")
    const own = { slug: "films", requestId: id, address: "10.0.0.1" }
    expect(await isSlugFree(ownerId, own)).toBe(true)
  })

  it("belongs to its owner alone, and admins see it", async () => {
    const { id, ownerId } = await aRequest()
    const [other, admin] = [await aMember(), await anAdmin()]

    for (const change of [
      () => requireRequest(other, id),
      () => editRequest(acting(other), id, { title: "Mine" }),
      () => revokeRequest(other, id),
      () => newRequestLink(acting(other), id, { keepSlug: true }),
      () => deleteRequest(other, id, { files: "delete" }),
      () => listDeliveries(other, id),
    ])
      await expect(change()).rejects.toBeRefusal("not_found")
    expect((await listAllRequests(admin)).items).toMatchObject([{ id, owner: { id: ownerId } }])
  })

  it("changes what it takes, and the log says what changed", async () => {
    const { id, ownerId } = await aRequest()

    const edited = await editRequest(acting(ownerId), id, {
      title: "Films",
      maxFiles: 3,
      reusable: false,
    })

    expect(edited).toMatchObject({ title: "Films", maxFiles: 3, reusable: false, folder: "Inbox" })
    const entry = await db.auditEntry.findFirstOrThrow({ where: { action: "request.edit" } })
    expect(entry.details).toMatchObject({ maxFiles: 3, maxFilesBefore: 1_000, kind: "request" })
  })

  it("has no entry in the audit log with its chosen address, only that this changed", async () => {
    const { id, ownerId } = await aRequest({ slug: "photos" })
    await editRequest(acting(ownerId), id, { slug: "films" })
    const [made, edited] = await db.auditEntry.findMany({
      where: { targetId: id },
      orderBy: { at: "asc" },
    })
    expect(made?.details).toEqual({ title: "Photos, please", expiresAt: expect.any(String) })
    expect(edited?.details).toEqual({ kind: "request", title: "Photos, please", changed: "slug" })
  })

  it("is revoked and restored as a share is", async () => {
    const { id, ownerId, publicId } = await aRequest()

    expect(await revokeRequest(ownerId, id)).toMatchObject({ status: "revoked" })
    expect(await stateOf(publicId)).toBe("revoked")
    expect(await restoreRequest(acting(ownerId), id)).toMatchObject({ status: "open" })
    expect(await stateOf(publicId)).toBe("request")
  })

  it("ends with an admin's revocation of everything, and is restored by an admin alone", async () => {
    const { id, ownerId } = await aRequest()
    const admin = await anAdmin()

    await revokeShares(admin, { all: true })

    expect(await requireRequest(ownerId, id)).toMatchObject({ status: "revoked" })
    await expect(restoreRequest(acting(ownerId), id)).rejects.toBeRefusal("forbidden")
    await restoreSharesAsAdmin(admin, [id])
    expect(await requireRequest(ownerId, id)).toMatchObject({ status: "open" })
  })

  it("stays closed after it was deleted, whoever restores it", async () => {
    const { id, ownerId, publicId } = await aRequest()
    await deleteRequest(ownerId, id, { files: "keep" })

    expect(await restoreShares(acting(ownerId), [id], "request")).toEqual({ count: 0 })
    expect(await restoreSharesAsAdmin(await anAdmin(), [id])).toEqual({ count: 0 })
    expect(await stateOf(publicId)).toBe("revoked")
  })

  it("opens at its start", async () => {
    const { publicId } = await aRequest({ startsAt: inDays(1).toISOString() })

    expect(await stateOf(publicId)).toBe("scheduled")
    await expect(aGuest(publicId)).rejects.toBeRefusal("forbidden")
  })

  it("ends its old link with a new one, and its chosen address unless that is kept", async () => {
    const { id, ownerId, publicId } = await aRequest({ slug: "photos" })

    const kept = await newRequestLink(acting(ownerId), id, { keepSlug: true })
    expect(kept.slug).toBe("photos")
    expect(await stateOf(publicId)).toBe("unknown")
    expect(await stateOf(publicIdOf(urlOf(kept)))).toBe("request")
    expect((await newRequestLink(acting(ownerId), id, { keepSlug: false })).slug).toBeNull()
  })

  it("keeps its chosen address from others for a year after its end", async () => {
    const { id, ownerId } = await aRequest({ slug: "photos" })
    const other = await aMember()
    const take = () => createRequest(acting(other), { title: "Mine", folder: "", slug: "photos" })

    await expect(take()).rejects.toBeRefusal("conflict")
    await deleteRequest(ownerId, id, { files: "keep" })
    await expect(take()).rejects.toBeRefusal("conflict")
    await db.requestSlug.updateMany({ data: { leftAt: inDays(-366) } })
    expect(await take()).toMatchObject({ slug: "photos" })
  })

  it("gives a chosen address to one of many who ask for it at once", async () => {
    const owners = await Promise.all(Array.from({ length: 10 }, () => aMember()))

    const asked = await Promise.allSettled(
      owners.map((owner) =>
        createRequest(acting(owner), { title: "Mine", folder: "", slug: "photos" }),
      ),
    )

    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  })

  it("goes to another member with the files", async () => {
    const { id, ownerId, publicId } = await aRequest()
    await sentBy(await aGuest(publicId))
    const [admin, next] = [await anAdmin(), await aMember()]
    await db.member.update({ where: { id: ownerId }, data: { disabledAt: new Date() } })

    await transferOwnership(admin, { from: ownerId, to: next })

    expect(await requireRequest(next, id)).toMatchObject({ fileCount: 1 })
    const file = await sentBy(await aGuest(publicId))
    expect(await db.file.findUniqueOrThrow({ where: { id: file.id } })).toMatchObject({
      ownerId: next,
    })
  })
})

describe("a request whose owner leaves", () => {
  it("goes to another member with the uploads that are under way, which go on", async () => {
    const { ownerId, publicId } = await aRequest()
    const [admin, next] = [await anAdmin(), await aMember()]
    const guest = await aGuest(publicId)
    const small = await startedBy(guest)
    const size = 9 * MIB
    const big = await startUpload(guest, { name: "film.mp4", size, contentType: "video/mp4" })
    const part = async (number: number, bytes: number) => {
      const { parts } = await signParts(guest, big.file.id, { partNumbers: [number] })
      const [{ url = "", headers = {} } = {}] = parts
      await fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) })
    }
    await part(1, 8 * MIB)
    const own = await aStartedFile({ owner: ownerId, bytes: "own" })

    await changeMemberAndLinks(admin, ownerId, { disabled: true, transferTo: next })
    await destroyDoomed()

    await small.put()
    await completeFile(guest, small.file.id, {})
    await part(2, MIB)
    expect(await completeFile(guest, big.file.id, {})).toMatchObject({ status: "ready" })
    await expect(finishUpload(next, own.file.id)).rejects.toBeRefusal("not_found")
    await endUploadUrls()
    await destroyDoomed()
    expect(await readUsage(next)).toMatchObject({ usedBytes: size + small.file.size })
    expect(await readUsage(ownerId)).toMatchObject({ usedBytes: 0 })
  })
})

describe("requests that are turned off", () => {
  const off = (admin: AdminId & OwnerId) => changeSettings(acting(admin), { requests: false })

  it("are neither made, reopened nor extended, and stay until they end or are revoked", async () => {
    const admin = await anAdmin()
    const { id, ownerId, publicId } = await aRequest()
    const used = await aRequest({ owner: ownerId, reusable: false })
    const last = await aGuest(used.publicId)
    await sentBy(last)
    await finishDelivery(last, DONE)
    await off(admin)

    await expect(aRequest({ owner: ownerId })).rejects.toBeRefusal("not_allowed")
    await expect(editRequest(acting(ownerId), used.id, { reusable: true })).rejects.toBeRefusal(
      "not_allowed",
    )
    const later = { expiresAt: inDays(20) }
    await expect(editRequest(acting(ownerId), id, later)).rejects.toBeRefusal("not_allowed")
    await editRequest(acting(ownerId), id, { title: "Films", expiresAt: inDays(2) })
    expect(await sentBy(await aGuest(publicId))).toMatchObject({ status: "ready" })
    await revokeRequest(ownerId, id)
    await expect(restoreRequest(acting(ownerId), id)).rejects.toBeRefusal("not_allowed")
    expect(await hasRequests([ownerId])).toBe(true)
    expect(await hasRequests([await aMember()])).toBe(false)

    await changeSettings(acting(admin), { requests: true })
    expect(await restoreRequest(acting(ownerId), id)).toMatchObject({ status: "open" })
  })

  it("are not made once the change returned, however many are asked for beside it", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const asked = Array.from({ length: 20 }, () => answered(() => aRequest({ owner })))
    await Promise.any(asked)

    await answered(() => off(admin))
    const before = await db.request.count()
    await Promise.allSettled(asked)

    expect(await db.request.count()).toBe(before)
  })
})

describe("a required password", () => {
  it("is required of requests too, but not of those that exist", async () => {
    const { id, ownerId } = await aRequest()
    await changeSettings(acting(await anAdmin()), { passwordRequired: true })

    await expect(aRequest({ owner: ownerId })).rejects.toMatchObject({
      ...{ code: "not_allowed", field: "password" },
    })
    const locked = await aRequest({ owner: ownerId, password: "open sesame" })
    await expect(editRequest(acting(ownerId), locked.id, { password: null })).rejects.toBeRefusal(
      "not_allowed",
    )
    expect(await editRequest(acting(ownerId), id, { title: "Films" })).toMatchObject({
      title: "Films",
    })
    const expiresAt = inDays(20)
    await expect(editRequest(acting(ownerId), id, { expiresAt })).rejects.toBeRefusal("not_allowed")
    await revokeRequest(ownerId, id)
    await expect(restoreRequest(acting(ownerId), id)).rejects.toBeRefusal("not_allowed")
    await editRequest(acting(ownerId), id, { password: "open sesame" })
    expect(await restoreRequest(acting(ownerId), id)).toMatchObject({
      hasPassword: true,
      status: "open",
    })
  })
})

describe("what came in", () => {
  it("is listed by sender, with answers as CSV that no spreadsheet calculates", async () => {
    const fields = RequestFields.parse({ name: "required", own: [{ label: "Team" }] })
    const { id, ownerId, publicId } = await aRequest({ fields })
    const guest = await aGuest(publicId)
    await sentBy(guest)

    await expect(finishDelivery(guest, DONE)).rejects.toBeRefusal("invalid")
    const sender = { name: "=1+1" }
    const other = finishDelivery(guest, { sender, fields: { Team: "Blue", Other: "no" } })
    await expect(other).rejects.toBeRefusal("invalid")
    await finishDelivery(guest, { sender, fields: { Team: "Blue" } })

    const { items } = await listDeliveries(ownerId, id)
    expect(items).toMatchObject([
      { name: "=1+1", fields: { Team: "Blue" }, files: [{ name: "boat.jpg", path: "Inbox" }] },
    ])
    expect(items[0]?.fields).not.toHaveProperty("Other")
    expect(await deliveriesCsv(ownerId, id)).toContain(`,"'=1+1",,,Blue,1,5\r\n`)
    expect(await requireRequest(ownerId, id)).toMatchObject({ deliveries: 1, fileCount: 1 })
  })

  it("waits for a required name until its sender is done", async () => {
    const fields = RequestFields.parse({ name: "required" })
    const { id, ownerId, publicId } = await aRequest({ fields })
    const [guest, erased] = [await aGuest(publicId), await aGuest(publicId)]
    for (const each of [guest, erased]) await sentBy(each)
    await eraseDelivery(ownerId, erased.deliveryId, { files: "keep" })
    const waits = async () =>
      Object.fromEntries(
        (await listDeliveries(ownerId, id)).items.map((each) => [each.id, each.waitsForName]),
      )

    expect(await waits()).toEqual({ [guest.deliveryId]: true, [erased.deliveryId]: false })
    await finishDelivery(guest, { sender: { name: "Bo" }, fields: {} })
    expect(await waits()).toMatchObject({ [guest.deliveryId]: false })
    const optional = await aRequest()
    await sentBy(await aGuest(optional.publicId))
    expect((await listDeliveries(optional.ownerId, optional.id)).items).toMatchObject([
      { waitsForName: false },
    ])
  })

  it("does not list a sender of whom there is no file, unless there are answers", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const [gone, done] = [await aGuest(publicId), await aGuest(publicId)]
    const [one, two] = [await sentBy(gone), await sentBy(done)]
    await finishDelivery(done, { sender: { name: "Bo" }, fields: {} })
    for (const file of [one, two]) await deleteFile(ownerId, file.id)

    expect((await listDeliveries(ownerId, id)).items).toMatchObject([{ name: "Bo", files: [] }])
    expect((await deliveriesCsv(ownerId, id)).trim().split("\r\n")).toHaveLength(2)
    await eraseDelivery(ownerId, done.deliveryId, { files: "keep" })
    expect((await listDeliveries(ownerId, id)).items).toEqual([])
  })

  it("is new until its owner has seen it, and what comes later is new again", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const [one, two] = [await aGuest(publicId), await aGuest(publicId)]
    await startedBy(one)
    await sentBy(one, { name: "boat.jpg" })
    await sentBy(two, { name: "pier.jpg" })
    const newFiles = async () => {
      const { items } = await listDeliveries(ownerId, id)
      const isNew = items.flatMap(({ seenAt, files }) =>
        files.filter(({ arrivedAt }) => arrivedAt >= seenAt),
      )
      const { newFileCount, version } = await requireRequest(ownerId, id)
      expect(isNew).toHaveLength(newFileCount)
      return { names: isNew.map(({ name }) => name).sort(), version }
    }
    const see = (deliveryIds: string[], until = new Date(), owner = ownerId) =>
      seeDeliveries(owner, id, { deliveryIds, until })
    const before = await newFiles()
    expect(before.names).toEqual(["boat.jpg", "pier.jpg"])

    await expect(see([one.deliveryId], new Date(), await aMember())).rejects.toBeRefusal(
      "not_found",
    )
    await see([one.deliveryId])
    const after = await newFiles()
    expect(after.names).toEqual(["pier.jpg"])
    expect(after.version).not.toBe(before.version)

    await sentBy(one, { name: "late.jpg" })
    await see([one.deliveryId], inDays(-1))
    await see([two.deliveryId], inDays(1))
    expect((await newFiles()).names).toEqual(["late.jpg"])
    await sentBy(two, { name: "later.jpg" })
    expect((await newFiles()).names).toEqual(["late.jpg", "later.jpg"])
  })

  it("says of a file that it is being checked, and why it is held", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const sent = await sentBy(guest)
    const now = async (data: Prisma.FileUpdateInput) => {
      await db.file.update({ where: { id: sent.id }, data: { readyAt: null, ...data } })
      const { items } = await listDeliveries(ownerId, id)
      const { version } = await requireRequest(ownerId, id)
      return { version, ...items[0]?.files[0] }
    }
    const checking = await now({ status: "checking", uncheckedSince: new Date() })
    expect(checking).toMatchObject({ status: "checking", heldFor: null })
    const held = await now({ status: "held", heldFor: "Eicar" })
    expect(held).toMatchObject({ status: "held", heldFor: "Eicar" })
    expect(held.version).not.toBe(checking.version)
  })

  it("keeps the files and forgets the sender when its owner erases one", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    await sentBy(guest)
    await finishDelivery(guest, { sender: { name: "Bo" }, fields: {} })

    await eraseDelivery(ownerId, guest.deliveryId, { files: "keep" })

    expect((await listDeliveries(ownerId, id)).items).toMatchObject([
      { name: "", files: [{ name: "boat.jpg" }] },
    ])
    await eraseDelivery(ownerId, guest.deliveryId, { files: "delete" })
    expect((await listFiles(ownerId)).items).toEqual([])
    const log = await db.auditEntry.findMany({ select: { details: true, actor: true } })
    expect(JSON.stringify(log)).not.toContain("Bo")
    await expect(
      eraseDelivery(await aMember(), guest.deliveryId, { files: "keep" }),
    ).rejects.toBeRefusal("not_found")
  })

  it("stays or goes when the request is deleted", async () => {
    const { id, ownerId, publicId } = await aRequest()
    await sentBy(await aGuest(publicId))
    await deleteRequest(ownerId, id, { files: "keep" })

    expect((await listFiles(ownerId)).items).toHaveLength(1)
    expect(await stateOf(publicId)).not.toBe("request")
    await expect(requireRequest(ownerId, id)).rejects.toBeRefusal("not_found")

    const gone = await aRequest({ owner: ownerId })
    await sentBy(await aGuest(gone.publicId))
    await deleteRequest(ownerId, gone.id, { files: "delete" })
    expect((await listFiles(ownerId)).items).toHaveLength(1)
  })

  it("makes room again when its owner deletes a file", async () => {
    const { ownerId, publicId } = await aRequest({ maxFiles: 1 })
    const guest = await aGuest(publicId)
    const { id } = await sentBy(guest)
    await expect(sentBy(guest)).rejects.toBeRefusal("quota_exceeded")

    await deleteFile(ownerId, id)

    expect(await sentBy(await again(guest, publicId))).toMatchObject({ status: "ready" })
  })
})
