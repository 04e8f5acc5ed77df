import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { deleteRequest } from "#lib/rooms/requests/end-request.ts"
import { eraseDelivery } from "#lib/rooms/requests/erase-deliveries.ts"
import { transferOwnership } from "#lib/rooms/shares/bulk/transfer-ownership.ts"
import { eraseEndedRecipients } from "#lib/rooms/shares/links/erase-recipients.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { deleteFiles } from "./delete-files.ts"
import { deleteMember, deleteTeam } from "./delete-member.ts"
import { endLegalHold, listLegalHolds, setLegalHold } from "./legal-holds.ts"

const reason = "Case 12/26"
const isThere = async (id: string) =>
  (await db.file.findUniqueOrThrow({ where: { id } })).deletedAt === null

describe("a legal hold", () => {
  it("on a member refuses every deletion of a file that has arrived, to owner and admins", async () => {
    const [admin, owner] = [await anAdmin(), await aMember({ name: "Nora" })]
    const file = await aFile({ owner })
    const hold = await setLegalHold(admin, { of: "member", id: owner, reason })
    expect(await listLegalHolds(admin)).toEqual([hold])
    expect(hold).toMatchObject({ of: "member", name: "Nora", reason })

    await expect(deleteFile(owner, file.id)).rejects.toBeRefusal("legal_hold")
    await expect(deleteFiles(admin, [file.id])).rejects.toBeRefusal("legal_hold")
    await expect(deleteMember(admin, owner, { files: "delete" })).rejects.toBeRefusal("legal_hold")
    const to = await aMember()
    await expect(transferOwnership(admin, { from: owner, to })).rejects.toBeRefusal("legal_hold")
    expect(await isThere(file.id)).toBe(true)
    expect(await db.member.findUniqueOrThrow({ where: { id: owner } })).toMatchObject({
      disabledAt: null,
      transferTo: null,
    })

    await endLegalHold(admin, owner)
    await deleteFile(owner, file.id)
    expect(await isThere(file.id)).toBe(false)
    const entries = await db.auditEntry.findMany({
      where: { action: { startsWith: "legal_hold" } },
    })
    expect(entries.map(({ action }) => action).sort()).toEqual(["legal_hold.end", "legal_hold.set"])
  })

  it("on a team keeps its files, and says whose they are", async () => {
    const [admin, team] = [await anAdmin(), await aTeam({ name: "Sales", slug: "sales" })]
    const { id } = await aFile({ owner: team })
    const hold = await setLegalHold(admin, { of: "member", id: team, reason })
    expect(hold).toMatchObject({ of: "team", name: "Sales", owner: "/t/sales" })
    await expect(deleteFile(team, id)).rejects.toBeRefusal("legal_hold")
    await expect(deleteTeam(admin, team, { files: "delete" })).rejects.toBeRefusal("legal_hold")
    await endLegalHold(admin, team)
    expect(await listLegalHolds(admin)).toEqual([])
    await deleteTeam(admin, team, { files: "delete" })
    expect(await isThere(id)).toBe(false)
  })

  it("on a member ends a transfer that is under way", async () => {
    const [admin, owner, to] = [await anAdmin(), await aMember(), await aMember()]
    await db.$executeRaw`
      INSERT INTO file (id, owner_id, name, size, content_type)
      SELECT gen_random_uuid(), ${owner}::uuid, n::text, 1, 'a/b' FROM generate_series(1, 5000) n`
    await db.member.update({ where: { id: owner }, data: { usedBytes: 5_000 } })
    const left = () => db.file.count({ where: { ownerId: owner } })
    const ended = transferOwnership(admin, { from: owner, to }).catch((error) => error)
    await expect.poll(() => db.member.count({ where: { transferTo: to } }), { interval: 1 }).toBe(1)

    await setLegalHold(admin, { of: "member", id: owner, reason })
    const held = await left()

    expect(held).toBeGreaterThan(0)
    expect(await ended).toBeRefusal("legal_hold")
    expect(await left()).toBe(held)
  })

  it("on a member is refused, or refuses the deletion that is under way", async () => {
    const admin = await anAdmin()
    for (let round = 0; round < 20; round += 1) {
      const id = await aMember()
      const [hold, deletion] = await Promise.allSettled([
        setLegalHold(admin, { of: "member", id, reason }),
        deleteMember(admin, id, { files: "delete" }),
      ])
      expect([hold.status, deletion.status].sort()).toEqual(["fulfilled", "rejected"])
    }
  })

  it("does not stop the end of an upload that never arrived", async () => {
    const [admin, { owner, file }] = [await anAdmin(), await aStartedFile()]
    await setLegalHold(admin, { of: "member", id: owner, reason })
    await deleteFile(owner, file.id)
    expect(await isThere(file.id)).toBe(false)
  })

  it("on a share covers what was taken out of it, and the names of its recipients", async () => {
    const admin = await anAdmin()
    const owner = await aMember()
    const [kept, other] = [await aFile({ owner }), await aFile({ owner })]
    const share = await aShare({ owner, fileIds: [kept.id, other.id] })
    const free = await aFile({ owner })
    await setLegalHold(admin, { of: "share", id: share.id, reason })
    await db.shareFile.updateMany({ where: { fileId: kept.id }, data: { removedAt: new Date() } })
    await expect(deleteFile(owner, kept.id)).rejects.toBeRefusal("legal_hold")
    await deleteFile(owner, free.id)

    const long = new Date(Date.now() - 400 * 86_400_000)
    await db.share.update({ where: { id: share.id }, data: { revokedAt: long } })
    const publicId = new Uint8Array(8)
    await db.link.create({ data: { shareId: share.id, publicId, open: false, name: "Pia" } })
    await eraseEndedRecipients()
    expect(await db.link.count({ where: { name: "Pia" } })).toBe(1)
    await endLegalHold(admin, share.id)
    await eraseEndedRecipients()
    expect(await db.link.count({ where: { name: "Pia" } })).toBe(0)
  })

  it("on a request refuses its deletion and the erasure of its senders before anything changes", async () => {
    const admin = await anAdmin()
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const file = await sentBy(guest)
    await setLegalHold(admin, { of: "share", id, reason })
    for (const files of ["keep", "delete"] as const) {
      await expect(deleteRequest(ownerId, id, { files })).rejects.toBeRefusal("legal_hold")
      const erase = eraseDelivery(ownerId, guest.deliveryId, { files })
      await expect(erase).rejects.toBeRefusal("legal_hold")
    }
    await expect(deleteFile(guest, file.id)).rejects.toBeRefusal("legal_hold")
    const share = await db.share.findUniqueOrThrow({ where: { id } })
    expect(share.revokedAt).toBeNull()
    expect(await isThere(file.id)).toBe(true)
  })

  it("on another share of a sent file refuses to delete its request before anything changes", async () => {
    const admin = await anAdmin()
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const [free, held] = [await sentBy(guest), await sentBy(guest, { name: "pier.jpg" })]
    const share = await aShare({ owner: ownerId, fileIds: [held.id] })
    await setLegalHold(admin, { of: "share", id: share.id, reason })
    const refused = [
      () => deleteRequest(ownerId, id, { files: "delete" }),
      () => eraseDelivery(ownerId, guest.deliveryId, { files: "delete" }),
    ]
    for (const remove of refused) await expect(remove()).rejects.toBeRefusal("legal_hold")
    expect((await db.share.findUniqueOrThrow({ where: { id } })).revokedAt).toBeNull()
    const delivery = await db.delivery.findUniqueOrThrow({ where: { id: guest.deliveryId } })
    expect(delivery.erasedAt).toBeNull()
    expect([await isThere(free.id), await isThere(held.id)]).toEqual([true, true])

    await deleteRequest(ownerId, id, { files: "keep" })
    expect(await isThere(held.id)).toBe(true)
  })

  it("that races deletions either comes before each or after its commit", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const files = await Promise.all(Array.from({ length: 12 }, () => aFile({ owner })))
    const deletions = files.map(({ id }) =>
      deleteFile(owner, id).then(
        () => id,
        () => null,
      ),
    )
    await setLegalHold(admin, { of: "member", id: owner, reason })
    const there = await db.file.findMany({ where: { ownerId: owner, deletedAt: null } })
    await Promise.all(deletions)
    expect(await db.file.count({ where: { ownerId: owner, deletedAt: null } })).toBe(there.length)
  })

  it("is refused for what does not exist", async () => {
    const admin = await anAdmin()
    const id = crypto.randomUUID()
    await expect(setLegalHold(admin, { of: "share", id, reason })).rejects.toBeRefusal("not_found")
    await expect(endLegalHold(admin, id)).rejects.toBeRefusal("not_found")
  })
})
