import path from "node:path"
import { configuration } from "#lib/adapters/configuration.ts"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { ImportPlan } from "#lib/rooms/imports/plan/plan.ts"
import type { Imported } from "#lib/rooms/imports/run-import.ts"
import { APPS, type App, type LeftOut } from "#lib/rooms/imports/sources/source.ts"
import { type Command, EXIT } from "#server/commands/command.ts"
import { connect, withTables } from "#server/commands/connect.ts"
import { counted, section } from "#server/commands/report.ts"
import type { ServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { createProgress } from "#server/show-progress.ts"

const NAMES: Record<App, string> = { pingvin: "Pingvin Share", palmr: "Palmr" }

export const importApp: Command = {
  summary: "bring members, files, shares and links from another app",
  usage: `lapse import pingvin DIR [--bucket NAME] [--apply]
lapse import palmr DIR [--bucket NAME] [--apply]

  Reads the data directory DIR of Pingvin Share, Pingvin Share X or Palmr and says what comes along,
  and what cannot and why. --apply imports it; links keep working under their old addresses. Nothing
  in DIR is changed. It can be repeated: what is here already is left alone, and an import that was
  interrupted continues. --bucket names the app's bucket if its objects are in the same store as
  those of Lapse. docs/import.md has the steps.`,
  operand: "pingvin or palmr",
  operands: APPS,
  secondOperand: "DIR",
  options: { apply: { type: "boolean" }, bucket: { type: "string" } },
  async run({ apply = false, bucket }, app, name) {
    const directory = path.resolve(name)
    const server = await connect()
    const { say, done } = createProgress()
    const importing = withTables(() =>
      importFrom(app === "palmr" ? "palmr" : "pingvin", {
        directory,
        bucket: typeof bucket === "string" ? bucket : null,
        apply: apply === true,
        server,
        say,
      }),
    )
    const { text, code } = await importing.finally(done)
    console.log(text.join("\n"))
    return code
  },
}

type Importing = {
  directory: string
  bucket: string | null
  apply: boolean
  server: ServerConfiguration
  say: (line: string) => void
}

async function importFrom(app: App, { directory, bucket, apply, server, say }: Importing) {
  const { readSource } = await import("#lib/rooms/imports/sources/read-source.ts")
  const { planImport } = await import("#lib/rooms/imports/plan/plan-import.ts")
  const { runImport } = await import("#lib/rooms/imports/run-import.ts")
  const { root, ...source } = readSource(app, directory)
  say("Looking for the files")
  const lock = await lockImports()
  try {
    const plan = await planImport(app, source, { root, bucket })
    if (!apply) return { text: planned(app, directory, plan), code: EXIT.clean }
    await requireDisk(plan, server)
    const done = await runImport(plan, { app, root, say })
    return { text: report(plan, done), code: done.failed.length > 0 ? EXIT.found : EXIT.clean }
  } finally {
    await lock.end()
  }
}

const LOCK = 7_203_541_199

/** Throws a SetupError if another import runs. The lock ends with the connection. */
async function lockImports(): Promise<DbClient> {
  const client = new DbClient({
    connectionString: configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL,
    application_name: "lapse-import",
  })
  await client.connect()
  const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS locked", [LOCK])
  if (rows[0]?.locked) return client
  await client.end()
  throw new SetupError("Another import is running: wait for its end, then run this again.")
}

/** Throws a SetupError if the disk of the embedded store has no room for the files. */
async function requireDisk(
  { files }: ImportPlan,
  { dataDirectory, embedsStore }: ServerConfiguration,
) {
  if (!embedsStore) return
  const { measureDisk } = await import("#lib/adapters/watch/disk-space.ts")
  const watched = { directory: dataDirectory, takesUploads: true, keepsBallast: false }
  const disk = await measureDisk(watched)
  const room = disk ? Math.max(0, disk.freeBytes - disk.reserveBytes) : 0
  if (room >= bytesOf(files)) return
  throw new SetupError(
    `The import needs ${formatBytes(bytesOf(files))} on the disk of ${dataDirectory}, which has room for ${formatBytes(room)} of files: make room on it, and run this again.`,
  )
}

const bytesOf = (files: ImportPlan["files"]) =>
  files.reduce((sum, { source }) => sum + source.size, 0)

function planned(app: App, directory: string, plan: ImportPlan) {
  const { members, files, shares, here } = plan
  const isAll = members.length + files.length + shares.length === 0
  const added = counted({ members: members.length, files: files.length, shares: shares.length })
  const size = files.length > 0 ? `, ${formatBytes(bytesOf(files))} in all` : ""
  const isHere = here.members + here.files + here.shares > 0
  return [
    `${NAMES[app]} in ${directory}:`,
    ...(isAll
      ? []
      : [`  To import: ${added}${size}.`, `  Old links that will work: ${linksOf(plan)}.`]),
    ...(isHere ? [`  Already here: ${counted(here)}.`] : []),
    ...overQuota(plan),
    ...leftOut(plan.leftOut),
    "",
    isAll ? "There is nothing to import." : "Nothing was changed. Add --apply to import.",
  ]
}

function report(plan: ImportPlan, { members, files, shares, failed }: Imported) {
  const again = "Run the import again to try once more what failed."
  return [
    `Imported ${counted({ members, files, shares })}.`,
    ...(linksOf(plan) > 0 ? ["Their old links work within five seconds."] : []),
    ...overQuota(plan),
    ...leftOut([...plan.leftOut, ...failed]),
    ...(failed.length > 0 ? ["", again] : []),
  ]
}

const linksOf = ({ shares }: ImportPlan) => shares.reduce((sum, { links }) => sum + links.length, 0)

const overQuota = ({ overQuota: members }: ImportPlan) =>
  section(
    `Over their storage limit afterwards (${members.length})`,
    "they keep everything, and upload again once there is space",
    members.map(
      ({ email, bytes, quota }) => `${email}: ${formatBytes(bytes)} of ${formatBytes(quota)}`,
    ),
  )

function leftOut(all: LeftOut[]) {
  const byReason = Map.groupBy(all, ({ why }) => why)
  return [...byReason].flatMap(([why, these]) =>
    section(
      `Left out or changed (${these.length})`,
      why,
      these.map(({ what }) => what),
    ),
  )
}
