import { beforeAll, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { sealedEntries } from "#testing/builders/sealed-entries.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { sealAudit } from "./tasks.ts"

beforeAll(useOwnBucket)

it("does not seal again what someone with access only to the database removed and altered", async () => {
  const ids = await sealedEntries(5)
  await sealAudit()

  await db.$transaction([
    db.$executeRaw`UPDATE audit_entry SET action = 'share.forged' WHERE id = ${ids[4]}::uuid`,
    db.$executeRaw`DELETE FROM audit_seal WHERE sequence = 5`,
    db.$executeRaw`INSERT INTO audit_unsealed (entry_id) VALUES (${ids[4]}::uuid)`,
  ])

  await expect(sealAudit()).rejects.toThrow(/no longer sealed: it ends before 5/)
  expect(await db.auditSeal.count()).toBe(4)
})
