import { randomUUID } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import pg from "pg"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { lastDue } from "#lib/rooms/checks/backups/due.ts"
import { keepSecret, takeDataDirectory } from "#server/configuration/data-directory.ts"
import { type EmbeddedPostgres, startPostgres } from "#server/embedded/postgres.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { runLapseHere } from "#testing/lapse/run-lapse-here.ts"
import { mountSmallDisk, noSmallDisk } from "#testing/small-disk.ts"
import { inDays } from "#testing/units.ts"
import { BACKUP_LOCK, MANIFEST, readManifest } from "../manifest.ts"
import { recordBackup, recordTry } from "../records.ts"
import { nameOf, pruneBackups } from "./prune-backups.ts"
import { type BackupPlan, backUpIfDue, scheduleBackups } from "./schedule-backups.ts"

const place = makeFastDirectory()
const dataDirectory = path.join(place.path, "data")
const never = new AbortController().signal
const stops: (() => unknown)[] = []
let postgres: EmbeddedPostgres
let client: pg.Client
let plan: BackupPlan
let directories = 0

beforeAll(async () => {
  stops.push(takeDataDirectory(dataDirectory).release)
  keepSecret(dataDirectory, "auth-secret")
  keepSecret(dataDirectory, "link-secret")
  const directory = path.join(dataDirectory, "postgres")
  await copyTemplateCluster(directory)
  postgres = await startPostgres({ directory, durable: false })
  stops.push(postgres.stop)
  client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  stops.push(() => client.end())
  await client.query(`
    INSERT INTO installation (id) VALUES (1) ON CONFLICT DO NOTHING;
    INSERT INTO member (id, email, name, password_hash)
      VALUES (gen_random_uuid(), 'ada@example.org', 'Ada', 'none')`)
})
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
  place.remove()
})

beforeEach(() => {
  plan = {
    directory: path.join(place.path, `backups-${directories++}`),
    keep: 2,
    options: {
      dataDirectory,
      databaseUrl: postgres.url,
      embedsDatabase: false, // which is quick
      embedsStore: false,
      version: "0.0.0",
    },
  }
})
afterEach(() => client.query("DELETE FROM backup"))

const A_MANIFEST = {
  id: randomUUID(),
  takenAt: new Date().toISOString(),
  contents: { files: 1, bytes: 7, sha256: "" },
}
const includeDatabase = () => {
  plan.options.embedsDatabase = true
}
const backUp = (days = 0) => backUpIfDue(plan, never, inDays(days))
const names = () => fs.readdirSync(plan.directory).sort()
const rows = async () =>
  (await client.query("SELECT kind, directory, error, bytes FROM backup ORDER BY at, kind DESC"))
    .rows

describe("makeNow", () => {
  it("makes a backup although none is due, and never two at once", async () => {
    expect(await backUp()).toBe("made")
    expect(await backUp()).toBe("not due")
    const { makeNow, stop } = scheduleBackups(plan)
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // backups are named by the second

    await Promise.all([makeNow(), makeNow()])
    stop()

    expect(names()).toHaveLength(2)
    expect((await rows()).map(({ kind, error }) => [kind, error])).toEqual([
      ["scheduled", null],
      ["scheduled", null],
    ])
  })
})

describe("lastDue", () => {
  it("is today's time of day if it has passed, else yesterday's", () => {
    const at = (hours: number) => new Date(2026, 10, 28, hours)
    expect(lastDue(at(4))).toEqual(at(3))
    expect(lastDue(at(3))).toEqual(at(3))
    expect(lastDue(at(2))).toEqual(new Date(2026, 10, 27, 3))
  })
})

