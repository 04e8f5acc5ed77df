import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import path from "node:path"
import { migrate } from "#prisma/migrate.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { type Scale, seedMany } from "./seed-many.ts"

export const LARGE: Scale = { shares: 1_000_000, events: 20_000_000 }
export const SMALL: Scale = { shares: 1_000, events: 20_000 }

/** Of every app on such data, so that a bench can make links and cookies of any. */
export const SECRETS = {
  LINK_SECRET: "a-link-secret-that-only-benches-use",
  AUTH_SECRET: "an auth secret that only benches use",
}

/**
 * A data directory with so many shares and events. It is below LAPSE_BENCH_DATA, where it is made
 * once for all parts that use it, or a temporary one; `remove` leaves the first as it is.
 */
export async function dataOf(scale: Scale): Promise<{ directory: string; remove(): void }> {
  const kept = process.env.LAPSE_BENCH_DATA
  const directory = kept
    ? path.join(kept, `${scale.shares}-${scale.events}`)
    : mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  const mark = path.join(directory, "seeded")
  if (!existsSync(mark)) {
    remove() // what an ended run may have left
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
  // Without fsync: what a crash of the machine leaves is removed.
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
