import { setTimeout as sleep } from "node:timers/promises"
import { Refusal } from "#lib/adapters/errors.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import type { CheckLine } from "#lib/rooms/checks/describe-finding.ts"
import type { ServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { type Command, EXIT } from "./command.ts"
import { prepareCommand, requireTables, withDatabase } from "./connect.ts"

export const doctor: Command = {
  summary: "check everything that this installation needs",
  usage: `lapse doctor

  Tries out the addresses, the bucket, the database, this machine and the backups, and says how to
  fix what does not work. It reads the same settings as lapse start, takes a few seconds and leaves
  nothing in the bucket. Exits with 2 if a check fails. Admins find the same list under Admin,
  Checks.`,
  options: {},
  async run() {
    const server = await prepareCommand()
    return withDatabase(async () => {
      await requireTables().catch((error) => {
        if (!outageOf(error)) throw error // the list reports that the database does not answer
      })
      await measureDisk(server)
      return examine()
    })
  },
}

/** Longer than a run of the checks takes. */
const PATIENCE_MS = 60_000

/** Runs the checks, after the run of the app that may be under way, and prints the list. */
export async function examine(): Promise<number> {
  const { items } = await runInTurn(performance.now() + PATIENCE_MS)
  console.log(report(items))
  return items.some(({ state }) => state === "fail") ? EXIT.found : EXIT.clean
}

async function runInTurn(until: number) {
  const { runChecks } = await import("#lib/rooms/checks/run-checks.ts")
  for (;;) {
    try {
      return await runChecks()
    } catch (error) {
      const isUnderWay = error instanceof Refusal && error.code === "conflict"
      if (!isUnderWay || performance.now() > until) throw error
      await sleep(1_000)
    }
  }
}

async function measureDisk({ dataDirectory, embedsDatabase, embedsStore }: ServerConfiguration) {
  if (!embedsDatabase && !embedsStore) return
  const { measureDisk } = await import("#lib/adapters/watch/disk-space.ts")
  await measureDisk({ directory: dataDirectory, takesUploads: embedsStore, keepsBallast: false })
}

const SIGNS: Record<CheckLine["state"], string> = {
  ok: "ok     ",
  warn: "warning",
  fail: "FAILED ",
  skipped: "skipped",
}
const INDENT = " ".repeat(9)

function report(items: CheckLine[]) {
  const lines = items.flatMap(({ name, state, sentence, fix, paste }) => [
    `${SIGNS[state]}  ${name}: ${sentence}`,
    ...(fix ? [`${INDENT}→ ${fix}`] : []),
    ...(paste ? paste.split("\n").map((line) => `${INDENT}  ${line}`) : []),
  ])
  return [...lines, "", summary(items)].join("\n")
}

function summary(items: CheckLine[]) {
  const count = (state: CheckLine["state"]) => items.filter((line) => line.state === state).length
  const [fails, warnings] = [count("fail"), count("warn")]
  if (fails + warnings === 0) return "All checks passed."
  return `${fails} failed, ${warnings} ${warnings === 1 ? "warning" : "warnings"}.`
}
