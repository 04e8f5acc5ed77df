import fs from "node:fs"
import path from "node:path"
import { PassThrough } from "node:stream"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { migrate, readMigrations } from "#prisma/migrate.ts"
import { keepSecret, takeDataDirectory } from "#server/configuration/data-directory.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { runLapseHere } from "#testing/lapse/run-lapse-here.ts"
import { mountSmallDisk, noSmallDisk } from "#testing/small-disk.ts"
import { inDays, MIB, MINUTE } from "#testing/units.ts"
import { backUpBeforeUpdate, howToGoBack, removeOldCopies } from "./before-update.ts"
import { readRestored, removeRestored } from "./restored.ts"

const place = makeFastDirectory()
const dataDirectory = path.join(place.path, "data")
const folder = path.join(dataDirectory, "before-update")
const copies = () => fs.readdirSync(folder).sort()
const known = readMigrations()
const names = new Set(known.map(({ name }) => name))
const aMigration = (name: string, sql: string) => ({ name, sql, checksum: `${name}${sql.length}` })
const of = (name: string) => aMigration(name, `CREATE TABLE ${name} ()`)
let url = ""
let stop = async () => {}
let release = () => {}

async function start() {
  release = takeDataDirectory(dataDirectory).release
  const server = await startPostgres({
    directory: path.join(dataDirectory, "postgres"),
    durable: false,
  })
  url = server.url
  stop = async () => {
    await server.stop()
    release()
  }
}

async function ask(address: string, text: string) {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  return (await client.query(text).finally(() => client.end())).rows
}

const query = (text: string) => ask(url, text)

/** Starts a version that knows more migrations. */
let minutes = 0
const update = (...more: ReturnType<typeof of>[]) =>
  migrate(url, {
    migrations: [...known, ...more],
    before: (state) =>
      backUpBeforeUpdate({
        dataDirectory,
        databaseUrl: url,
        state,
        say: () => {},
        now: new Date(Date.now() + MINUTE * minutes++),
      }),
    howToGoBack: (all) => howToGoBack(dataDirectory, all),
  })

/** Runs a command at a terminal on which this line is typed. */
async function answering<Result>(line: string, run: () => Promise<Result>): Promise<Result> {
  const { stdin } = process
  const terminal = Object.assign(new PassThrough(), { isTTY: true })
  terminal.write(`${line}\n`)
  Object.defineProperty(process, "stdin", { value: terminal, configurable: true })
  try {
    return await run()
  } finally {
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true })
  }
}

beforeAll(async () => {
  fs.mkdirSync(dataDirectory, { mode: 0o755 })
  keepSecret(dataDirectory, "auth-secret")
  await copyTemplateCluster(path.join(dataDirectory, "postgres"))
  await start()
  await query(`INSERT INTO installation (id) VALUES (1) ON CONFLICT DO NOTHING`)
  await query(`UPDATE installation SET data_version = '0.2.0'`)
  await query(`
    WITH ada AS (
      INSERT INTO member (id, email, name, password_hash)
      VALUES (gen_random_uuid(), 'ada@example.org', 'Ada', 'none') RETURNING id
    )
    INSERT INTO share (id, owner_id, title, max_ttl_seconds, created_at)
    SELECT gen_random_uuid(), id, 'The plan', 60, now() - interval '1 day' FROM ada`)
})
afterAll(async () => {
  await stop()
  place.remove()
})

describe.skipIf(noSmallDisk() || !process.env.HEAVY)("an update on a full disk", () => {
  it("leaves the tables and the room as they were, says so, and works once there is room", async () => {
    const disk = mountSmallDisk(400 * MIB)
    const data = path.join(disk.path, "data")
    fs.mkdirSync(data, { mode: 0o755 })
    const directory = path.join(data, "postgres")
    await copyTemplateCluster(directory)
    const server = await startPostgres({ directory, reserveBytes: 128 * MIB })
    const all = [...known, of("z1")]
    const start = () =>
      migrate(server.url, {
        migrations: all,
        before: (state) =>
          backUpBeforeUpdate({
            dataDirectory: data,
            databaseUrl: server.url,
            state,
            say: () => {},
          }),
      })
    const tables = "SELECT FROM pg_tables WHERE tablename = 'z1'"
    try {
      for (const room of [24 * MIB, 8 * MIB, MIB]) {
        disk.leave(room)
        const free = disk.freeBytes()
        await expect(start()).rejects.toThrow(
          /^The database cannot be copied before the update to .*, so it was left as it was: it needs .* on the disk of .*, where .* are free\. Make room, and start again\.$/,
        )
        expect(fs.existsSync(path.join(data, "before-update"))).toBe(false)
        expect(disk.freeBytes()).toBeGreaterThan(free - MIB / 2)
        expect(await ask(server.url, tables)).toEqual([])
      }
      disk.makeRoom()
      expect(await start()).toEqual(["z1"])
      expect(fs.readdirSync(path.join(data, "before-update"))).toHaveLength(1)
    } finally {
      await server.stop()
      disk.remove()
    }
  })
})

