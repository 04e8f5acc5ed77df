import { afterEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, pool } from "#lib/adapters/database.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { sealAll, sealedEntries } from "#testing/builders/sealed-entries.ts"
import { sealEntries } from "./seal-entries.ts"
import { sealedHead } from "./sealed-head.ts"
import { verifyChain } from "./verify-chain.ts"

const findings = async () => (await verifyChain()).findings

async function keptHead() {
  const head = await sealedHead()
  if (!head) throw new Error("Nothing is sealed.")
  return { sequence: BigInt(head.sequence), hash: head.hash }
}

const secrets = configuration.LINK_SECRET
afterEach(() => {
  configuration.LINK_SECRET = secrets
})

describe("the chain of the audit log", () => {
  it("is whole after entries were sealed in several runs", async () => {
    await sealedEntries(3)
    await sealedEntries(4)

    const report = await verifyChain([await keptHead()])

    expect(report).toMatchObject({ verified: 7, waiting: 0, begins: null, found: 0 })
    expect(report.head).toMatchObject({ sequence: 7n, hash: (await sealedHead())?.hash })
  })

  it("is whole while nothing is sealed, and reports the entries that wait", async () => {
    await recordAudit(db, { actorId: null, action: "share.create" })

    expect(await verifyChain()).toMatchObject({ verified: 0, waiting: 1, head: null, found: 0 })
  })

  it.each([
    ["at", `"at" + interval '1 microsecond'`],
    ["actor_id", "gen_random_uuid()"],
    ["actor", "'Someone else <else@example.org>'"],
    ["action", "'share.edit'"],
    ["target_id", "'9'"],
    ["act_id", "gen_random_uuid()"],
    ["origin", "'203.0.113.9'"],
    ["details", `details || '{"files": 7}'`],
    ["details", `details - 'files'`],
  ])("finds an entry whose %s was altered to %s, once", async (column, value) => {
    const ids = await sealedEntries(5)
    await db.$executeRawUnsafe(
      `UPDATE audit_entry SET "${column}" = ${value} WHERE id = '${ids[2]}'`,
    )

    expect(await findings()).toEqual([{ kind: "altered", sequence: 3n, entryId: ids[2] }])
  })

  it("finds an entry that was removed", async () => {
    const ids = await sealedEntries(5)
    await db.auditEntry.delete({ where: { id: ids[4] ?? "" } })

    expect(await findings()).toEqual([{ kind: "removed", sequence: 5n, entryId: ids[4] }])
  })

  it("finds entries that were removed with their seals", async () => {
    const ids = await sealedEntries(6)
    const removed = ids.slice(1, 3)
    await db.auditSeal.deleteMany({ where: { entryId: { in: removed } } })
    await db.auditEntry.deleteMany({ where: { id: { in: removed } } })

    expect(await findings()).toEqual([{ kind: "missing", from: 2n, to: 3n }])
  })

  it("finds entries that were removed while the places of the others were moved up", async () => {
    const ids = await sealedEntries(4)
    await db.auditSeal.delete({ where: { entryId: ids[1] ?? "" } })
    await db.auditEntry.delete({ where: { id: ids[1] ?? "" } })
    await db.$executeRaw`UPDATE audit_seal SET sequence = sequence - 1 WHERE sequence > 2`

    expect((await findings()).map(({ kind }) => kind)).toEqual(["altered", "altered"])
  })

  it("finds the beginning cut off without the checkpoint of retention", async () => {
    const ids = await sealedEntries(4)
    await db.auditSeal.deleteMany({ where: { sequence: { lte: 2 } } })
    await db.auditEntry.deleteMany({ where: { id: { in: ids.slice(0, 2) } } })

    expect(await findings()).toEqual([{ kind: "missing", from: 1n, to: 2n }])
  })

  it("finds two entries that were swapped", async () => {
    const [one = "", other = ""] = await sealedEntries(3)
    await db.$executeRaw`UPDATE audit_seal SET entry_id = gen_random_uuid() WHERE entry_id = ${one}::uuid`
    await db.$executeRaw`UPDATE audit_seal SET entry_id = ${one}::uuid WHERE sequence = 2`
    await db.$executeRaw`UPDATE audit_seal SET entry_id = ${other}::uuid WHERE sequence = 1`

    expect((await findings()).map(({ kind }) => kind)).toEqual(["altered", "altered"])
  })

  it("finds an entry that was inserted with a seal of another key", async () => {
    await sealedEntries(2)
    configuration.LINK_SECRET = ["another-secret-that-an-attacker-made-up"]
    await recordAudit(db, { actorId: null, action: "share.create" })
    await sealAll()
    configuration.LINK_SECRET = secrets

    expect(await findings()).toMatchObject([{ kind: "altered", sequence: 3n }])
  })

  it("finds an entry that was inserted without the sealer, and one that lost its seal", async () => {
    const ids = await sealedEntries(2)
    const inserted = await recordAudit(db, { actorId: null, action: "share.create" })
    await db.auditUnsealed.deleteMany()
    await db.auditSeal.delete({ where: { sequence: 2 } })

    const found = (await findings()).map((finding) => "entryId" in finding && finding.entryId)

    expect(found.sort()).toEqual([ids[1], inserted].sort())
  })

  it("finds an entry that was removed before it was sealed", async () => {
    const id = await recordAudit(db, { actorId: null, action: "share.create" })
    await db.auditEntry.delete({ where: { id } })
    await sealEntries()

    expect(await findings()).toEqual([{ kind: "removed_unsealed", entryId: id }])
  })

  it("finds the newest entries cut off only with a kept head", async () => {
    const ids = await sealedEntries(5)
    const kept = await keptHead()
    await db.auditSeal.deleteMany({ where: { sequence: { gt: 3 } } })
    await db.auditEntry.deleteMany({ where: { id: { in: ids.slice(3) } } })

    expect(await findings()).toEqual([])
    expect((await verifyChain([kept])).findings).toEqual([{ kind: "cut_off", sequence: 5n }])
  })

  it("finds with a kept head that the newest entries were replaced by others", async () => {
    const ids = await sealedEntries(5)
    const kept = await keptHead()
    await db.auditSeal.deleteMany({ where: { sequence: { gt: 3 } } })
    await db.auditEntry.deleteMany({ where: { id: { in: ids.slice(3) } } })
    await sealedEntries(4)

    expect(await findings()).toEqual([])
    expect((await verifyChain([kept])).findings).toEqual([{ kind: "other_chain", sequence: 5n }])
  })

  it("continues under a new LINK_SECRET before the old one, which no longer seals", async () => {
    await sealedEntries(2)
    configuration.LINK_SECRET = ["a-new-secret-that-is-in-front-of-the-old", ...secrets]
    await sealedEntries(2)
    expect(await verifyChain()).toMatchObject({ verified: 4, found: 0 })

    configuration.LINK_SECRET = secrets // seals as someone who has the old secret
    await sealedEntries(1)
    configuration.LINK_SECRET = ["a-new-secret-that-is-in-front-of-the-old", ...secrets]
    expect(await findings()).toMatchObject([{ kind: "altered", sequence: 5n }])
  })

  it("lists some of very many findings and counts them all", async () => {
    await sealedEntries(80)
    await db.$executeRaw`UPDATE audit_entry SET action = 'share.edit'`

    const report = await verifyChain()

    expect(report.found).toBe(80)
    expect(report.findings).toHaveLength(50)
  })
})

