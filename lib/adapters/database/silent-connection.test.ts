import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { db, longDb, pool } from "#lib/adapters/database.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { BUSY_MS, throughProxy } from "#testing/with-outage.ts"

/** Returns the milliseconds until the work is settled, and its result. */
async function settled(work: () => Promise<unknown>) {
  const since = performance.now()
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  )
  return { ms: performance.now() - since, error }
}

const asks = {
  "a statement": () => pool().query("SELECT 1"),
  "a query": () => db.member.count(),
  "a transaction": () => db.$transaction((tx) => tx.member.count()),
}
const warm = (count: number) =>
  Promise.all(Array.from({ length: count }, () => pool().query("SELECT pg_sleep(0.05)")))

describe("connections that died silently", () => {
  it.each(Object.entries(asks))(
    "hold %s for a few seconds, once: all of them are dropped",
    async (_name, ask) => {
      await throughProxy(async (proxy, seconds) => {
        await warm(8)
        proxy.silenceOld("hold")

        const first = await settled(ask)
        expect(outageOf(first.error)).toBeRefusal("unavailable")
        expect(first.ms).toBeLessThan(seconds(10) + BUSY_MS)
        for (let index = 0; index < 10; index++) {
          const next = await settled(ask)
          expect(next.error).toBeNull()
          expect(next.ms).toBeLessThan(seconds(5) + BUSY_MS)
        }
      })
    },
  )

  it("in the middle of a transaction leave no connection that answers the next statement with its rows", async () => {
    await throughProxy(async (proxy) => {
      const lost = await settled(() =>
        db.$transaction(async (tx) => {
          await tx.member.count()
          proxy.silenceOld("mute")
          await tx.$queryRaw`SELECT 1 AS late`
        }),
      )
      expect(outageOf(lost.error)).toBeRefusal("unavailable")
      proxy.thaw()

      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, n) => pool().query("SELECT $1::int AS n", [n])),
      )
      expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 40 }, (_, n) => n))
    })
  })
})

describe("a frozen database", () => {
  it("fails a hundred requests at once within ten seconds, and answers when it is back", async () => {
    await throughProxy(async (proxy, seconds) => {
      await warm(4)
      proxy.freeze()

      const all = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          settled(async () => {
            await sleep(index * 5)
            return Object.values(asks)[index % 3]?.()
          }),
        ),
      )

      expect(all.filter(({ error }) => outageOf(error) === null)).toEqual([])
      expect(Math.max(...all.map(({ ms }) => ms))).toBeLessThan(seconds(10) + BUSY_MS)
      proxy.thaw()
      expect((await settled(() => db.member.count())).error).toBeNull()
    })
  })

  it("does not delay the end of the process", async () => {
    await throughProxy(async (proxy) => {
      await warm(4)
      proxy.freeze()
    }) // ends every connection
  })
})

describe("a database that is only slow", () => {
  it("keeps its connection while this process is too busy to read the answer", async () => {
    await throughProxy(async () => {
      await warm(1)
      const answer = pool().query("SELECT pg_backend_pid() AS pid")
      const since = performance.now()
      await new Promise((resolve) => setImmediate(resolve))
      while (performance.now() - since < 900);
      expect((await answer).rows).toHaveLength(1)
    })
  })

  it("ends a statement by its own timeout, on a connection that stays usable", async () => {
    await throughProxy(async (proxy, seconds) => {
      const slow = await settled(() => pool().query(`SELECT pg_sleep(${seconds(8) / 1000})`))

      expect(slow.error).toMatchObject({ code: "57014" })
      expect(outageOf(slow.error)?.message).toMatch(/^The database is busy/)
      expect(proxy.count()).toBeLessThan(2)
    })
  })

  it("gives work that no request waits for more time", async () => {
    await throughProxy(async (_proxy, seconds) => {
      const sleeping = longDb.$executeRawUnsafe(`SELECT pg_sleep(${seconds(7) / 1000})`)
      await expect(sleeping).resolves.toBeDefined()
    })
  })
})
