import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { listAudit } from "./list-audit.ts"
import { withAddress } from "./origin.ts"
import { recordAudit, recordParts } from "./record-audit.ts"

const secrets = configuration.LINK_SECRET
afterEach(() => {
  configuration.AUDIT_ADDRESSES = false
  configuration.LINK_SECRET = secrets
})

const record = (targetId: string) =>
  db.$transaction(async (tx) => {
    await sleep(1)
    await recordAudit(tx, { actorId: null, action: "share.edit", targetId })
  })
const originOf = async (targetId: string) =>
  (await db.auditEntry.findFirstOrThrow({ where: { targetId } })).origin

describe("recordAudit", () => {
  it("keeps the client's address of the request as a keyed hash, different for each address", async () => {
    const addresses = Array.from({ length: 12 }, (_, n) => `203.0.113.${n % 3}`)
    await Promise.all(addresses.map((address, n) => withAddress(address, () => record(`${n}`))))

    const origins = await Promise.all(addresses.map((_, n) => originOf(`${n}`)))
    expect(new Set(origins).size).toBe(3)
    for (const [n, origin] of origins.entries()) {
      expect(origin).toMatch(/^#[A-Za-z0-9_-]{16}$/)
      expect(origin).toBe(origins[n % 3])
    }
    expect(JSON.stringify(await db.auditEntry.findMany())).not.toContain("203.0.113")
  })

  it("keeps the address itself where the operator wants it", async () => {
    configuration.AUDIT_ADDRESSES = true
    await withAddress("2001:db8::7", () => record("one"))

    expect(await originOf("one")).toBe("2001:db8::7")
  })

  it("keeps no origin outside of a request, or where the address is not known", async () => {
    await record("job")
    await withAddress("unknown", () => record("unknown"))

    expect([await originOf("job"), await originOf("unknown")]).toEqual([null, null])
  })

  it("finds entries by the address, in any form and under any secret", async () => {
    await withAddress("203.0.113.1", () => record("hashed"))
    configuration.LINK_SECRET = ["a-new-secret-that-is-in-front-of-the-old", ...secrets]
    await withAddress("203.0.113.1", () => record("hashed anew"))
    configuration.AUDIT_ADDRESSES = true
    await withAddress("203.0.113.1", () => record("plain"))
    await withAddress("203.0.113.2", () => record("other"))

    const { items } = await listAudit({ origin: "203.0.113.1", limit: 9 })
    expect(items.map(({ targetId }) => targetId)).toEqual(["plain", "hashed anew", "hashed"])
    const same = await listAudit({ origin: items[2]?.origin ?? "", limit: 9 })
    expect(same.items.map(({ targetId }) => targetId)).toEqual(["hashed"])
  })

  it("refuses an actor who is not a member, and the change with it", async () => {
    const id = await aMember({ name: "Ada" })
    const unknown = "01a20e37-1124-7000-b66b-5d65dec0defa"

    const change = db.$transaction(async (tx) => {
      await tx.member.update({ where: { id }, data: { name: "Eve" } })
      await recordAudit(tx, { actorId: unknown, action: "member.name" })
    })

    await expect(change).rejects.toThrow()
    expect((await db.member.findUniqueOrThrow({ where: { id } })).name).toBe("Ada")
  })
})

describe("recordParts", () => {
  it("lists ten thousand things of an act, left out of the log until they are asked for", async () => {
    const actorId = await aMember()
    const act = { actorId, action: "share.revoke" }
    const parts = Array.from({ length: 10_000 }, (_, n) => ({
      targetId: `share ${n}`,
      details: { title: `Title ${n}` },
    }))

    const actId = await db.$transaction(async (tx) => {
      const id = await recordAudit(tx, { ...act, details: { shares: parts.length } })
      await recordParts(tx, { ...act, actId: id, parts })
      return id
    })

    expect((await listAudit({ limit: 9 })).items).toMatchObject([{ id: actId }])
    const page = await listAudit({ actId, limit: 2 })
    expect(page.items).toMatchObject([{ targetId: "share 9999" }, { targetId: "share 9998" }])
    const one = await listAudit({ targetId: "share 77", limit: 9 })
    expect(one.items).toMatchObject([{ actId, actorId, details: { title: "Title 77" } }])
    expect(await db.auditEntry.count({ where: { actId } })).toBe(10_000)
  })
})
