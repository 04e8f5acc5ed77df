import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { listAudit } from "./list-audit.ts"
import { recordAudit } from "./record-audit.ts"

describe("listAudit", () => {
  it("pages through every entry once, newest first", async () => {
    const actorId = await aMember({ name: "Ada", email: "ada@example.org" })
    await db.$transaction(async (tx) => {
      for (let n = 0; n < 7; n += 1) {
        await recordAudit(tx, { actorId, action: "share.revoke", targetId: `${n}` })
      }
    })

    const first = await listAudit({ limit: 4 })
    const second = await listAudit({ limit: 4, cursor: first.nextCursor ?? "" })

    const seen = [...first.items, ...second.items].map(({ targetId }) => targetId)
    expect(seen).toEqual(["6", "5", "4", "3", "2", "1", "0"])
    expect(second.nextCursor).toBeNull()
    expect(await listAudit({ limit: 4, cursor: second.prevCursor ?? "" })).toEqual(first)
    expect(first.items[0]).toMatchObject({ actor: "Ada <ada@example.org>", actorId, details: {} })
  })

  it("filters by room, by action, by who and by what", async () => {
    const actorId = await aMember()
    await db.$transaction(async (tx) => {
      await recordAudit(tx, { actorId, action: "share.revoke", targetId: "one" })
      await recordAudit(tx, { actorId: null, action: "share.restore", targetId: "one" })
      await recordAudit(tx, { actorId, action: "member.role", targetId: "two" })
    })
    const count = async (query: object) => (await listAudit({ limit: 9, ...query })).items.length

    expect(await count({ action: "share" })).toBe(2)
    expect(await count({ action: "share.revoke" })).toBe(1)
    expect(await count({ actorId })).toBe(2)
    expect(await count({ targetId: "one", actorId })).toBe(1)
  })

  it("contains nothing that was rolled back", async () => {
    const rolledBack = db.$transaction(async (tx) => {
      await recordAudit(tx, { actorId: null, action: "share.revoke" })
      throw new Error("no")
    })

    await expect(rolledBack).rejects.toThrow("no")
    expect(await db.auditEntry.count()).toBe(0)
  })
})
