import { randomUUID } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { explainFailure } from "#server/checks/explain-failure.ts"
import { takeDataDirectory } from "#server/configuration/data-directory.ts"
import { databaseUrl } from "#server/configuration/database-url.ts"
import {
  readServerConfiguration,
  type ServerConfiguration,
} from "#server/configuration/derive-configuration.ts"
import { loadEnvironment } from "#server/configuration/load-environment.ts"
import { UsageError } from "#server/configuration/read-options.ts"
import { listUndone, type Undone } from "../backup/list-undone.ts"
import { type Manifest, readManifest } from "../backup/manifest.ts"
import { recordTry } from "../backup/records.ts"
import { findCopied, requirePlace, restoreBackup } from "../backup/restore-backup.ts"
import type { Restored, RestoreNote } from "../backup/restored.ts"
import { tryBackup } from "../backup/try-backup.ts"
import { type Command, EXIT } from "./command.ts"
import { ask, isTerminal } from "./confirm.ts"
import { heldIn } from "./report.ts"

/** The report lists at most this many lines of each kind. */
const LINES = 20

export const restore: Command = {
  summary: "put a backup into an empty data directory",
  usage: `lapse restore DIR [--compare OLD] [--redo-revocations] [--revoke-open]
                                      [--accept-damaged-objects]
lapse restore DIR --try

  Checks the backup DIR and puts it into the data directory, which must be empty. Nothing is
  started. The next start ends every session and every ticket. A backup from before an update goes
  into the data directory that was updated, which keeps its objects and renames its database; what
  was revoked since is listed from that one, and can be redone. Run it with the newer version. A
  restore that was interrupted is completed by running it again; delete nothing.
  --try                restores it into a temporary directory instead, starts its database and its
                       object store on free ports, compares what is in them, and ends
  --compare OLD        lists what the restore undoes, from the data directory that it replaces:
                       its database must be readable. In a terminal it asks whether to redo that
  --redo-revocations   revokes these shares and disables these members again at the next start
  --revoke-open        revokes every open share at the next start; owners restore what they want
  --accept-damaged-objects
                       restores objects whose bytes are not as they were backed up, and names them`,
  operand: "DIR",
  options: {
    try: { type: "boolean" },
    compare: { type: "string" },
    "redo-revocations": { type: "boolean" },
    "revoke-open": { type: "boolean" },
    "accept-damaged-objects": { type: "boolean" },
  },
  async run(options, name) {
    const { compare } = options
    const redoes = options["redo-revocations"] === true
    const revokesOpen = options["revoke-open"] === true
    const from = path.resolve(name)
    const old = typeof compare === "string" ? path.resolve(compare) : undefined
    process.chdir(path.join(import.meta.dirname, "../.."))
    loadEnvironment()
    const server = readServerConfiguration()
    const say = (line: string) => console.log(`${line} …`)
    if (options.try) {
      const others = Object.keys(options).filter((option) => option !== "try")
      if (others.length > 0)
        throw new UsageError(`--try goes with no other option: --${others[0]}.`)
      return tryOut(from, server, say)
    }

    const { dataDirectory } = server
    const copied = findCopied(from, dataDirectory)
    const manifest = copied ?? readManifest(from)
    if (redoes && !old && !manifest.beforeUpdate) {
      throw new UsageError(
        "--redo-revocations needs --compare with the data directory that Lapse used until now: only that one says what was revoked since the backup.",
      )
    }
    refuseOtherSettings(manifest, server)
    const earlier = requirePlace(manifest, dataDirectory)
    takeDataDirectory(dataDirectory).release() // refuses a running Lapse before the question
    const undone = await findUndone(manifest, { old, dataDirectory, earlier, redoes })
    const tasks = await chooseTasks({ undone, earlier, redoes, revokesOpen })
    const restored: Restored = { id: randomUUID(), takenAt: manifest.takenAt, ...tasks }
    const damaged: string[] = []
    const accepts = options["accept-damaged-objects"] === true
    const checking = { onDamagedObject: accepts ? (name: string) => damaged.push(name) : undefined }
    const { comparedBySize } = await restoreBackup(manifest, {
      from,
      dataDirectory,
      restored,
      say,
      checking,
    })
    console.log(report({ manifest, comparedBySize, damaged, server, undone, restored }))
    return EXIT.clean
  },
}

