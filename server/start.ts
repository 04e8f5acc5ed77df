import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import { buildApp, visitorFolder } from "./build.ts"
import { requireBucket } from "./check-bucket.ts"
import { checkDatabase } from "./check-database.ts"
import { takeDataDirectory } from "./data-directory.ts"
import { deriveSettings, loadEnvFile, readEnv } from "./derive-settings.ts"
import { reachable, startObjectStore } from "./embedded/object-store.ts"
import { startPostgres } from "./embedded/postgres.ts"
import { generateClient } from "./generate-client.ts"
import { createHttpServer } from "./http-server.ts"
import { createProgress } from "./progress.ts"
import { readSettings, type Settings } from "./settings.ts"
import { isSentence, sentence } from "./setup-error.ts"

const root = path.join(import.meta.dirname, "..")
const dev = process.argv.includes("--dev")
const progress = createProgress()

/** What runs is stopped in this order: nobody loses what he leans on. */
const STOP_ORDER = [
  "http",
  "jobs",
  "visitor",
  "next",
  "connections",
  "object store",
  "database",
] as const
type Part = (typeof STOP_ORDER)[number]
const running = new Map<Part, () => unknown>()
let ending: Promise<never> | undefined

// A terminal's Ctrl-C and npm's own forwarding of it arrive as two signals.
const SAME_PRESS_MS = 700
let signalledAt = 0

process.on("SIGINT", () => onSignal())
process.on("SIGTERM", () => onSignal())
process.on("SIGHUP", () => onSignal())
process.on("disconnect", () => void end(0)) // our parent is gone, perhaps by kill -9
process.on("uncaughtException", (error) => fail(error))

async function start() {
  process.chdir(root)
  loadEnvFile()
  set({
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    __NEXT_PROCESSED_ENV: "true", // or Next would read its .env files later, for its half of the code
  })
  const settings = readSettings(process.env)
  const { appUrl, dataDirectory, embedsDatabase, embedsStore } = settings
  const ownsData = embedsDatabase || embedsStore
  if (ownsData) takeDataDirectory(dataDirectory)
  deriveSettings(settings)
  const env = await readEnv()

  const http = createHttpServer(settings, { dev })
  await http.listen()
  await started("http", () => http.close())

  await generateClient(progress.say)
  if (!dev) set({ LAPSE_BUILD_DIR: await buildApp(progress.say) })

  const direct = await startDatabase(settings)
  await startStore(settings)
  await migrateDatabase(direct)
  await prepareInstallation()
  const storage = await import("#lib/storage.ts")
  if (!embedsStore) {
    await requireBucket(storage.checkBucket, env.S3_BUCKET, env.S3_ENDPOINT)
  }
  await startWorkers()

  progress.say(dev ? "Starting Next for development" : "Starting the web server")
  const { default: next } = await import("next")
  const app = next({
    dev,
    dir: root,
    hostname: appUrl.hostname,
    port: settings.port,
    httpServer: http.server,
    quiet: true,
  })
  await quietly(() => app.prepare())
  await started("next", () => app.close())
  const { renderingDocuments } = await import("#lib/web/document.ts")
  http.mount({
    next: renderingDocuments(app.getRequestHandler()),
    visitor: await loadVisitor(),
    storeOrigin: await storage.publicStorageOrigin(),
  })
  await untilHealthy(`http://${reachable(settings.host)}:${settings.port}/api/health`)
  const { firstRunCode } = await import("#lib/accounts/setup-code.ts")
  progress.done()
  introduce(settings, await firstRunCode())
}

/** What answers visitors; in development it follows its sources. */
async function loadVisitor() {
  if (dev) {
    const { developVisitor } = await import("./develop-visitor.ts")
    const { visitor, stop } = await developVisitor(path.join(root, ".next/visitor"))
    await started("visitor", stop)
    return visitor
  }
  const { loadVisitor } = await import("./serve-visitor.ts")
  return loadVisitor(visitorFolder(process.env.LAPSE_BUILD_DIR ?? ""))
}

/** Returns the address for what needs a session of its own: migrations, jobs, LISTEN. */
async function startDatabase({ embedsDatabase, dataDirectory }: Settings): Promise<string> {
  const { DATABASE_URL = "", DATABASE_DIRECT_URL } = process.env
  if (!embedsDatabase) {
    progress.say("Connecting to the database")
    await checkDatabase("DATABASE_URL", DATABASE_URL, DB_TIMEOUTS)
    if (DATABASE_DIRECT_URL) await checkDatabase("DATABASE_DIRECT_URL", DATABASE_DIRECT_URL)
    return DATABASE_DIRECT_URL || DATABASE_URL
  }
  progress.say("Starting the database")
  const postgres = await startPostgres({
    directory: path.join(dataDirectory, "postgres"),
    say: progress.say,
    onGivenUp: fail,
  })
  await started("database", postgres.stop)
  return postgres.url
}

