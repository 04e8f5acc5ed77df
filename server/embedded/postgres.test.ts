import { spawn } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import path from "node:path"
import pg from "pg"
import { afterEach, describe, expect, it } from "vitest"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { type EmbeddedPostgres, startPostgres } from "./postgres.ts"

const made: { remove: () => void }[] = []
const running: EmbeddedPostgres[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()))
  for (const directory of made.splice(0)) directory.remove()
})

function newDirectory(name = "postgres") {
  const parent = makeFastDirectory()
  made.push(parent)
  return path.join(parent.path, name)
}

/** A directory that already has a cluster, for tests that do not test its creation. */
async function directoryWithCluster(name?: string) {
  const directory = newDirectory(name)
  await copyTemplateCluster(directory)
  return directory
}

async function start(directory: string, durable = false) {
  const postgres = await startPostgres({ directory, durable })
  running.push(postgres)
  return postgres
}

async function ask(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const postmaster = (directory: string) =>
  Number(fs.readFileSync(path.join(directory, "cluster/postmaster.pid"), "utf8").split("\n")[0])

describe("the embedded PostgreSQL", () => {
  it("listens on no port, sorts and compares the same everywhere, and keeps its data", async () => {
    const directory = newDirectory()
    const first = await start(directory)
    expect(await ask(first.url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "" }])
    expect(await ask(first.url, "SHOW timezone")).toEqual([{ TimeZone: "UTC" }])
    expect(await ask(first.url, "SHOW lc_messages")).toEqual([{ lc_messages: "C" }])
    expect(
      await ask(
        first.url,
        "SELECT datlocprovider AS provider, datlocale AS locale FROM pg_database WHERE datname = current_database()",
      ),
    ).toEqual([{ provider: "b", locale: "C.UTF-8" }])
    await ask(first.url, "CREATE TABLE kept AS SELECT 1 AS n")
    await first.stop()

    const second = await start(directory)

    expect(await ask(second.url, "SELECT n FROM kept")).toEqual([{ n: 1 }])
  })

  it("lets in only its own user and root", async () => {
    const directory = newDirectory()
    await start(directory)

    expect(fs.statSync(path.join(directory, "socket")).mode & 0o777).toBe(0o700)
    expect(fs.statSync(path.join(directory, "cluster")).mode & 0o777).toBe(0o700)
  })

  it("works in a directory whose name is too long for a socket", async () => {
    const postgres = await start(await directoryWithCluster("x".repeat(120)))

    expect(await ask(postgres.url, "SELECT 1 AS n")).toEqual([{ n: 1 }])

    const socket = new URL(postgres.url).searchParams.get("host") ?? ""
    expect(fs.existsSync(socket)).toBe(true)
    await postgres.stop()
    expect(fs.existsSync(socket)).toBe(false)
  })

  it.runIf(process.env.HEAVY)(
    "starts the server again when it is killed, with all that was committed",
    async () => {
      const directory = await directoryWithCluster()
      const postgres = await start(directory, true)
      await ask(postgres.url, "CREATE TABLE kept AS SELECT 1 AS n")

      process.kill(postmaster(directory), "SIGKILL")

      await expect
        .poll(() => ask(postgres.url, "SELECT n FROM kept").catch(() => "away"), {
          timeout: 15_000,
        })
        .toEqual([{ n: 1 }])
    },
  )

  it.runIf(process.env.HEAVY)(
    "stops the orphan of a killed parent and takes over its data",
    async () => {
      const directory = await directoryWithCluster()
      const module = path.join(import.meta.dirname, "postgres.ts")
      const program = `
      const { startPostgres } = await import(${JSON.stringify(module)})
      await startPostgres({ directory: ${JSON.stringify(directory)}, durable: false })
      process.stdout.write("ready")`
      // Without setpriv on the PATH, the kernel does not stop the server together with its parent.
      const parent = spawn(process.execPath, ["--input-type=module", "-e", program], {
        env: { NODE_ENV: "test", PATH: "" },
        stdio: ["ignore", "pipe", "inherit"],
      })
      await once(parent.stdout, "data")
      const orphan = postmaster(directory)
      parent.kill("SIGKILL")
      await once(parent, "exit")
      expect(() => process.kill(orphan, 0)).not.toThrow()

      const postgres = await start(directory)

      expect(postmaster(directory)).not.toBe(orphan)
      expect(await ask(postgres.url, "SELECT 1 AS n")).toEqual([{ n: 1 }])
    },
  )

  it.runIf(process.env.HEAVY)(
    "ignores a pid file whose number belongs to another process by now",
    async () => {
      const directory = await directoryWithCluster()
      const first = await start(directory)
      await first.stop()
      const file = path.join(directory, "cluster/postmaster.pid")
      fs.writeFileSync(file, `${process.pid}\n${directory}/cluster\n1\n5432\n\n\n\n`)

      const second = await start(directory)

      expect(await ask(second.url, "SELECT 1 AS n")).toEqual([{ n: 1 }])
    },
  )

  it.runIf(process.env.HEAVY)(
    "makes a new cluster when the first attempt was cut off in the middle",
    async () => {
      const directory = newDirectory()
      fs.mkdirSync(path.join(directory, "cluster.new/base"), { recursive: true })
      fs.writeFileSync(path.join(directory, "cluster.new/PG_VERSION"), "18\n")

      const postgres = await start(directory)

      expect(await ask(postgres.url, "SELECT 1 AS n")).toEqual([{ n: 1 }])
    },
  )
})
