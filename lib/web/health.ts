import "server-only"
import { logOutage } from "#lib/outage-log.ts"
import { statement } from "#lib/statement.ts"
import { checkBucket } from "#lib/storage.ts"

const selectOne = statement("health", {}, "SELECT 1")

const PATIENCE_MS = 3000

type Part = "ok" | "unreachable"
export type Health = { status: "ok" | "failing"; database: Part; storage: Part }

/** Whether the database and the storage answer. Takes a few seconds at most, and asks once for many callers. */
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
  ])
  return { status: database === "ok" && storage === "ok" ? "ok" : "failing", database, storage }
}

async function answers(what: string, answer: Promise<unknown>): Promise<Part> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  try {
    await Promise.race([answer, late])
    return "ok"
  } catch (error) {
    logOutage(error, `the ${what} does not answer.`)
    return "unreachable"
  } finally {
    clearTimeout(timer)
  }
}
