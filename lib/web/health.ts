import "server-only"
import { areClocksApart, clocksApartSentence } from "#lib/click-outage.ts"
import { compareClocks } from "#lib/clocks.ts"
import { isDiskFull } from "#lib/disk-room.ts"
import { inTime } from "#lib/in-time.ts"
import { logOutage } from "#lib/outage-log.ts"
import { statement } from "#lib/statement.ts"
import { checkBucket } from "#lib/storage.ts"
import { surroundings } from "#lib/surroundings.ts"

const selectOne = statement("health", {}, "SELECT 1")

const PATIENCE_MS = 3000

type Part = "ok" | "unreachable"
export type Health = {
  status: "ok" | "failing"
  database: Part
  storage: Part
  clocks: "ok" | "apart"
  /** What the clocks are apart, as a sentence. */
  message?: string
  /** Of the data directory, where anything is embedded: full means that clicks are refused. */
  disk?: "ok" | "full"
  freeBytes?: number
}

/** Whether the database and the storage answer, their clocks agree, and the disk has room. Takes a few seconds at most, and asks once for many callers. */
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
    compareClocks().catch(() => {}), // what was found before holds
  ])
  const isApart = areClocksApart()
  const isFull = isDiskFull()
  const { disk } = surroundings()
  const isOk = database === "ok" && storage === "ok" && !isApart && !isFull
  return {
    status: isOk ? "ok" : "failing",
    database,
    storage,
    clocks: isApart ? "apart" : "ok",
    ...(isApart ? { message: clocksApartSentence() } : {}),
    ...(disk ? { disk: isFull ? "full" : "ok", freeBytes: disk.freeBytes } : {}),
  }
}

async function answers(what: string, answer: Promise<unknown>): Promise<Part> {
  try {
    await inTime(answer, PATIENCE_MS)
    return "ok"
  } catch (error) {
    logOutage(error, `the ${what} does not answer.`)
    return "unreachable"
  }
}
