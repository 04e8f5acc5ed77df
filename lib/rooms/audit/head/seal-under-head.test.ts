import { randomUUID } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { AUDIT_HEAD_KEY } from "#lib/adapters/storage/audit-head.ts"
import { checkAuditHead } from "#lib/adapters/storage/doctor/checks/check-audit-head.ts"
import { inBucket, storageClient } from "#lib/adapters/storage/storage-client.ts"
import { listObjects } from "#lib/adapters/storage.ts"
import { readHeads } from "#lib/rooms/audit/chain/kept-heads.ts"
import { chainEnd } from "#lib/rooms/audit/chain/sealed-head.ts"
import { verifyChain } from "#lib/rooms/audit/chain/verify-chain.ts"
import { reconcile } from "#lib/rooms/files/objects/reconcile.ts"
import { settleRestore } from "#lib/rooms/shares/bulk/settle-restore.ts"
import { sealAll, sealedEntries } from "#testing/builders/sealed-entries.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { throughStoreProxy } from "#testing/store/store-proxy.ts"
import { withStorageConfiguration } from "#testing/store/with-storage-settings.ts"
import { MINUTE } from "#testing/units.ts"
import { withStoreAt } from "#testing/with-outage.ts"
import { expireEntries } from "../expire-entries.ts"
import { recordAudit } from "../record-audit.ts"
import { type BucketHead, readBucketHead, writeBucketHead } from "./bucket-head.ts"
import { inspectHead } from "./inspect-head.ts"
import { resetHead } from "./reset-head.ts"
import { forgetHeadWarning, sealUnderHead } from "./seal-under-head.ts"

const secrets = configuration.LINK_SECRET
const warn = vi.spyOn(log, "warn")
beforeEach(async () => {
  warn.mockReset()
  forgetHeadWarning()
  await useOwnBucket() // a bucket without a head
})
afterEach(() => {
  configuration.LINK_SECRET = secrets
})

/** Runs the sealer as if a minute had passed since the last head. */
const seal = () => sealUnderHead(new Date(Date.now() + MINUTE))

/** Records and seals `count` entries, and keeps the head. */
async function aKeptLog(count: number) {
  await sealedEntries(count)
  await seal()
  warn.mockClear() // the first head of an older log causes a warning
}

async function kept() {
  const seen = await readBucketHead()
  if (seen.kind !== "kept") throw new Error(`The head in the bucket is ${seen.kind}.`)
  return seen
}

/** The findings that `lapse audit verify` reports. */
async function findings() {
  const { head } = await kept()
  return (await verifyChain([{ sequence: BigInt(head.sequence), hash: head.hash }])).findings
}

const textOfHead = async () => {
  const { Body } = await storageClient().s3.send(new GetObjectCommand(inBucket(AUDIT_HEAD_KEY)))
  return (await Body?.transformToString()) ?? ""
}

const putHead = (Body: string) =>
  storageClient().s3.send(new PutObjectCommand({ ...inBucket(AUDIT_HEAD_KEY), Body }))

/**
 * Acts as a superuser of the database: removes the seals after a place, and alters the entries that
 * they covered.
 */
async function forgeAfter(sequence: number) {
  await db.$transaction([
    db.$executeRaw`
      UPDATE audit_entry SET action = 'share.forged'
      WHERE id IN (SELECT entry_id FROM audit_seal WHERE sequence > ${sequence})`,
    db.$executeRaw`
      INSERT INTO audit_unsealed (entry_id)
      SELECT entry_id FROM audit_seal WHERE sequence > ${sequence}`,
    db.$executeRaw`DELETE FROM audit_seal WHERE sequence > ${sequence}`,
  ])
}

const warnings = () =>
  warn.mock.calls.map(([, sentence]) => String(sentence)).filter((each) => / head /.test(each))