describe("an update", () => {
  it("copies the database once before its migrations, also if they fail halfway, and going back is refused with that copy", async () => {
    await query("CREATE TABLE before_the_update ()")
    const broken = aMigration("z2", "CREATE TABLE z1 ()")

    await expect(update(of("z1"), broken)).rejects.toThrow(/already exists/)
    const [copy = ""] = copies()
    expect(await update(of("z1"), of("z2"))).toEqual(["z2"])
    expect(copies()).toEqual([copy])
    await query("UPDATE installation SET data_version = '0.3.0'")

    const refused = await migrate(url, {
      howToGoBack: (all) => howToGoBack(dataDirectory, all),
    }).catch((error: Error) => error.message)
    expect(refused).toMatch(
      /^The database is newer than this version of Lapse .*start Lapse 0\.3\.0\./,
    )
    expect(refused).toContain(`run lapse restore ${path.join(folder, copy)}`)
  })

  it("goes back by that copy, asks whether to redo what was revoked since, and keeps the newer database", async () => {
    const from = path.join(folder, copies()[0] ?? "")
    await query("UPDATE share SET revoked_at = now()")
    await stop()
    const restore = () => runLapseHere(["restore", from], { LAPSE_DATA_DIR: dataDirectory })
    const newer = () => fs.globSync("postgres.newer-*", { cwd: dataDirectory })

    const unclear = await answering("perhaps", restore)
    expect(unclear.said).toMatch(/1 shares were revoked since:\n .*“The plan” of ada@example.org/)
    expect(unclear).toMatchObject({
      code: 1,
      said: expect.stringContaining("Nothing was restored"),
    })
    expect(newer()).toEqual([])
    const { code, said } = await answering("yes", restore)
    expect(said).toContain("The next start revokes 1 of them again and disables 0 members.")
    expect(code).toBe(0)
    // Repeating it before the start loses neither the database nor the answer.
    expect(await restore()).toMatchObject({ code: 0, said: expect.stringContaining("1 of them") })

    expect(readRestored(dataDirectory)).toMatchObject({ revoke: [{ byAdmin: false }] })
    expect(newer()).toHaveLength(1)
    await start()
    expect(await migrate(url)).toEqual([])
    expect(await query("SELECT to_regclass('before_the_update') IS NULL AS lost")).toEqual([
      { lost: false },
    ])
    expect(await query("SELECT revoked_at FROM share")).toEqual([{ revoked_at: null }])
    expect(fs.existsSync(path.join(dataDirectory, "secrets/auth-secret"))).toBe(true)
    removeRestored(dataDirectory)
  })

  it("replaces the copy of the update before, and a month later removes it", async () => {
    const [earlier] = copies()
    await update(of("z3"))
    expect(copies()).toHaveLength(1)
    expect(copies()).not.toContain(earlier)

    expect(howToGoBack(dataDirectory, new Set())).toMatch(/restore a backup that it made/)
    expect(howToGoBack(dataDirectory, names)).toContain(copies()[0])
    removeOldCopies(dataDirectory)
    expect(copies()).toHaveLength(1)
    removeOldCopies(dataDirectory, inDays(31))
    expect(copies()).toEqual([])
  })

  it("that needs no migration, or of a new database, copies nothing", async () => {
    expect(await update(of("z3"))).toEqual([])
    const state = { version: null, migration: null }
    await backUpBeforeUpdate({ dataDirectory, databaseUrl: url, state, say: () => {} })
    expect(copies()).toEqual([])
  })
})
