import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { listMembers } from "#lib/rooms/accounts/list-members.ts"
import { findSessionMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSession } from "#testing/builders/a-session.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { aClient } from "#testing/visitors/visitor-client.ts"
import { deleteMember } from "./delete-member.ts"

const rowOf = (id: string) => db.member.findUniqueOrThrow({ where: { id } })

describe("deleteMember", () => {
  it("ends the shares, deletes the files, and erases the name and address", async () => {
    const admin = await anAdmin()
    const owner = await aMember({ name: "Nora North", email: "nora@example.org" })
    const session = await aSession(owner)
    const { id: fileId } = await aFile({ owner })
    const share = await aShare({ owner, fileIds: [fileId] })
    await endUploadUrls()

    expect(await deleteMember(admin, owner, { files: "delete" })).toEqual({ shares: 1, files: 1 })

    expect(await findSessionMember(session)).toBeNull()
    expect((await aClient().send("GET", new URL(share.url).pathname)).status).toBe(410)
    expect(await db.file.findUniqueOrThrow({ where: { id: fileId } })).toMatchObject({
      deletedAt: expect.any(Date),
      objectKey: null,
    })
    expect(await rowOf(owner)).toMatchObject({
      name: "Former member",
      email: `deleted-${owner}@invalid`,
      usedBytes: 0n,
    })
    const { items } = await listMembers(admin, { limit: 50 })
    expect(items.map(({ id }) => id)).toEqual([admin])
    // The address can be used for another account.
    await aMember({ email: "nora@example.org" })
  })

  it("erases the member only when more shares than one batch has are revoked, and counts all", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    await db.$executeRaw`
      INSERT INTO share (id, owner_id, max_ttl_seconds)
      SELECT gen_random_uuid(), ${owner}::uuid, 15 FROM generate_series(1, 1200)`

    const ended = { shares: 1_200, files: 0 }
    expect(await deleteMember(admin, owner, { files: "delete" })).toEqual(ended)

    expect(await db.share.count({ where: { revokedAt: null } })).toBe(0)
    const entry = await db.auditEntry.findFirstOrThrow({ where: { action: "member.delete" } })
    expect(entry.details).toMatchObject(ended)
  })

  it("hands everything over if another member is named: the links stay", async () => {
    const [admin, owner, heir] = [await anAdmin(), await aMember(), await aMember()]
    const { id: fileId } = await aFile({ owner })
    const share = await aShare({ owner, fileIds: [fileId] })

    const deleted = await deleteMember(admin, owner, { files: "transfer", transferTo: heir })

    expect(deleted).toEqual({ shares: 1, files: 1 })
    expect((await aClient().send("GET", new URL(share.url).pathname)).status).toBe(200)
    expect(await db.file.findUniqueOrThrow({ where: { id: fileId } })).toMatchObject({
      ownerId: heir,
      deletedAt: null,
    })
  })

  it("refuses to delete the caller's own account and the last admin, and deletes nothing", async () => {
    const admin = await anAdmin()
    await expect(deleteMember(admin, admin, { files: "delete" })).rejects.toBeRefusal("conflict")
    const other = await anAdmin()
    await editMember(admin, other, { disabled: true })
    await expect(deleteMember(other, admin, { files: "delete" })).rejects.toBeRefusal("forbidden")
    expect((await rowOf(admin)).deletedAt).toBeNull()
  })

  it("leaves no file behind, even with concurrent uploads and calls", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    for (let count = 0; count < 6; count++) await aFile({ owner })
    const upload = () =>
      startUpload(acting(owner), { name: "late.pdf", size: 10, contentType: "application/pdf" })
    const calls = await Promise.allSettled([
      deleteMember(admin, owner, { files: "delete" }),
      ...Array.from({ length: 8 }, upload),
      deleteMember(admin, owner, { files: "delete" }),
    ])

    const done = [calls[0], calls.at(-1)].filter((call) => call?.status === "fulfilled")
    expect(done).toHaveLength(1)
    expect(await db.file.count({ where: { ownerId: owner, deletedAt: null } })).toBe(0)
    await endUploadUrls()
    await destroyDoomed()
    expect((await rowOf(owner)).usedBytes).toBe(0n)
  })

  it("cannot be enabled, made an admin or deleted again", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    await deleteMember(admin, owner, { files: "delete" })
    await expect(editMember(admin, owner, { disabled: false })).rejects.toBeRefusal("not_found")
    await expect(deleteMember(admin, owner, { files: "delete" })).rejects.toBeRefusal("not_found")
  })
})