describe("a log that was rewound in the database", () => {
  it("is not sealed again, and the sealer and verify name the place of the head", async () => {
    await aKeptLog(6)
    await forgeAfter(3)

    await expect(seal()).rejects.toThrow(/ends before 6, .* audit verify/)

    expect((await chainEnd()).sequence).toBe(3n)
    expect((await kept()).head.sequence).toBe(6)
    expect(await findings()).toEqual([{ kind: "cut_off", sequence: 6n }])
    expect(await inspectHead()).toEqual({ kind: "contradicted", sequence: 6 })
  })

  it("is detected by the head if it was sealed again to the same place and beyond", async () => {
    await aKeptLog(6)
    await forgeAfter(3)
    await sealAll() // seals as a process of the previous version
    await sealedEntries(2)

    await expect(seal()).rejects.toThrow(/its seal 6 is another/)
    expect(await findings()).toEqual([{ kind: "other_chain", sequence: 6n }])
    expect((await verifyChain()).findings).toEqual([]) // the database shows no fault
  })

  it("is detected if the database shows the seal of the head and continues on another branch", async () => {
    await aKeptLog(6)
    const { head } = await kept()
    await forgeAfter(3)
    await sealAll()
    await sealedEntries(2)
    await db.$executeRaw`
      UPDATE audit_seal SET hash = ${Buffer.from(head.hash, "hex")} WHERE sequence = 6`

    await expect(seal()).rejects.toThrow(/its entry 7 or the seal of it was altered/)
    expect((await kept()).head).toEqual(head)
    expect((await verifyChain()).found).toBeGreaterThan(0)
  })

  it("is refused when it is emptied to look new", async () => {
    await aKeptLog(4)
    for (const table of ["audit_entry", "audit_seal", "audit_unsealed", "audit_checkpoint"])
      await db.$executeRawUnsafe(`DELETE FROM ${table}`)
    await recordAudit(db, { actorId: null, action: "share.create" })

    await expect(seal()).rejects.toThrow(/ends before 4/)
    expect(await db.auditSeal.count()).toBe(0)
  })

  it("is refused with a forged checkpoint of retention", async () => {
    await aKeptLog(4)
    await forgeAfter(0)
    await db.$executeRaw`
      INSERT INTO audit_checkpoint (sequence, hash, deleted_to, made_at, mac)
      VALUES (9, sha256('a'), now(), now(), sha256('b'))`

    await expect(seal()).rejects.toThrow(/retention left of it at 9 was not made with LINK_SECRET/)
  })

  it("is sealed while the bucket cannot be reached, and refused as soon as it answers", async () => {
    await aKeptLog(5)
    await forgeAfter(2)

    await withStoreAt(seal)
    expect(warnings()).toEqual([expect.stringMatching(/cannot be read, so the log is sealed/)])
    await sealAll()

    await expect(seal()).rejects.toThrow(/its seal 5 is another/)
    expect((await kept()).head.sequence).toBe(5)
  })

  it("keeps all of its entries under retention, also after it was sealed again", async () => {
    await aKeptLog(5)
    await forgeAfter(2)
    await db.$executeRaw`UPDATE audit_entry SET at = now() - interval '9 days'`
    await db.$executeRaw`DELETE FROM audit_seal`
    await db.$executeRaw`
      INSERT INTO audit_unsealed (entry_id)
      SELECT id FROM audit_entry ON CONFLICT DO NOTHING`
    await withStoreAt(seal)
    await sealAll()

    await expect(withStoreAt(() => expireEntries(1))).rejects.toThrow(/cannot be read/)
    await expect(expireEntries(1)).rejects.toThrow(/its seal 5 is another/)
    expect(await db.auditEntry.count()).toBe(5)
  })

  it("is refused in every one of many concurrent runs, and its head stays", async () => {
    await aKeptLog(8)
    const before = await textOfHead()
    await forgeAfter(1)

    const runs = await Promise.allSettled(Array.from({ length: 8 }, seal))

    expect(runs.map(({ status }) => status)).toEqual(Array(8).fill("rejected"))
    expect(await textOfHead()).toBe(before)
  })
})

