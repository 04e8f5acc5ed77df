import { statfsSync } from "node:fs"
import path from "node:path"
import { configuration, removedSettings } from "#lib/adapters/configuration.ts"
import { checkDatabases } from "#lib/adapters/database/check-database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { dropBallast, dropBallastIfFull } from "#lib/adapters/watch/disk-ballast.ts"
import type { DatabaseState } from "#prisma/database-state.ts"
import { backUpBeforeUpdate, howToGoBack, removeOldCopies } from "./backup/before-update.ts"
import { readRestored, refuseUnrestored, removeRestored } from "./backup/restored.ts"
import { scheduleBackups } from "./backup/schedule/schedule-backups.ts"
import { buildApp } from "./build/build.ts"
import { generateClient } from "./build/generate-client.ts"
import { readCommit } from "./build/release.ts"
import { requireBucket } from "./checks/check-bucket.ts"
import { takeDataDirectory } from "./configuration/data-directory.ts"
import {
  prepareConfiguration,
  type ServerConfiguration,
} from "./configuration/derive-configuration.ts"
import { setEnvironment } from "./configuration/environment.ts"
import {
  readStartOptions,
  refuseSeveralInDevelopment,
  type StartOptions,
} from "./configuration/start-options.ts"
import { startObjectStore } from "./embedded/object-store.ts"
import { startPostgres } from "./embedded/postgres.ts"
import { createHttpServer } from "./http/http-server.ts"
import { markRunning, removeRunningMarker } from "./processes/running-marker.ts"
import { createSharedPort, type SharedPort } from "./processes/shared-port.ts"
import { createShutdown } from "./processes/shutdown.ts"
import { readyMessage } from "./ready-message.ts"
import type { SignIn } from "./sample/sample-members.ts"
import { refuseUnfinishedSample } from "./sample/unfinished-sample.ts"
import { createProgress } from "./show-progress.ts"
import { startWebProcesses } from "./web/web-processes.ts"

const root = path.join(import.meta.dirname, "..")
const progress = createProgress()
const { started, fail, ready } = createShutdown(progress.done)

async function start(options: StartOptions) {
  const server = prepareEnvironment(options)
  await started("running marker", () => removeRunningMarker(server.dataDirectory))
  const port = await takePort(server, options)
  const build = await prepareCode(options)
  const web = await startWeb(port) // the web processes load while this process prepares the rest
  await Promise.all([startDatabase(server), startStore(server)])
  await migrateDatabase(server)
  await checkStore(server)
  await prepareInstallation(server, options)
  await prepareColours()
  await startWatch(server)
  const sample = options.sample ? await makeSample(server) : []
  await startWorkers(server)
  const { embedsDatabase, embedsStore } = server
  progress.say(build === null ? "Starting Next for development" : "Starting the web server")
  await web.mount({ build, embedsDatabase, embedsStore, commit: readCommit() })
  await addChecks()
  await introduce(server, sample)
}

/** Reads the settings and takes the data directory, so that lib/ can be used. */
function prepareEnvironment(options: StartOptions) {
  const { dev, web, acceptsCopy } = options
  process.chdir(root)
  setEnvironment({
    ...(web === undefined ? {} : { WEB_PROCESSES: web }),
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    // otherwise Next would read .env files later, for its own part of the code
    __NEXT_PROCESSED_ENV: "true",
  })
  const server = prepareConfiguration((dataDirectory) => {
    takeDataDirectory(dataDirectory)
    dropBallastIfFull({ directory: dataDirectory, freeBytes: freeBytesOf(dataDirectory) })
    refuseUnrestored(dataDirectory)
    refuseUnfinishedSample(dataDirectory)
    markRunning(dataDirectory, { acceptsCopy })
  })
  refuseSeveralInDevelopment(options, configuration.WEB_PROCESSES)
  return server
}

/** Listens before any slow step: from then on, requests are answered with "Lapse is starting". */
async function takePort(server: ServerConfiguration, { dev }: StartOptions) {
  const http = createHttpServer(server, { dev })
  await http.listen()
  const port = createSharedPort(http.server)
  await started("http server", () => {
    port.close()
    return http.close()
  })
  return port
}