describe("scheduled backups", { timeout: 180_000 }, () => {
  it("are made once a day, however many processes look, and recorded", async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => backUp()))

    expect(outcomes.sort()).toEqual(["made", "not due", "not due", "not due"])
    expect(await backUp()).toBe("not due")
    expect(names()).toHaveLength(1)
    includeDatabase()
    expect(await backUp(1)).toBe("made")
    expect(names()).toHaveLength(2)
    const directory = path.join(plan.directory, names()[1] ?? "")
    const row = { kind: "scheduled", error: null }
    expect(await rows()).toMatchObject([row, { ...row, directory }])
    expect(readManifest(directory)).toMatchObject({ database: { members: 1 } })
  })

  it("keep as many as they should, and remove nothing else", async () => {
    expect(await backUp()).toBe("made")
    const [first = ""] = names()
    // Not a scheduled name, another installation's, an incomplete one, and a file.
    const copy = (to: string) =>
      fs.cpSync(path.join(plan.directory, first), path.join(plan.directory, to), {
        recursive: true,
      })
    const foreign = ["lapse-20200101T000000Z", "my-own-copy", "lapse-20200102T000000Z"]
    for (const name of foreign) copy(name)
    const file = path.join(plan.directory, foreign[0] ?? "", MANIFEST)
    const other = { installationId: "00000000-0000-4000-8000-000000000000" }
    const changed = { ...JSON.parse(fs.readFileSync(file, "utf8")), ...other }
    fs.writeFileSync(file, JSON.stringify(changed))
    fs.rmSync(path.join(plan.directory, foreign[2] ?? "", MANIFEST))
    fs.writeFileSync(path.join(plan.directory, "notes.txt"), "")
    // A killed backup, and a directory that no backup wrote.
    const killed = path.join(plan.directory, "lapse-20200103T000000Z.partial")
    fs.mkdirSync(killed)
    fs.writeFileSync(path.join(killed, BACKUP_LOCK), "")
    const unknown = ["lapse-20200104T000000Z.partial", "lapse-20200105T000000Z.partial"]
    for (const name of [...unknown, "lapse-20200106T000000Z.partial"])
      fs.mkdirSync(path.join(plan.directory, name))
    fs.writeFileSync(path.join(plan.directory, unknown[0] ?? "", "notes.txt"), "")
    const before = inDays(-1)
    fs.utimesSync(path.join(plan.directory, "lapse-20200106T000000Z.partial"), before, before)

    for (const days of [1, 2, 3]) expect(await backUp(days)).toBe("made")

    const kept = [...foreign, "notes.txt", ...unknown]
    const own = names().filter((name) => !kept.includes(name))
    expect(own).toHaveLength(2)
    expect(own).not.toContain(first)
    expect(names()).toEqual(expect.arrayContaining(kept))
    expect(await rows()).toHaveLength(2)
  })

  it("go on after one whose date lies ahead, which is removed before those made since", async () => {
    plan.keep = 1
    expect(await backUp()).toBe("made")
    const [ahead = ""] = names()
    const file = path.join(plan.directory, ahead, MANIFEST)
    const takenAt = inDays(3_000).toISOString()
    const manifest = { ...JSON.parse(fs.readFileSync(file, "utf8")), takenAt }
    fs.writeFileSync(file, JSON.stringify(manifest))
    await client.query("UPDATE backup SET at = $1", [takenAt])

    expect(await backUp(1)).toBe("made")

    expect(names()).toHaveLength(1)
    expect(names()).not.toContain(ahead)
    expect(await rows()).toHaveLength(1)
  })

  it("never remove the one that was tried last", async () => {
    expect(await backUp()).toBe("made")
    const [first = ""] = names()
    await client.query("UPDATE backup SET tried_at = now()")

    for (const days of [1, 2, 3]) expect(await backUp(days)).toBe("made")

    expect(names()).toContain(first)
    expect(names()).toHaveLength(3)
  })

  it("remove none if the new one fails, and say why", async () => {
    plan.keep = 1
    expect(await backUp()).toBe("made")
    const before = names()
    const { directory } = plan
    plan.directory = path.join(dataDirectory, "secrets")

    expect(await backUp(1)).toBe("failed")

    expect((await rows()).at(-1)).toMatchObject({ error: expect.stringMatching(/is a part of/) })
    plan.directory = directory
    expect(names()).toEqual(before)
  })

  it.skipIf(!process.env.HEAVY || noSmallDisk())(
    "keep the old one on a full disk, and go on when there is room",
    async () => {
      includeDatabase()
      const disk = mountSmallDisk(256 * 1024 ** 2)
      plan = { ...plan, keep: 1, directory: path.join(disk.path, "backups") }
      expect(await backUp()).toBe("made")
      const before = names()
      disk.leave(1024 ** 2)

      expect(await backUp(1)).toBe("failed")

      expect((await rows()).at(-1)?.error).toMatch(
        /^There is no room for the backup in .*backups: free/,
      )
      expect(names()).toEqual(before)
      disk.makeRoom()
      expect(await backUp(1)).toBe("made")
      expect(names()).toHaveLength(1)
      expect(names()).not.toEqual(before)
      disk.remove()
    },
  )

  it.runIf(process.env.HEAVY)(
    "leave only what the next one removes when Lapse ends meanwhile",
    async () => {
      includeDatabase()
      const ending = new AbortController()
      const now = inDays(0)
      const running = backUpIfDue(plan, ending.signal, now)
      const partial = path.join(plan.directory, `${nameOf(now)}.partial`)
      await expect
        .poll(() => fs.existsSync(path.join(partial, BACKUP_LOCK)), {
          interval: 1,
          timeout: 10_000,
        })
        .toBe(true)
      ending.abort()

      expect(await running).toBe("failed")
      expect(await rows()).toEqual([])
      expect(await backUp()).toBe("made")
      expect(names()).toHaveLength(1)
      expect(names()[0]).not.toMatch(/partial/)
    },
  )
})