describe("the head in the bucket", () => {
  it("follows the log, and a copy of it works as a head for audit verify --head", async () => {
    await aKeptLog(3)
    expect(readHeads(await textOfHead())).toContainEqual(expect.objectContaining({ sequence: 3n }))

    await aKeptLog(2)

    const { sequence, hash } = await chainEnd()
    expect((await kept()).head).toMatchObject({ sequence: 5, hash: hash.toString("hex") })
    expect(sequence).toBe(5n)
    expect(await findings()).toEqual([])
    expect(await inspectHead()).toBeNull()
    expect(warn).not.toHaveBeenCalled()
  })

  it("is written at most once a minute", async () => {
    await sealedEntries(2)
    await sealUnderHead()
    expect((await kept()).head.sequence).toBe(2)
    const first = await textOfHead()

    for (let n = 0; n < 3; n++) {
      await sealedEntries(1)
      await sealUnderHead()
    }
    await Promise.all([sealUnderHead(), sealUnderHead()])

    expect(await textOfHead()).toBe(first)
    expect(await findings()).toEqual([])
    await seal() // a minute later
    expect((await kept()).head.sequence).toBe(5)
  })

  it("never goes back, however many sealers run while entries are recorded", async () => {
    await aKeptLog(1)
    let recording = true
    const seen: number[] = []
    const work = async () => {
      while (recording) await seal()
    }
    const watch = async () => {
      while (recording) seen.push((await kept()).head.sequence)
    }
    const sealers = [work(), work(), work(), watch()]
    for (let n = 0; n < 60; n++)
      await recordAudit(db, { actorId: null, action: "share.edit", targetId: `${n}` })
    recording = false
    await Promise.all(sealers)
    await sealAll()
    await seal()

    expect(seen).toEqual([...seen].sort((one, other) => one - other))
    expect((await kept()).head.sequence).toBe(61)
    expect(await verifyChain()).toMatchObject({ verified: 61, found: 0 })
    expect(await findings()).toEqual([])
  })

  it("is not set back by a delayed write", async () => {
    await aKeptLog(2)
    await sealedEntries(1)
    let holds = true
    let held = 0
    const fateOf = ({ method, url = "" }: IncomingMessage) => {
      if (!holds || method !== "PUT" || !url.includes(AUDIT_HEAD_KEY)) return "forwarded"
      held++
      return "held"
    }

    let slow: Promise<void> | undefined
    await throughStoreProxy(fateOf, async ({ release }) => {
      slow = seal()
      await vi.waitFor(() => expect(held).toBe(1), 10_000)
      holds = false
      await sealedEntries(4)
      await seal()
      expect((await kept()).head.sequence).toBe(7)

      expect(await release()).toEqual([412])
    })
    await slow

    expect((await kept()).head.sequence).toBe(7)
    expect(warnings()).toEqual([expect.stringMatching(/cannot be kept in the bucket/)])
  })

  it("is written once by two processes that read the same head", async () => {
    await aKeptLog(1)
    const seen = await kept()
    const head = (sequence: number) => ({ ...seen.head, sequence })

    const written = await Promise.all([2, 3, 4, 5].map((n) => writeBucketHead(head(n), seen)))

    expect(written.filter(Boolean)).toHaveLength(1)
    await useOwnBucket()
    const none: BucketHead = { kind: "none" }
    const begun = await Promise.all([2, 3, 4, 5].map((n) => writeBucketHead(head(n), none)))
    expect(begun.filter(Boolean)).toHaveLength(1)
    await useOwnBucket()
    expect(await writeBucketHead(head(2), seen)).toBe(false)
  })

  it("is overwritten in a store without conditional writes", async () => {
    await aKeptLog(1)
    const { capabilities } = storageClient()
    const known = [...capabilities]
    for (const name of ["match", "bareMatch"]) capabilities.set(name, Promise.resolve(false))
    try {
      await aKeptLog(2)
      expect(await checkAuditHead()).toEqual({ state: "warn", code: "unconditional" })
    } finally {
      capabilities.clear()
      for (const [name, answer] of known) capabilities.set(name, answer)
    }

    expect((await kept()).head.sequence).toBe(3)
  })

  it("begins if there was none, with a warning if the log is older", async () => {
    await recordAudit(db, { actorId: null, action: "share.create" })
    while ((await db.auditUnsealed.count()) > 0) await seal()
    expect((await kept()).head.sequence).toBe(1)
    expect(warn).not.toHaveBeenCalled()

    await sealedEntries(2)
    await useOwnBucket() // like a log of the previous version, which saved no head
    await seal()

    expect((await kept()).head.sequence).toBe(3)
    expect(warnings()).toEqual([expect.stringMatching(/had no head .* entry 3/)])
  })

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["another text", '{"sequence":2}'],
    ["a very long one", "x".repeat(100_000)],
    ["a made-up one", JSON.stringify({ sequence: 1, hash: "0".repeat(64), sealedAt: "", mac: "" })],
  ])("that is %s is left as it is, warned of, and does not stop the sealer", async (_, text) => {
    await sealedEntries(2)
    await putHead(text)
    await recordAudit(db, { actorId: null, action: "share.create" })

    await seal()
    await sealAll()
    await seal()

    expect((await chainEnd()).sequence).toBe(3n)
    expect(await textOfHead()).toBe(text)
    expect(warnings()).toEqual([expect.stringMatching(/not made with LINK_SECRET/)])
    expect(await inspectHead()).toEqual({ kind: "foreign" })
    await expect(expireEntries(1)).rejects.toThrow(/not made with LINK_SECRET/)

    expect(await resetHead()).toEqual({ was: null, now: 3 })
    expect((await kept()).head.sequence).toBe(3)
  })

  it("of another installation is left as it is", async () => {
    configuration.LINK_SECRET = ["the-secret-of-another-installation-in-this-bucket"]
    await aKeptLog(9)
    configuration.LINK_SECRET = secrets
    const text = await textOfHead()
    await db.$executeRaw`DELETE FROM audit_seal`
    await db.$executeRaw`DELETE FROM audit_entry`

    await sealedEntries(2)
    await seal()

    expect(await textOfHead()).toBe(text)
    expect(warnings()).toEqual([expect.stringMatching(/not made with LINK_SECRET/)])
  })

  it("is made again with a new LINK_SECRET, so that the old one can be removed", async () => {
    await aKeptLog(2)
    configuration.LINK_SECRET = ["a-new-secret-that-is-in-front-of-the-old", ...secrets]
    await seal()

    configuration.LINK_SECRET = configuration.LINK_SECRET.slice(0, 1)
    expect((await kept()).head.sequence).toBe(2)
  })

  it("warns once if the key may not write it, and the log is sealed", async () => {
    const [signer] = configuration.S3_SIGNERS ?? []
    if (!signer) throw new Error("The store has no signers.")
    await withStorageConfiguration({ bucket: configuration.S3_BUCKET, keys: signer }, async () => {
      await sealedEntries(2)
      await seal()
      await recordAudit(db, { actorId: null, action: "share.create" })
      await seal()
      await sealAll()
      expect(await expireEntries(1)).toBe(0)
      expect(await inspectHead()).toEqual({ kind: "unseen" })
      expect(await checkAuditHead()).toMatchObject({ state: "warn", code: "refused" })
    })

    expect((await chainEnd()).sequence).toBe(3n)
    expect(warnings()).toEqual([expect.stringMatching(/cannot be read.* \(AccessDenied, 403\)/)])
    expect((await readBucketHead()).kind).toBe("none")
  })

  it("continues after an outage of the bucket, with the entries sealed meanwhile", async () => {
    await aKeptLog(2)
    await withStoreAt(async () => {
      await sealedEntries(3)
      await seal()
      await seal()
    })
    expect(warn).toHaveBeenCalledOnce()

    await seal()

    expect((await kept()).head.sequence).toBe(5)
    await withStoreAt(seal) // another outage, which is logged again
    expect(warn).toHaveBeenCalledTimes(2)
  })

  it("is left alone by reconcile", async () => {
    await aKeptLog(1)

    expect(await reconcile({ apply: true })).toMatchObject({ orphans: [], objects: 0, foreign: 0 })

    const keys: string[] = []
    for await (const { key } of listObjects("audit/")) keys.push(key)
    expect(keys).toEqual([AUDIT_HEAD_KEY])
  })

  it("holds retention back: entries that it does not cover yet are not deleted", async () => {
    const insert = () => db.$executeRaw`
      INSERT INTO audit_entry (id, at, actor, action)
      SELECT gen_random_uuid(), now() - interval '9 days', 'Lapse', 'share.create'
      FROM generate_series(1, 3)`
    await insert()
    await sealAll()
    await seal()
    await insert()
    await sealedEntries(1)

    expect(await expireEntries(1)).toBe(3)
    await seal()
    await sealAll()
    await seal()
    expect(await expireEntries(1)).toBe(3)
    expect(await findings()).toEqual([])
    await expect(seal()).resolves.toBeUndefined()
  })
})