/** Returns the folder of the build to serve; null in development. */
async function prepareCode({ dev }: StartOptions) {
  await generateClient(progress.say)
  if (dev) return null
  const build = await buildApp(progress.say)
  setEnvironment({ LAPSE_BUILD_DIR: build }) // next.config.mjs reads it
  return build
}

async function startWeb(port: SharedPort) {
  const { log } = await import("#lib/adapters/monitoring/log.ts")
  const say = (sentence: string) => log.warn(sentence)
  for (const sentence of removedSettings()) say(sentence)
  return startWebProcesses({ count: configuration.WEB_PROCESSES, port, say, started })
}

async function startDatabase({ embedsDatabase, dataDirectory }: ServerConfiguration) {
  if (!embedsDatabase) {
    progress.say("Connecting to the database")
    const warnings = await checkDatabases()
    if (warnings.length > 0) {
      const { log } = await import("#lib/adapters/monitoring/log.ts")
      for (const warning of warnings) log.warn(warning)
    }
    return
  }
  progress.say("Starting the database")
  const postgres = await startPostgres({
    directory: path.join(dataDirectory, "postgres"),
    reserveBytes: await reserveOf(dataDirectory),
    say: progress.say,
    onDiskFull: () => dropBallast(dataDirectory),
    onGivenUp: fail,
  })
  await started("database", postgres.stop)
}

async function startStore(server: ServerConfiguration) {
  const { given, embedsStore, dataDirectory, appUrl, trustedProxies } = server
  if (!embedsStore) return
  progress.say("Starting the object store")
  const store = await startObjectStore({
    directory: path.join(dataDirectory, "objects"),
    host: given.HOST,
    port: given.LOCAL_S3_PORT,
    accessKeyId: configuration.LOCAL_S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: configuration.LOCAL_S3_SECRET_ACCESS_KEY ?? "",
    signers: configuration.S3_SIGNERS ?? [],
    reserveBytes: await reserveOf(dataDirectory),
    appOrigin: appUrl.origin,
    trustedProxies,
    say: progress.say,
    onGivenUp: fail,
  })
  await started("object store", store.stop)
}

function freeBytesOf(directory: string) {
  const { bsize, bavail } = statfsSync(directory)
  return bsize * bavail
}

async function reserveOf(dataDirectory: string) {
  const { diskReserve } = await import("#lib/adapters/watch/disk-space.ts")
  return diskReserve(statfsSync(dataDirectory))
}

async function migrateDatabase({ embedsDatabase, dataDirectory }: ServerConfiguration) {
  progress.say("Preparing the tables")
  const { migrate } = await import("#prisma/migrate.ts")
  const { installQueue } = await import("#lib/rooms/jobs/install-queue.ts")
  const url = configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL
  const { say, detail } = progress
  const copying = {
    before: (state: DatabaseState) =>
      backUpBeforeUpdate({ dataDirectory, databaseUrl: url, state, say }),
    howToGoBack: (known: ReadonlySet<string>) => howToGoBack(dataDirectory, known),
  }
  await migrate(url, { say, progress: detail, ...(embedsDatabase ? copying : {}) })
  if (embedsDatabase) removeOldCopies(dataDirectory)
  await installQueue(url)
  const { disconnect } = await import("#lib/adapters/database.ts")
  await started("connections", disconnect)
}

/** Runs the startup tasks of lib/, and those after a restore. */
async function prepareInstallation(
  { embedsDatabase, dataDirectory }: ServerConfiguration,
  { sample }: StartOptions,
) {
  const { checkLinkSecrets, noteVersion } = await import(
    "#lib/rooms/accounts/setup/installation.ts"
  )
  const { createAdminFromSettings } = await import(
    "#lib/rooms/accounts/setup/create-first-admin.ts"
  )
  await checkLinkSecrets()
  await noteVersion(VERSION)
  if (!sample) await createAdminFromSettings() // otherwise makeSample creates the admin
  const restored = embedsDatabase ? readRestored(dataDirectory) : null
  if (!restored) return
  progress.say("Ending the sessions and tickets from before the restore")
  const { settleRestore } = await import("#lib/rooms/shares/bulk/settle-restore.ts")
  await settleRestore(restored)
  removeRestored(dataDirectory)
}

