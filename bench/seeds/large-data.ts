import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import path from "node:path"
import { migrate } from "#prisma/migrate.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { type Scale, seedMany } from "./seed-many.ts"

export const LARGE: Scale = { shares: 1_000_000, events: 20_000_000 }
export const SMALL: Scale = { shares: 1_000, events: 20_000 }

/**
 * Makes a data directory with a number of shares and events. It is kept below LAPSE_BENCH_DATA for
 * all parts that use it, or is temporary; `remove` keeps the former.
 */
export async function dataOf(scale: Scale): Promise<{ directory: string; remove(): void }> {
  const kept = process.env.LAPSE_BENCH_DATA
  const directory = kept
    ? path.join(kept, `${scale.shares}-${scale.events}`)
    : mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  const mark = path.join(directory, "seeded")
  if (!existsSync(mark)) {
    remove() // removes the remains of an interrupted run
    await seed(directory, scale).catch((error: unknown) => {
      remove()
      throw error
    })
    writeFileSync(mark, "")
  }
  return { directory, remove: kept ? () => {} : remove }
}

async function seed(directory: string, scale: Scale) {
  const began = performance.now()
  // Without fsync: the remains of a machine's crash are removed.
  const postgres = await startPostgres({
    directory: path.join(directory, "postgres"),
    durable: false,
  })
  try {
    await migrate(postgres.url)
    await seedMany(postgres.url, scale)
  } finally {
    await postgres.stop()
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  const [shares, events] = [scale.shares, scale.events].map((n) => n.toLocaleString("en"))
  console.log(
    `${shares} shares and ${events} events: ${seconds} s to make, load ${loadavg()[0]?.toFixed(1)}`,
  )
}
