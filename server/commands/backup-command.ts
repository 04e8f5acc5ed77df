import path from "node:path"
import { configuration } from "#lib/adapters/configuration.ts"
import type { BackupStep } from "#lib/adapters/database/backup-lock.ts"
import { checkDatabase } from "#lib/adapters/database/check-database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { requireRunning } from "#server/configuration/data-directory.ts"
import {
  prepareConfiguration,
  type ServerConfiguration,
} from "#server/configuration/derive-configuration.ts"
import { makeBackup } from "../backup/make-backup.ts"
import type { Manifest } from "../backup/manifest.ts"
import { recordBackup } from "../backup/records.ts"
import { type Command, EXIT } from "./command.ts"
import { heldIn } from "./report.ts"

const STEPS: Record<BackupStep, string> = {
  objects: "Copying the objects",
  database: "Copying the database",
  list: "Writing the list of what is in it, with the hashes of new objects",
}

const AND = new Intl.ListFormat("en-GB")

export const backup: Command = {
  summary: "copy the data directory while Lapse runs",
  usage: `lapse backup DIR

  Copies the data directory to the new directory DIR while Lapse runs: the embedded database as of
  one moment, every object that it names, and the secrets. Objects are hard links where DIR is on
  the same disk. A database or a bucket of your own is not copied.`,
  operand: "DIR",
  options: {},
  async run(_, name) {
    const directory = path.resolve(name)
    process.chdir(path.join(import.meta.dirname, "../.."))
    const server = prepareConfiguration(requireRunning)
    if (!server.embedsDatabase && !server.embedsStore) {
      throw new SetupError(
        "DATABASE_URL and S3_BUCKET are set, so nothing of Lapse is in a data directory: back up that database, that bucket, AUTH_SECRET and LINK_SECRET with their own tools.",
      )
    }
    const databaseUrl = configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL
    await checkDatabase("DATABASE_URL", databaseUrl, ["sessions"])
    const manifest = await makeBackup({
      ...server,
      directory,
      databaseUrl,
      version: VERSION,
      say: (step) => console.log(`${STEPS[step]} …`),
      warn: (sentence) => console.error(sentence),
    })
    await recordBackup(databaseUrl, { ...manifest, kind: "manual", directory })
    console.log(report(directory, manifest, server))
    return EXIT.clean
  },
}

function report(directory: string, manifest: Manifest, server: ServerConfiguration) {
  const { takenAt, database, contents } = manifest
  const { given, embedsDatabase, embedsStore } = server
  const held = database ? heldIn(database) : "the objects"
  const lines = [
    `${directory} holds ${held}, as of ${takenAt} (${contents.files} files, ${formatBytes(contents.bytes)}).`,
  ]
  if (!embedsDatabase)
    lines.push(
      "It does not include the database of DATABASE_URL: back that up with its own tools, shortly before this.",
    )
  if (!embedsStore)
    lines.push(
      `It does not include the bucket ${given.S3_BUCKET}: back that up with its own tools.`,
    )
  const own = (["AUTH_SECRET", "LINK_SECRET", "S3_SIGNERS"] as const).filter(
    (secret) => given[secret],
  )
  if (own.length > 0)
    lines.push(`It does not include ${AND.format(own)}, which you set: keep your own copy.`)
  lines.push(
    "Anyone who can read this backup can create every link: store it as securely as the data directory.",
  )
  return lines.join("\n")
}