describe("after a restore of an older backup", () => {
  const settle = (id = randomUUID()) =>
    settleRestore({ id, takenAt: null, revoke: [], disable: [] })

  /** Restores the database to the state at an earlier entry. */
  async function restoreTo(sequence: number) {
    await db.$executeRaw`
      DELETE FROM audit_entry WHERE id IN
        (SELECT entry_id FROM audit_seal WHERE sequence > ${sequence})`
    await db.$executeRaw`DELETE FROM audit_seal WHERE sequence > ${sequence}`
  }

  it("resets the head, says so in the log, and continues to seal", async () => {
    await aKeptLog(7)
    await restoreTo(4)
    await expect(seal()).rejects.toThrow(/ends before 7/)

    const id = randomUUID()
    await settle(id)
    await settle(id)
    await seal()
    await sealAll()
    await seal()

    const resets = await db.auditEntry.findMany({ where: { action: "audit.reset_head" } })
    expect(resets.map(({ details }) => details)).toEqual([{ was: 7, now: 4 }])
    expect((await kept()).head.sequence).toBe(6)
    expect(await findings()).toEqual([])
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({ was: expect.objectContaining({ sequence: 7 }) }),
      expect.stringMatching(/reset/),
    )
  })

  it("resets the head to nothing from before the first seal", async () => {
    await aKeptLog(3)
    await restoreTo(0)

    await settle()
    expect((await kept()).head.sequence).toBe(0)
    await sealAll()
    await seal()

    expect((await kept()).head.sequence).toBe(2)
    expect(await findings()).toEqual([])
  })

  it("resets nothing if the restored state has the head", async () => {
    await aKeptLog(3)
    const before = await textOfHead()

    await settle()

    expect(await textOfHead()).toBe(before)
    expect(await resetHead()).toBeNull()
  })

  it("waits for the bucket, and not for a missing right", async () => {
    await aKeptLog(3)
    await restoreTo(1)
    const settled = () => db.auditEntry.count({ where: { action: "installation.restore" } })

    await expect(withStoreAt(() => settle())).rejects.toThrow()
    expect(await settled()).toBe(0)

    const [keys] = configuration.S3_SIGNERS ?? []
    await withStorageConfiguration({ ...(keys ? { keys } : {}) }, () => settle())
    expect(await settled()).toBe(1)
    await expect(seal()).rejects.toThrow(/ends before 3/)
    expect(await resetHead()).toEqual({ was: 3, now: 1 })
  })
})