describe("sealEntries", () => {
  it("seals each entry once, however many sealers run while entries are recorded", async () => {
    const record = async (n: number) => {
      for (let turn = 0; turn < 20; turn++) {
        await db.$transaction(async (tx) => {
          await recordAudit(tx, { actorId: null, action: "share.edit", targetId: `${n}` })
          if (turn % 3 === 0) await tx.$executeRaw`SELECT pg_sleep(0.01)`
        })
      }
    }
    let recording = true
    const seal = async () => {
      while (recording) await sealEntries()
    }
    const sealers = [seal(), seal(), seal()]
    await Promise.all(Array.from({ length: 6 }, (_, n) => record(n)))
    recording = false
    await Promise.all(sealers)
    await sealAll()

    expect(await verifyChain()).toMatchObject({ verified: 120, waiting: 0, found: 0 })
  })

  it("waits for an older transaction, and never skips what it commits late", async () => {
    const late = await pool().connect()
    await late.query("BEGIN")
    await late.query(
      `INSERT INTO audit_entry (id, actor, action) VALUES (gen_random_uuid(), 'Lapse', 'late.one')`,
    )
    await recordAudit(db, { actorId: null, action: "early.one" })
    expect(await sealEntries()).toBe(0)

    await late.query("COMMIT")
    late.release()
    expect(await sealAll()).toBe(2)

    const order = await db.$queryRaw<{ action: string }[]>`
      SELECT action FROM audit_seal JOIN audit_entry ON id = entry_id ORDER BY sequence`
    expect(order.map(({ action }) => action)).toEqual(["late.one", "early.one"])
    expect(await verifyChain()).toMatchObject({ verified: 2, found: 0 })
  })

  it("seals what a dump of another cluster brought, whose transactions have higher numbers", async () => {
    await recordAudit(db, { actorId: null, action: "share.create" })
    await db.$executeRaw`UPDATE audit_unsealed SET tx = '9000000000000'::xid8`

    expect(await sealAll()).toBe(1)
    await sealedEntries(1)
    expect(await verifyChain()).toMatchObject({ verified: 2, found: 0 })
  })

  it("seals more entries than one batch has", async () => {
    await db.$executeRaw`
      INSERT INTO audit_entry (id, actor, action)
      SELECT gen_random_uuid(), 'Lapse', 'share.create' FROM generate_series(1, 12_001)`

    expect(await sealAll()).toBe(12_001)
    expect(await verifyChain()).toMatchObject({ verified: 12_001, waiting: 0, found: 0 })
  })
})
