import type { Finding, State } from "#lib/storage.ts"
import { type Command, EXIT } from "./command.ts"
import { connectDatabase, requireTables } from "./connect.ts"
import { orSetupError } from "./or-setup-error.ts"

export const doctor: Command = {
  summary: "try out what Lapse needs of the database and the bucket",
  usage: `lapse doctor

  Checks that the database and the bucket support what Lapse needs, and says how to fix what does
  not. It reads the same settings as lapse start, takes a few seconds and leaves nothing in the
  bucket. Exits with 2 if a check fails. Admins find the same report under Admin, Storage.`,
  options: {},
  async run() {
    const warnings = await connectDatabase()
    for (const warning of warnings) console.log(`${SIGNS.warn}  Database: ${warning}`)
    const { disconnect } = await import("#lib/db.ts")
    try {
      await requireTables()
      return await examine()
    } finally {
      await disconnect()
    }
  },
}

/** Checks the storage and prints the result. Needs a connected database. */
export async function examine(): Promise<number> {
  const { checkStorage } = await import("#lib/doctor.ts")
  const { findings } = await orSetupError(checkStorage())
  console.log(await report(findings))
  return findings.some(({ state }) => state === "fail") ? EXIT.found : EXIT.clean
}

const SIGNS: Record<State, string> = {
  ok: "ok     ",
  warn: "warning",
  fail: "FAILED ",
  skipped: "skipped",
}
const INDENT = " ".repeat(9)

async function report(findings: Finding[]) {
  const { default: words } = await import("../../messages/en/doctor.json", {
    with: { type: "json" },
  })
  const { describeFinding } = await import("#lib/storage.ts")
  const lines = findings.flatMap((finding) => {
    const { name, sentence, fix } = describeFinding(words, finding)
    const { state, paste } = finding
    return [
      `${SIGNS[state]}  ${name}: ${sentence}`,
      ...(fix ? [`${INDENT}→ ${fix}`] : []),
      ...(paste ? paste.split("\n").map((line) => `${INDENT}  ${line}`) : []),
    ]
  })
  return [...lines, "", summary(findings)].join("\n")
}

function summary(findings: Finding[]) {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length
  const [fails, warnings] = [count("fail"), count("warn")]
  if (fails + warnings === 0) return "All checks passed."
  return `${fails} failed, ${warnings} ${warnings === 1 ? "warning" : "warnings"}.`
}
