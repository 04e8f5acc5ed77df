import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { promisify } from "node:util"
import pg from "pg"
import { installQueue } from "#lib/rooms/jobs/install-queue.ts"
import { waitForLock } from "#packages/file-lock/file-lock.ts"
import { migrate, readMigrations } from "#prisma/migrate.ts"
import { startPostgres } from "#server/embedded/postgres.ts"

const root = path.join(import.meta.dirname, "../..")
const CACHE = path.join(root, "node_modules/.cache/lapse-test-cluster")

/** The files, beside the migrations, that determine the content of the template. */
const SOURCES = [
  "package-lock.json", // the versions of PostgreSQL and graphile-worker
  "lib/rooms/jobs/install-queue.ts",
  "prisma/migrate.ts",
  "server/embedded/*.ts",
]

/**
 * Puts a PostgreSQL cluster into `directory`/cluster whose database `lapse` has the schema and the
 * queue, and is otherwise empty. It is a copy of a template that is made once per schema; any
 * number of runs may call this at the same time.
 */
export async function copyTemplateCluster(directory: string, cache = CACHE): Promise<void> {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (!isWritable(cache)) return makeCluster(directory)

  const lock = await waitForLock(path.join(cache, "lock"))
  try {
    const template = path.join(cache, templateName())
    if (!fs.existsSync(template)) await makeTemplate(template)
    // cp keeps the owner, which is another user when this process is root.
    await promisify(execFile)("cp", ["-a", template, path.join(directory, "cluster")])
  } finally {
    lock.release()
  }
}

function isWritable(directory: string) {
  try {
    fs.mkdirSync(directory, { recursive: true })
    fs.accessSync(directory, fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}

function templateName() {
  const hash = createHash("sha256").update(
    JSON.stringify([process.platform, process.arch, process.getuid?.(), readMigrations()]),
  )
  for (const file of fs.globSync(SOURCES, { cwd: root }).sort()) {
    hash.update(fs.readFileSync(path.join(root, file)))
  }
  return hash.digest("hex").slice(0, 32)
}

/** Replaces the templates of other schemas. A template gets its name when it is complete. */
async function makeTemplate(template: string) {
  const cache = path.dirname(template)
  for (const name of fs.readdirSync(cache)) {
    if (!name.startsWith("lock")) fs.rmSync(path.join(cache, name), { recursive: true })
  }
  const partial = fs.mkdtempSync(`${template}.`)
  await makeCluster(partial)
  fs.renameSync(path.join(partial, "cluster"), template)
  fs.rmSync(partial, { recursive: true })
}

/** Runs a durable server, so that the files are on the disk before the template gets its name. */
async function makeCluster(directory: string) {
  const postgres = await startPostgres({ directory, durable: true })
  try {
    await migrate(postgres.url)
    await installQueue(postgres.url)
    await untilDisconnected(postgres.urlOf("postgres"))
  } finally {
    await postgres.stop()
  }
}

/**
 * Waits until no client is connected: graphile-worker does not wait for the end of its connections,
 * and stopping the server would make them fail.
 */
async function untilDisconnected(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const others =
      "SELECT FROM pg_stat_activity WHERE datname = 'lapse' AND backend_type = 'client backend'"
    while ((await client.query(others)).rowCount) await sleep(10)
  } finally {
    await client.end()
  }
}
