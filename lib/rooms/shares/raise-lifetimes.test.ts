import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { raiseLifetimes } from "./raise-lifetimes.ts"

describe("raiseLifetimes", () => {
  it("raises every share that uses the setting, any number of them, and no other", async () => {
    const owner = await aMember()
    await db.$executeRaw`
      INSERT INTO share (id, owner_id, max_ttl_seconds, mint_ttl_seconds)
      SELECT gen_random_uuid(), ${owner}::uuid, CASE WHEN n % 3 = 0 THEN 300 ELSE 15 END,
        CASE WHEN n % 3 = 1 THEN 15 END
      FROM generate_series(1, 4500) n`

    // Several replicas start at once.
    await Promise.all([raiseLifetimes(), raiseLifetimes()])

    const lifetimes = await db.share.groupBy({ by: ["maxTtlSeconds"], _count: true })
    expect(Object.fromEntries(lifetimes.map((row) => [row.maxTtlSeconds, row._count]))).toEqual({
      15: 1_500,
      300: 1_500,
      [configuration.MINT_TTL_SECONDS]: 1_500,
    })
  })
})