async function checkStore({ embedsStore }: ServerConfiguration) {
  if (embedsStore) return
  const { checkBucket } = await import("#lib/adapters/storage.ts")
  await requireBucket(checkBucket, configuration.S3_BUCKET, configuration.S3_ENDPOINT)
}

/** Probes whether the store keeps the signers apart, and gives older files a colour. */
async function prepareColours() {
  const { requireColoursOfObjects, usableColours } = await import(
    "#lib/rooms/files/objects/colours.ts"
  )
  await requireColoursOfObjects()
  if ((await usableColours()).length === 0) return
  const { db } = await import("#lib/adapters/database.ts")
  const { addJob } = await import("#lib/adapters/queue.ts")
  await db.$transaction((tx) => addJob(tx, "colourFiles", {}))
}

async function startWatch({ embedsDatabase, embedsStore, dataDirectory }: ServerConfiguration) {
  const { watchHost } = await import("#lib/adapters/watch/watch-host.ts")
  const watched = { directory: dataDirectory, takesUploads: embedsStore, keepsBallast: true }
  const watch = await watchHost(embedsDatabase || embedsStore ? watched : null)
  await started("watch", watch.stop)
}

async function makeSample({ dataDirectory }: ServerConfiguration) {
  progress.say("Making sample data")
  const { makeSample } = await import("./sample/make-sample.ts")
  return makeSample(dataDirectory)
}

/** Runs jobs and makes backups, including those that an admin requests. */
async function startWorkers(server: ServerConfiguration) {
  const backups = planBackups(server)
  const { startJobs } = await import("#lib/rooms/jobs/start-jobs.ts")
  const { runChecks } = await import("#lib/rooms/checks/run-checks.ts")
  const backUp = async () => {
    await backups?.makeNow()
    await runChecks().catch(() => {}) // the backup was made nevertheless
  }
  const jobs = startJobs(backups ? { backUp } : {})
  jobs.catch(() => {}) // awaited below, unless the process is ending
  // Registered at once, so that the database is not stopped while jobs are about to run.
  await started("jobs", () =>
    jobs.then(
      ({ stop }) => stop(),
      () => {},
    ),
  )
  if (backups) await started("backups", backups.stop)
  await jobs
  backups?.start()
}

/** Runs the checks when the web server answers, because earlier results may be outdated. */
async function addChecks() {
  const { db } = await import("#lib/adapters/database.ts")
  const { addJob } = await import("#lib/adapters/queue.ts")
  await addJob(db, "runChecks", {}, { key: "runChecks" })
}

/** Null without BACKUP_DIR. */
function planBackups({ dataDirectory, embedsDatabase, embedsStore }: ServerConfiguration) {
  const { BACKUP_DIR, BACKUP_KEEP, DATABASE_URL, DATABASE_DIRECT_URL } = configuration
  if (BACKUP_DIR === undefined) return null
  if (!embedsDatabase && !embedsStore) {
    throw new SetupError(
      "BACKUP_DIR is set, and nothing of Lapse is on this machine: unset it, and back up the database, the bucket, AUTH_SECRET and LINK_SECRET with their own tools.",
    )
  }
  const databaseUrl = DATABASE_DIRECT_URL ?? DATABASE_URL
  return scheduleBackups({
    directory: path.resolve(BACKUP_DIR),
    keep: BACKUP_KEEP,
    options: { dataDirectory, databaseUrl, embedsDatabase, embedsStore, version: VERSION },
  })
}

async function introduce(server: ServerConfiguration, sample: SignIn[]) {
  const { firstRunCode } = await import("#lib/rooms/accounts/setup/setup-code.ts")
  const code = await firstRunCode()
  ready()
  progress.done()
  console.log(readyMessage(server, code, sample))
}

try {
  await start(readStartOptions())
} catch (error) {
  fail(error)
}