async function startStore(settings: Settings) {
  if (!settings.embedsStore) return
  progress.say("Starting the object store")
  const store = await startObjectStore({
    directory: path.join(settings.dataDirectory, "objects"),
    host: settings.storeHost,
    port: settings.storePort,
    accessKeyId: process.env.LOCAL_S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: process.env.LOCAL_S3_SECRET_ACCESS_KEY ?? "",
    appOrigin: settings.appUrl.origin,
    say: progress.say,
    onGivenUp: fail,
  })
  await started("object store", store.stop)
}

async function migrateDatabase(direct: string) {
  progress.say("Preparing the tables")
  const { migrate } = await import("#prisma/migrate.ts")
  const { installQueue } = await import("#lib/jobs/install-queue.ts")
  try {
    await migrate(direct)
    await installQueue(direct)
  } catch (error) {
    if (error instanceof Error && !("code" in error)) throw sentence(error.message, error)
    throw error
  }
  const { disconnect } = await import("#lib/db.ts")
  await started("connections", disconnect)
}

/** What the accounts room does at every start. */
async function prepareInstallation() {
  const { checkLinkSecrets } = await import("#lib/accounts/installation.ts")
  const { createAdminFromSettings } = await import("#lib/accounts/create-first-admin.ts")
  try {
    await checkLinkSecrets()
    await createAdminFromSettings()
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("LINK_SECRET"))
      throw sentence(error.message, error)
    throw error
  }
}

async function startWorkers() {
  const { startJobs } = await import("#lib/jobs/run.ts")
  const jobs = await startJobs()
  await started("jobs", jobs.stop)
}

/** Next tells of its configuration file at every start. */
async function quietly(work: () => Promise<void>) {
  const { log } = console
  if (!dev) console.log = () => {}
  await work().finally(() => {
    console.log = log
  })
}

async function untilHealthy(url: string) {
  const patience = Date.now() + 60_000
  let answer = ""
  while (Date.now() < patience) {
    const response = await fetch(url, { headers: { connection: "close" } }).catch(
      (error: Error) => error,
    )
    answer = response instanceof Response ? await response.text() : response.message
    if (response instanceof Response && response.ok) return
    await sleep(200)
  }
  throw sentence(`Lapse started and did not become healthy within a minute: ${answer}`)
}

function introduce(settings: Settings, setupCode: string | null) {
  const { appUrl, dataDirectory, embedsDatabase, embedsStore, publicStore, storePort } = settings
  const lines = ["", `  Lapse is ready at ${appUrl.origin}`]
  if (setupCode) {
    lines.push("", "  This is its first run. Make the admin here, once:")
    lines.push(`  ${appUrl.origin}/setup?code=${setupCode}`)
  }
  const kept = [
    ...(embedsDatabase ? ["database", "secrets"] : []),
    ...(embedsStore ? ["objects"] : []),
  ]
  if (kept.length > 0) lines.push("", `  Data (${kept.join(", ")}): ${dataDirectory}`)
  if (embedsStore && publicStore.protocol === "https:") {
    lines.push(
      `  Browsers look for files at ${publicStore.origin}: a proxy must pass that on to port`,
    )
    lines.push(`  ${storePort}, or set S3_PUBLIC_ENDPOINT to where it does.`)
  }
  lines.push("  Ctrl-C stops it.", "")
  console.log(lines.join("\n"))
}

function onSignal() {
  if (!ending) {
    signalledAt = Date.now()
    void end(0)
  } else if (Date.now() - signalledAt > SAME_PRESS_MS) {
    process.exit(130)
  }
}

function fail(error: unknown) {
  progress.done()
  console.error(isSentence(error) ? error.message : error)
  void end(1)
}

function end(code: number): Promise<never> {
  ending ??= stopAll(code)
  return ending
}

async function stopAll(code: number): Promise<never> {
  progress.done()
  setTimeout(() => process.exit(code || 1), 90_000).unref()
  for (const part of STOP_ORDER) await stop(part)
  process.exit(code)
}

async function stop(part: Part) {
  try {
    await running.get(part)?.()
  } catch (error) {
    console.error(`Stopping the ${part}:`, error)
  }
}

/** Remembers how to stop it. A start that is being ended goes no further than here. */
async function started(part: Part, stopPart: () => unknown) {
  running.set(part, stopPart)
  if (!ending) return
  await stop(part)
  await ending
}

function set(values: Record<string, string>) {
  Object.assign(process.env, values)
}

try {
  await start()
} catch (error) {
  fail(error)
}