type Choice = {
  /** The note of an earlier run of the same restore. */
  earlier: RestoreNote | null
  redoes: boolean
}

/** Lists the changes that the restore undoes, if the database that it replaces is known. */
async function findUndone(
  { database, beforeUpdate, takenAt }: Manifest,
  {
    old,
    dataDirectory,
    earlier,
    redoes,
  }: Choice & { old: string | undefined; dataDirectory: string },
): Promise<Undone | undefined> {
  if (!database) return undefined
  if (old) return listUndone(old, new Date(takenAt))
  if (!beforeUpdate) return undefined
  const isRenamed = earlier?.newer && fs.existsSync(path.join(dataDirectory, earlier.newer))
  const newer = isRenamed ? earlier.newer : null
  try {
    return await listUndone(dataDirectory, new Date(takenAt), newer ?? undefined)
  } catch (error) {
    const reason = explainFailure(error)
    const why = reason instanceof Error ? reason.message : String(reason)
    const sentence = `The newer database cannot be read, so what was revoked since is not known: ${why}`
    if (redoes) throw new SetupError(sentence, { cause: error })
    console.error(sentence)
    return undefined
  }
}

/** Chooses what the first start revokes: by options, an earlier run, or an answer. */
async function chooseTasks({
  undone,
  earlier,
  redoes,
  revokesOpen,
}: Choice & { undone: Undone | undefined; revokesOpen: boolean }) {
  const nothing: Pick<Restored, "revoke" | "disable"> = { revoke: [], disable: [] }
  const again = undone && {
    revoke: undone.shares.map(({ id, byAdmin }) => ({ id, byAdmin })),
    disable: undone.members.map(({ id }) => id),
  }
  if (revokesOpen) return { revoke: "open" as const, disable: (redoes && again?.disable) || [] }
  if (redoes) return again ?? nothing
  if (earlier) return { revoke: earlier.revoke, disable: earlier.disable }
  if (!undone || !again || again.revoke.length + again.disable.length === 0) return nothing
  if (!isTerminal()) return nothing
  console.log(undoneLines(undone).join("\n"))
  const answer = await ask("Revoke and disable them again at the next start? Type yes or no: ")
  if (answer !== "yes" && answer !== "no")
    throw new SetupError("Nothing was restored: answer yes or no.")
  return answer === "yes" ? again : nothing
}

/** Tests a backup and records the result in the database of this installation. */
async function tryOut(from: string, server: ServerConfiguration, say: (line: string) => void) {
  const manifest = readManifest(from)
  const { given, embedsDatabase, dataDirectory } = server
  const url = embedsDatabase
    ? databaseUrl(path.join(dataDirectory, "postgres"))
    : (given.DATABASE_DIRECT_URL ?? given.DATABASE_URL ?? "")
  let failure: unknown
  try {
    await tryBackup(manifest, { from, say })
  } catch (error) {
    failure = explainFailure(error)
  }
  const problem = failure instanceof SetupError ? failure.message : null
  const isKnown =
    failure && !problem ? false : await record(url, { ...manifest, directory: from, problem })
  if (failure) throw failure
  console.log(tried(from, manifest))
  if (!isKnown)
    console.log("No Lapse runs on these settings, so its checks do not know of this test.")
  return EXIT.clean
}

const record = (url: string, tried: Parameters<typeof recordTry>[1]) =>
  recordTry(url, tried).then(
    () => true,
    () => false,
  )

function tried(from: string, { takenAt, database, contents }: Manifest) {
  const held = database
    ? heldIn(database)
    : `${contents.files} files, ${formatBytes(contents.bytes)}`
  return `${from} works: it was started as of ${takenAt} and has everything, ${held}.`
}

