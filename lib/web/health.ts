import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import {
  areClocksApart,
  clocksApartSentence,
  doClocksDiffer,
} from "#lib/adapters/host/clocks-apart.ts"
import { isDiskFull, isDiskLow } from "#lib/adapters/host/disk-room.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { inTime } from "#lib/adapters/outages/in-time.ts"
import { logOutage } from "#lib/adapters/outages/outage-log.ts"
import { checkBucket } from "#lib/adapters/storage.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { compareClocks } from "#lib/adapters/watch/compare-clocks.ts"
import { PUBLIC_SENTENCES, publicAccess } from "#lib/adapters/watch/public-access.ts"

const selectOne = statement("health", {}, "SELECT 1")

const PATIENCE_MS = 3000
/** How long a comparison of the clocks counts before health makes another one. */
const COMPARED_MS = 10_000

type Part = "ok" | "unreachable"
export type Health = {
  status: "ok" | "failing"
  version: string
  database: Part
  /** `public` is a warning: the store answers strangers. */
  storage: Part | "public"
  /**
   * `differ` is reported and harmless; `apart` means that clicks are refused; `unknown` that the
   * store does not tell its own time.
   */
  clocks: "ok" | "differ" | "apart" | "unknown"
  /**
   * The smallest possible difference of the bucket's clock minus the database's; 0 if they agree.
   * Set once it was measured.
   */
  clocksApartSeconds?: number
  /** Why the clocks or the storage are not ok, as a sentence. */
  message?: string
  /**
   * The disk of the data directory, if anything is embedded: low means that uploads are refused,
   * full that clicks are refused too.
   */
  disk?: "ok" | "low" | "full"
  freeBytes?: number
}

/**
 * Checks whether the database and the storage answer, their clocks agree, and the disk has room.
 * Takes a few seconds at most, and checks once for many callers.
 */
export function checkHealth(): Promise<Health> {
  running ??= ask().finally(() => {
    running = undefined
  })
  return running
}

let running: Promise<Health> | undefined

async function ask(): Promise<Health> {
  const [database, storage] = await Promise.all([
    answers("database", selectOne({})),
    answers("storage", checkBucket()),
    compareClocks(COMPARED_MS).catch(() => {}), // the earlier result is used
  ])
  const isApart = areClocksApart()
  const isFull = isDiskFull()
  const { disk, clocksApartMs } = hostState()
  const { found } = publicAccess()
  const doDiffer = doClocksDiffer({ clocksApartMs })
  const message = doDiffer ? clocksApartSentence() : found && PUBLIC_SENTENCES[found]
  const isOk = database === "ok" && storage === "ok" && !isApart && !isFull
  return {
    status: isOk ? "ok" : "failing",
    version: VERSION,
    database,
    storage: storage === "ok" && found ? "public" : storage,
    clocks: isApart ? "apart" : doDiffer ? "differ" : clocksApartMs === null ? "unknown" : "ok",
    ...(clocksApartMs === null ? {} : { clocksApartSeconds: inSeconds(clocksApartMs) }),
    ...(message ? { message } : {}),
    ...(disk
      ? { disk: isFull ? "full" : isDiskLow() ? "low" : "ok", freeBytes: disk.freeBytes }
      : {}),
  }
}

const inSeconds = (ms: number) => Math.round(ms / 100) / 10

async function answers(what: string, answer: Promise<unknown>): Promise<Part> {
  try {
    await inTime(answer, PATIENCE_MS)
    return "ok"
  } catch (error) {
    logOutage(error, `the ${what} does not answer.`)
    return "unreachable"
  }
}
