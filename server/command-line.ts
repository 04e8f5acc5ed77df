import path from "node:path"
import { parseArgs } from "node:util"
import { DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import type { Reconciliation } from "#lib/files/reconcile.ts"
import { requireBucket } from "./check-bucket.ts"
import { checkDatabase } from "./check-database.ts"
import { requireRunning } from "./data-directory.ts"
import { deriveSettings, loadEnvFile, readEnv } from "./derive-settings.ts"
import { generateClient } from "./generate-client.ts"
import { readSettings } from "./settings.ts"
import { isSentence, sentence } from "./setup-error.ts"

const USAGE = `npm run lapse -- reconcile [--apply]

  Compares the bucket with the database and says what only one of them knows. --apply deletes it.
  It asks the same settings as npm start. Two installations must not share a bucket: each would
  take the other's objects for its own leftovers.`

/** Nothing to do; something is wrong with the call or the settings; there is something to apply. */
const EXIT = { clean: 0, refused: 1, found: 2 }

const LINES = 20

/** Runs one `npm run lapse` command and returns its exit code. */
export async function runCommandLine(): Promise<number> {
  try {
    return await run()
  } catch (error) {
    console.error(isSentence(error) ? error.message : error)
    return EXIT.refused
  }
}

async function run(): Promise<number> {
  const { values, positionals } = readArguments()
  if (values.help || positionals.length === 0) {
    console.log(USAGE)
    return values.help ? EXIT.clean : EXIT.refused
  }
  if (positionals.join(" ") !== "reconcile") {
    throw sentence(`There is no command "${positionals.join(" ")}".\n\n${USAGE}`)
  }
  await connect()
  const { reconcile } = await import("#lib/files/reconcile.ts")
  const { Refusal } = await import("#lib/errors.ts")
  const { disconnect } = await import("#lib/db.ts")
  try {
    await requireTables()
    const found = await reconcile({ apply: values.apply })
    console.log(report(found))
    return findings(found) > 0 && !values.apply ? EXIT.found : EXIT.clean
  } catch (error) {
    throw error instanceof Refusal ? sentence(error.message, error) : error
  } finally {
    await disconnect()
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        apply: { type: "boolean", default: false },
        "no-env-file": { type: "boolean" },
        help: { type: "boolean", short: "h", default: false },
      },
    })
  } catch (error) {
    throw sentence(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  }
}

/** The database and the bucket that npm start uses, found the way it finds them. */
async function connect() {
  process.chdir(path.join(import.meta.dirname, ".."))
  loadEnvFile()
  const settings = readSettings(process.env)
  if (settings.embedsDatabase || settings.embedsStore) requireRunning(settings.dataDirectory)
  deriveSettings(settings)
  const env = await readEnv()
  await generateClient()
  await checkDatabase("DATABASE_URL", env.DATABASE_URL, DB_TIMEOUTS)
  const { checkBucket } = await import("#lib/storage.ts")
  await requireBucket(checkBucket, env.S3_BUCKET, env.S3_ENDPOINT)
}

async function requireTables() {
  const { pool } = await import("#lib/db.ts")
  const { rows } = await pool().query("SELECT to_regclass('object') IS NOT NULL AS there")
  if (rows[0]?.there) return
  throw sentence("DATABASE_URL: that database has no tables of Lapse: start Lapse on it first.")
}

const findings = ({ orphans, multiparts, lost, overdue }: Reconciliation) =>
  orphans.length + multiparts.length + lost.length + overdue.length

function report(found: Reconciliation) {
  const { applied, objects, rows, orphans, multiparts, lost, overdue, young, foreign } = found
  const lines = [
    `Looked at ${objects} objects in the bucket and ${rows} files in the database.`,
    ...section(
      `${orphans.length} objects have no row`,
      applied ? "deleted" : "--apply deletes them",
      orphans.map(({ key, size }) => `${key}  ${size} bytes`),
    ),
    ...section(
      `${multiparts.length} unfinished uploads in parts have no row`,
      applied ? "given up" : "--apply gives them up",
      multiparts.map(({ key, uploadId }) => `${key}  ${uploadId}`),
    ),
    ...section(
      `${overdue.length} objects were to be deleted more than a day ago`,
      applied ? "deleted" : "--apply deletes them",
      overdue.map(({ key }) => key),
    ),
    ...section(
      `${lost.length} files have no object, so their bytes are gone`,
      applied ? "deleted" : "put the objects back from a backup, or --apply deletes the files",
      lost.map(({ key, size, name, owner }) => `${key}  ${size} bytes  “${name}” of ${owner}`),
    ),
  ]
  if (young > 0) lines.push("", `${young} without a row are younger than a day and left alone.`)
  if (foreign > 0)
    lines.push("", `${foreign} have names that Lapse does not give and are left alone.`)
  if (findings(found) === 0) lines.push("", "The bucket and the database agree.")
  else if (!applied) {
    lines.push(
      "",
      "Nothing was changed. Before --apply, be sure that no other installation uses this bucket:",
      "two must not share one, because each takes the other's objects for its own leftovers.",
    )
  }
  return lines.join("\n")
}

function section(title: string, what: string, all: string[]) {
  if (all.length === 0) return []
  const more = all.length > LINES ? [`  and ${all.length - LINES} more`] : []
  return ["", `${title}: ${what}.`, ...all.slice(0, LINES).map((line) => `  ${line}`), ...more]
}