describe("pruneBackups", () => {
  it("keeps all of them where the installation is not known", async () => {
    expect(await backUp()).toBe("made")
    const made = { takenAt: inDays(0).toISOString() }
    const pruning = { directory: plan.directory, keep: 0, made, spared: null }
    expect(pruneBackups(pruning)).toEqual([])
  })
})

describe("lapse restore --try", () => {
  it("starts a backup beside the running Lapse, compares what is in it and leaves nothing", async () => {
    includeDatabase()
    expect(await backUp()).toBe("made")
    const [name = ""] = names()
    const directory = path.join(plan.directory, name)

    const tried = await runLapseHere(["restore", directory, "--try"], {
      LAPSE_DATA_DIR: dataDirectory,
    })

    expect(tried.said).toContain(`${directory} works: it was started as of`)
    expect(tried.said).toContain("1 member, 0 shares and 0 files")
    expect(tried.code).toBe(0)
    expect(names()).toEqual([name])
    const { rows } = await client.query(
      "SELECT tried_at IS NOT NULL AS tried, try_error FROM backup",
    )
    expect(rows).toEqual([{ tried: true, try_error: null }])
  })

  it("keeps the place of a backup, and records one of another database only as tried", async () => {
    const made = { ...A_MANIFEST, kind: "scheduled" as const, directory: "/made" }
    await recordBackup(postgres.url, made)
    const copy = { ...A_MANIFEST, directory: "/copy", problem: null }
    await recordTry(postgres.url, copy)
    await recordTry(postgres.url, { ...copy, id: randomUUID() })

    expect(await rows()).toMatchObject([
      { kind: "scheduled", directory: "/made", bytes: "7" },
      { kind: "manual", directory: "/copy", bytes: null },
    ])
  })

  it("says what is missing, and the checks know of it", async () => {
    includeDatabase()
    expect(await backUp()).toBe("made")
    const directory = path.join(plan.directory, names()[0] ?? "")
    const file = path.join(directory, MANIFEST)
    const manifest = JSON.parse(fs.readFileSync(file, "utf8"))
    manifest.database.shares = 7
    fs.writeFileSync(file, JSON.stringify(manifest))

    const tried = await runLapseHere(["restore", directory, "--try"], {
      LAPSE_DATA_DIR: dataDirectory,
    })

    expect(tried).toMatchObject({
      code: 1,
      said: expect.stringContaining("Its database has 0 of 7 shares."),
    })
    const { rows } = await client.query("SELECT try_error AS problem FROM backup")
    expect(rows).toEqual([{ problem: "Its database has 0 of 7 shares." }])
  })
})
