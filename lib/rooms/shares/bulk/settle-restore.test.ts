import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { findSessionMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { restoreShare } from "#lib/rooms/shares/revoke/restore-share.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSession } from "#testing/builders/a-session.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { settleRestore } from "./settle-restore.ts"

// Each bucket has one head of the audit log, so this file uses its own bucket.
beforeAll(useOwnBucket)

const aRestore = () => ({
  id: randomUUID(),
  takenAt: "2026-11-25T10:00:00.000Z",
  revoke: [] as { id: string; byAdmin: boolean }[],
  disable: [] as string[],
})
const epochsOf = async (shareId: string) =>
  db.share.findUniqueOrThrow({
    where: { id: shareId },
    select: { ticketEpoch: true, passwordVersion: true, revokedAt: true, revokedByAdmin: true },
  })
const sessionEpochOf = async (id: string) =>
  (await db.member.findUniqueOrThrow({ where: { id } })).sessionEpoch

describe("settleRestore", () => {
  it("ends every session and ticket, also those made between two restores of one backup", async () => {
    const owner = await aMember()
    const { id } = await aShare({ owner })
    const atBackup = { member: await sessionEpochOf(owner), share: await epochsOf(id) }
    const { sessionId } = await aSession(owner, atBackup.member)
    const find = (sessionEpoch: number) =>
      findSessionMember({ sessionId, memberId: owner, sessionEpoch })
    expect(await find(atBackup.member)).toBeTruthy()
    // After the backup, different members revoke shares and change passwords.
    for (let n = 0; n < 3; n++) {
      await revokeShare(owner, id)
      await restoreShare(acting(owner), id)
    }
    const handedOut = [await epochsOf(id)]

    const setBack = () =>
      db.$transaction([
        db.share.update({ where: { id }, data: { ticketEpoch: atBackup.share.ticketEpoch } }),
        db.member.update({ where: { id: owner }, data: { sessionEpoch: atBackup.member } }),
      ])
    const sessions = [atBackup.member]
    for (let restore = 0; restore < 2; restore++) {
      await setBack()
      await new Promise((resolve) => setTimeout(resolve, 1000))
      await settleRestore(aRestore())
      const now = await epochsOf(id)
      for (const { ticketEpoch, passwordVersion } of handedOut) {
        expect(now.ticketEpoch).toBeGreaterThan(ticketEpoch)
        expect(now.passwordVersion).toBeGreaterThan(passwordVersion)
      }
      for (const sessionEpoch of sessions) expect(await find(sessionEpoch)).toBeNull()
      handedOut.push(now)
      sessions.push(await sessionEpochOf(owner))
    }
  })

  it("revokes and disables what it was told to, as it was, and records it in the audit log", async () => {
    const [owner, other] = [await aMember(), await aMember()]
    const { file } = await aStartedFile({ owner: other })
    const shares = [await aShare({ owner }), await aShare({ owner }), await aShare({ owner })]
    const [mine, byAdmin, open] = shares.map(({ id }) => id)
    const restore = {
      ...aRestore(),
      revoke: [
        { id: mine ?? "", byAdmin: false },
        { id: byAdmin ?? "", byAdmin: true },
      ],
      disable: [other],
    }

    await settleRestore(restore)
    const settled = await epochsOf(open ?? "")
    await settleRestore(restore) // the process may have ended before it removed its note

    expect(await epochsOf(open ?? "")).toEqual(settled)
    expect(settled.revokedAt).toBeNull()
    await restoreShare(acting(owner), mine ?? "")
    await expect(restoreShare(acting(owner), byAdmin ?? "")).rejects.toBeRefusal("forbidden")
    expect((await db.member.findUniqueOrThrow({ where: { id: other } })).disabledAt).not.toBeNull()
    expect(await db.object.findFirst({ where: { fileId: file.id } })).toMatchObject({
      state: "doomed",
    })
    const [act, ...parts] = await db.auditEntry.findMany({
      where: { actorId: null },
      orderBy: { at: "asc" },
    })
    expect(act).toMatchObject({
      action: "installation.restore",
      actor: "Lapse",
      details: { takenAt: restore.takenAt, revoked: 2, disabled: 1 },
    })
    const touched = parts.map(({ action, targetId }) => `${action} ${targetId}`)
    const all = ["member.disable", "file.cancel", "share.revoke", "share.revoke"]
    const targets = [other, file.id, mine, byAdmin]
    expect(touched.sort()).toEqual(all.map((action, n) => `${action} ${targets[n]}`).sort())
    for (const { actId } of parts) expect(actId).toBe(act?.id)
  })

  it("revokes every open share if requested, and keeps the reasons of the others", async () => {
    await anAdmin()
    const owner = await aMember()
    const [open, closed] = [await aShare({ owner }), await aShare({ owner })]
    await revokeShare(owner, closed.id)
    const before = await epochsOf(closed.id)

    await settleRestore({ ...aRestore(), revoke: "open" })

    expect((await epochsOf(open.id)).revokedAt).not.toBeNull()
    expect((await epochsOf(closed.id)).revokedAt).toEqual(before.revokedAt)
  })
})