/** Throws a SetupError if the settings name another database or bucket than the restored one. */
function refuseOtherSettings(manifest: Manifest, server: ServerConfiguration) {
  if (manifest.database && !server.embedsDatabase) {
    throw new SetupError(
      "DATABASE_URL is set, so the database of this backup would not be used: unset it, or restore that database with its own tools.",
    )
  }
  if (manifest.hasObjects && !server.embedsStore) {
    throw new SetupError(
      "S3_BUCKET is set, so the objects of this backup would not be used: unset it, or restore that bucket with its own tools.",
    )
  }
}

type Report = {
  manifest: Manifest
  comparedBySize: number
  /** Names of object files that have changed. */
  damaged: string[]
  server: ServerConfiguration
  undone: Undone | undefined
  restored: Restored
}

function report({ manifest, comparedBySize, damaged, server, undone, restored }: Report) {
  const { takenAt, database, hasObjects, beforeUpdate } = manifest
  const lines = [`${server.dataDirectory} holds the backup of ${takenAt}.`]
  if (database) {
    lines.push(
      "",
      "Everything is as it was then: what was revoked, disabled or deleted since is open, enabled and",
      "there again, passwords and limits are the old ones, downloads counted since are given back, and",
      "addresses replaced by “new link” and invitations withdrawn or used since work again.",
      ...(undone ? undoneLines(undone) : beforeUpdate ? [] : [NOT_COMPARED]),
      "",
      ...plannedLines(restored, undone),
      "The next start ends every session, unlocked password and ticket.",
    )
  } else {
    lines.push("It has no database: restore that one with its own tools, as of the same time.")
  }
  if (damaged.length > 0)
    lines.push(...section(`${damaged.length} files of objects are not as they were`, damaged))
  if (comparedBySize > 0)
    lines.push(
      `${comparedBySize} files of objects were compared by their size alone: an older version made the backup, without their hashes.`,
    )
  if (beforeUpdate) {
    const version = beforeUpdate.version ? `Lapse ${beforeUpdate.version}` : "the version before"
    lines.push(`Start it with ${version}. The newer database is beside it, as postgres.newer-….`)
    return lines.join("\n")
  }
  if (!hasObjects) lines.push("It has no objects: what the bucket lacks, lapse reconcile lists.")
  lines.push("Start Lapse now.")
  return lines.join("\n")
}

const NOT_COMPARED =
  "What that is cannot be listed without the data directory that Lapse used until now: name it with --compare."

function undoneLines({ shares, members, files, claims }: Undone) {
  return [
    ...section(
      `${shares.length} shares were revoked since`,
      shares.map(({ id, title, owner, at }) => `${id}  “${title}” of ${owner}  ${stamp(at)}`),
    ),
    ...section(
      `${members.length} members were disabled since`,
      members.map(({ email, at }) => `${email}  ${stamp(at)}`),
    ),
    ...(files > 0 ? [`${files} files were deleted since.`] : []),
    ...(claims > 0 ? [`${claims} downloads of limited shares were counted since.`] : []),
  ]
}

function plannedLines({ revoke, disable }: Restored, undone: Undone | undefined) {
  if (revoke === "open") return ["The next start revokes every open share."]
  if (revoke.length + disable.length > 0)
    return [
      `The next start revokes ${revoke.length} of them again and disables ${disable.length} members.`,
    ]
  if (!undone || undone.shares.length + undone.members.length === 0) return []
  return ["To redo that, run this again with --redo-revocations before the start."]
}

const stamp = (at: Date) => at.toISOString()

function section(title: string, all: string[]) {
  if (all.length === 0) return [`${title}.`]
  const more = all.length > LINES ? [`  and ${all.length - LINES} more`] : []
  return [`${title}:`, ...all.slice(0, LINES).map((line) => `  ${line}`), ...more]
}
