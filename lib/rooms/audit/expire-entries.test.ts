import { beforeAll, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { sealAll, sealedEntries } from "#testing/builders/sealed-entries.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { sealedHead } from "./chain/sealed-head.ts"
import { verifyChain } from "./chain/verify-chain.ts"
import { expireEntries } from "./expire-entries.ts"

// Each bucket has one head of the audit log, so this file uses its own bucket.
beforeAll(useOwnBucket)

/** Makes sealed entries of which the first `old` are ten days old, whatever the time of day. */
async function agedEntries(old: number, young: number) {
  // Entries cannot be aged after they are sealed.
  await db.$executeRaw`
    INSERT INTO audit_entry (id, at, actor, action)
    SELECT gen_random_uuid(), date_trunc('day', now(), 'UTC') - interval '9.5 days'
      + n * interval '1 second', 'Lapse', 'share.create'
    FROM generate_series(1, ${old}::int) n`
  await sealAll()
  await sealedEntries(young)
}

describe("expireEntries", () => {
  it("deletes the oldest entries and leaves a checkpoint from which the rest is verified", async () => {
    await agedEntries(5, 3)
    const head = await sealedHead()

    expect(await expireEntries(11)).toBe(0)
    expect(await expireEntries(9)).toBe(5)

    const left = await db.auditEntry.findMany({ where: { action: "share.create" } })
    expect(left).toHaveLength(3)
    const kept = [{ sequence: BigInt(head?.sequence ?? 0), hash: head?.hash ?? "" }]
    const report = await verifyChain(kept)
    expect(report).toMatchObject({ verified: 3, found: 0, begins: { sequence: 5n } })
    await sealAll()
    expect(await verifyChain(kept)).toMatchObject({ verified: 4, found: 0 })
    const [entry] = await db.auditEntry.findMany({ where: { action: "audit.expire" } })
    expect(entry).toMatchObject({ actor: "Lapse", details: { entries: 5 } })
  })

  it("deletes once when it runs twice at the same moment, in batches", async () => {
    await agedEntries(6_000, 2)

    const deleted = await Promise.all([expireEntries(9), expireEntries(9), expireEntries(9)])

    expect(deleted.reduce((sum, one) => sum + one, 0)).toBe(6_000)
    await sealAll()
    expect(await verifyChain()).toMatchObject({ found: 0, begins: { sequence: 6_000n } })
  })

  it("keeps the newest seal, so that the chain goes on when all entries are old", async () => {
    await agedEntries(4, 0)

    expect(await expireEntries(9)).toBe(3)
    await sealedEntries(2)

    expect(await verifyChain()).toMatchObject({ found: 0, begins: { sequence: 3n } })
  })

  it("stops at a young entry, and at one that waits for its seal", async () => {
    await agedEntries(2, 1)
    await agedEntries(2, 1)
    await db.$executeRaw`
      INSERT INTO audit_entry (id, at, actor, action)
      VALUES (gen_random_uuid(), now() - interval '20 days', 'Lapse', 'share.create')`

    expect(await expireEntries(9)).toBe(2)
    expect(await verifyChain()).toMatchObject({ found: 0 })
  })

  it("deletes nothing if an old entry differs from what was sealed: that is evidence", async () => {
    await agedEntries(5, 2)
    await db.$executeRaw`
      UPDATE audit_entry SET at = at - interval '1 year'
      WHERE id = (SELECT entry_id FROM audit_seal WHERE sequence = 7)`
    await db.$executeRaw`
      UPDATE audit_entry SET actor = 'Someone' WHERE id = (SELECT entry_id FROM audit_seal WHERE sequence = 3)`

    await expect(expireEntries(9)).rejects.toThrow(/not what was sealed at 3/)
    expect(await db.auditEntry.count()).toBe(7)
  })

  it("leaves a checkpoint that verification finds when it is moved or made up", async () => {
    await agedEntries(5, 4)
    await expireEntries(9)
    await db.$executeRaw`
      UPDATE audit_checkpoint SET sequence = seal.sequence, hash = seal.hash
      FROM audit_seal seal WHERE seal.sequence = 7`
    await db.$executeRaw`
      WITH seals AS (DELETE FROM audit_seal WHERE sequence <= 7 RETURNING entry_id)
      DELETE FROM audit_entry USING seals WHERE id = entry_id`

    expect((await verifyChain()).findings).toEqual([{ kind: "checkpoint", sequence: 7n }])
  })
})
