import { randomUUID } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { keepSecret, takeDataDirectory } from "#server/configuration/data-directory.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { runLapse, startLapse } from "#testing/lapse/run-lapse.ts"
import { runLapseHere } from "#testing/lapse/run-lapse-here.ts"
import { listUndone } from "../backup/list-undone.ts"
import { readManifest } from "../backup/manifest.ts"
import { checkBackup } from "../backup/restore-backup.ts"
import {
  readRestored,
  refuseUnrestored,
  removeRestored,
  writeRestoreNote,
} from "../backup/restored.ts"
import { startPostgres } from "../embedded/postgres.ts"

const KILLS = 20
const place = makeFastDirectory()
const dataDirectory = path.join(place.path, "data")
const running = { LAPSE_DATA_DIR: dataDirectory }
const stops: (() => unknown)[] = []
let client: pg.Client
let names = 0
const newDirectory = () => path.join(place.path, `directory-${names++}`)

/** Starts the database in the data directory of a running Lapse; no object store is needed. */
beforeAll(async () => {
  stops.push(takeDataDirectory(dataDirectory).release)
  keepSecret(dataDirectory, "auth-secret")
  fs.mkdirSync(path.join(dataDirectory, "objects/buckets/lapse/objects"), { recursive: true })
  fs.mkdirSync(path.join(dataDirectory, "objects/buckets/lapse/uploads"))
  fs.mkdirSync(path.join(dataDirectory, "objects/blobs/ab"), { recursive: true })
  fs.writeFileSync(path.join(dataDirectory, "objects/buckets/lapse/bucket.json"), "{}")
  const directory = path.join(dataDirectory, "postgres")
  await copyTemplateCluster(directory)
  const postgres = await startPostgres({ directory, durable: false })
  stops.push(postgres.stop)
  client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  stops.push(() => client.end())
  await client.query(`
    INSERT INTO member (id, email, name, password_hash, created_at) VALUES
      (gen_random_uuid(), 'ada@example.org', 'Ada', 'none', now() - interval '1 day'),
      (gen_random_uuid(), 'bob@example.org', 'Bob', 'none', now() - interval '1 day');
    INSERT INTO share (id, owner_id, title, max_ttl_seconds, created_at)
      SELECT gen_random_uuid(), id, 'The report of ' || name, 60, now() - interval '1 day' FROM member`)
})
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
  place.remove()
})

const held = async () =>
  (
    await client.query(
      `SELECT slot_name AS name FROM pg_replication_slots UNION ALL
       SELECT application_name FROM pg_stat_activity WHERE application_name = 'lapse-backup'`,
    )
  ).rows

describe("a backup that is killed", () => {
  it.runIf(process.env.HEAVY)(
    "leaves nothing that a restore accepts and no WAL held, and the next backup removes it",
    {
      timeout: 20_000 * KILLS,
    },
    async () => {
      const directory = newDirectory()
      const partial = `${directory}.partial`
      for (let kill = 0; kill < KILLS; kill++) {
        const { child, ended } = startLapse(["backup", directory], running)
        while (child.exitCode === null && !fs.existsSync(path.join(partial, "backup.lock")))
          await sleep(2)
        await sleep((kill * 600) / KILLS)
        child.kill("SIGKILL")
        await ended
        if (fs.existsSync(directory))
          fs.rmSync(directory, { recursive: true }) // it had finished before the kill
        else expect(() => readManifest(partial)).toThrow("not a whole backup")
        await expect.poll(held, { timeout: 5000 }).toEqual([])
      }

      const { code, said } = await runLapse(["backup", directory], running)

      expect(said).toMatch(/holds 2 members, 2 shares and 0 files .* as of 20\d\d-/)
      expect(said).toContain("Anyone who can read this backup can create every link")
      expect(code).toBe(0)
      expect(fs.existsSync(partial)).toBe(false)
      const manifest = readManifest(directory)
      expect(manifest).toMatchObject({ database: { shares: 2 } })
      await checkBackup(directory, manifest)
    },
  )

  it("is not disturbed by a second one for the same directory", async () => {
    const directory = newDirectory()

    const both = await Promise.all([1, 2].map(() => runLapse(["backup", directory], running)))

    expect(both.map(({ code }) => code).sort()).toEqual([0, 1])
    const refused = both.find(({ code }) => code === 1)
    expect(refused?.said).toMatch(/Another backup is writing|is not an empty directory/)
    await checkBackup(directory, readManifest(directory))
  })
})

describe("a restore that is killed", () => {
  it.runIf(process.env.HEAVY)(
    "is refused by the start with what to do, which completes it",
    async () => {
      const directory = newDirectory()
      await runLapseHere(["backup", directory], running)
      let refused = 0
      for (let ms = 20; ms <= 2_000; ms += 60) {
        const into = newDirectory()
        const { child, ended } = startLapse(["restore", directory], { LAPSE_DATA_DIR: into })
        while (child.exitCode === null && !fs.existsSync(into)) await sleep(1)
        await sleep(ms % 640)
        child.kill("SIGKILL")
        await ended
        if (fs.existsSync(path.join(into, "restore.partial"))) {
          refused++
          expect(() => refuseUnrestored(into)).toThrow(`run lapse restore ${directory} again`)
        }

        const again = await runLapseHere(["restore", directory], { LAPSE_DATA_DIR: into })

        expect(again).toMatchObject({ code: 0, said: expect.stringContaining("Start Lapse now.") })
        expect(() => refuseUnrestored(into)).not.toThrow()
        expect(fs.readdirSync(into)).toEqual(expect.arrayContaining(["postgres", "secrets"]))
        fs.rmSync(into, { recursive: true })
      }
      expect(refused).toBeGreaterThan(0)
    },
  )
})

describe("lapse restore", () => {
  it("lists what it undoes from the data directory it replaces, and has it revoked again", async () => {
    const directory = newDirectory()
    expect((await runLapseHere(["backup", directory], running)).code).toBe(0)
    await client.query(
      `UPDATE share SET revoked_at = now(), revoked_by_admin = true WHERE title LIKE '%Ada'`,
    )
    await client.query(`UPDATE member SET disabled_at = now() WHERE name = 'Bob'`)
    const into = newDirectory()
    const compared = ["--compare", dataDirectory]
    const settings = { LAPSE_DATA_DIR: into }

    const listed = await runLapseHere(["restore", directory, ...compared], settings)
    expect(listed.said).toContain("run this again with --redo-revocations before the start")
    expect(listed.code).toBe(0)
    expect(readRestored(into)).toMatchObject({ revoke: [], disable: [] })
    const { code, said } = await runLapse(
      ["restore", directory, ...compared, "--redo-revocations"],
      settings,
    )

    expect(said).toMatch(
      /1 shares were revoked since:\n {2}.*“The report of Ada” of ada@example.org/,
    )
    expect(said).toMatch(/1 members were disabled since:\n {2}bob@example.org/)
    expect(said).toContain("The next start revokes 1 of them again and disables 1 members.")
    expect(code).toBe(0)
    expect(readRestored(into)).toMatchObject({ revoke: [{ byAdmin: true }], disable: [{}] })
    // The old database does not run, so it is started for the list.
    const takenAt = new Date(readManifest(directory).takenAt)
    expect(await listUndone(into, takenAt)).toMatchObject({ shares: [], members: [], claims: 0 })

    await expect(listUndone(directory, takenAt)).rejects.toThrow("is a backup")
    await checkBackup(directory, readManifest(directory))
    removeRestored(into) // as the first start does
    const again = await runLapseHere(["restore", directory], settings)
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining("is not empty") })
  })

  it("refuses altered objects, names the option that takes them, and names them then", async () => {
    const blob = "objects/blobs/ab/ab01"
    fs.writeFileSync(path.join(dataDirectory, blob), "some bytes")
    const directory = newDirectory()
    await runLapseHere(["backup", directory], running)
    fs.rmSync(path.join(directory, blob)) // a link to the original
    fs.writeFileSync(path.join(directory, blob), "same size!")
    const into = { LAPSE_DATA_DIR: newDirectory() }

    const refused = await runLapseHere(["restore", directory], into)
    const accepted = await runLapseHere(["restore", directory, "--accept-damaged-objects"], into)

    expect(refused.said).toMatch(`${blob} is not as it was. Restore another`)
    expect(refused.said).toContain("restore it with --accept-damaged-objects")
    expect(refused.code).toBe(1)
    expect(accepted.said).toContain(`1 files of objects are not as they were:\n  ${blob}`)
    expect(accepted.code).toBe(0)
    fs.rmSync(path.join(dataDirectory, blob))
  })

  it("says that it cannot list anything without the old one, and can have all revoked", async () => {
    const directory = newDirectory()
    await runLapseHere(["backup", directory], running)
    const unknown = await runLapseHere(["restore", directory, "--redo-revocations"], running)
    expect(unknown).toMatchObject({ code: 64, said: expect.stringContaining("needs --compare") })
    const into = newDirectory()

    const { code, said } = await runLapseHere(["restore", directory, "--revoke-open"], {
      LAPSE_DATA_DIR: into,
    })

    expect(said).toContain("cannot be listed without the data directory that Lapse used until now")
    expect(said).toContain("The next start revokes every open share.")
    expect(code).toBe(0)
    expect(readRestored(into)).toMatchObject({ revoke: "open" })
    // The interrupted run had the option; the command in the start's message does not have it.
    const half = newDirectory()
    fs.mkdirSync(half)
    const manifest = readManifest(directory)
    const { takenAt } = manifest
    const tasks = { id: randomUUID(), takenAt, revoke: "open" as const, disable: [], manifest }
    writeRestoreNote(half, { ...tasks, from: directory, newer: null, isCopied: false })
    const again = await runLapseHere(["restore", directory], { LAPSE_DATA_DIR: half })
    expect(again.said).toContain("The next start revokes every open share.")
    // A run that had copied everything is completed although the backup no longer exists.
    const copied = newDirectory()
    fs.mkdirSync(path.join(copied, "restore.copies/postgres"), { recursive: true })
    const gone = newDirectory()
    writeRestoreNote(copied, { ...tasks, from: gone, newer: null, isCopied: true })
    const completed = await runLapseHere(["restore", gone], { LAPSE_DATA_DIR: copied })
    expect(completed.said).toContain("The next start revokes every open share.")
    expect(fs.readdirSync(copied)).toEqual(expect.arrayContaining(["postgres", "restored.json"]))
  })
})

describe("backup and restore refuse with a sentence", () => {
  const own = {
    DATABASE_URL: "postgresql://127.0.0.1:9/lapse",
    AUTH_SECRET: "an auth secret that only tests use, no installation",
    LINK_SECRET: "a-link-secret-that-only-tests-use-no-installation",
    S3_BUCKET: "bucket",
  }
  it.each<[string, string[], Record<string, string>, RegExp, number?]>([
    ["no directory is named", ["backup"], running, /Missing argument: DIR/, 64],
    ["nothing is embedded", ["backup", "/tmp/x"], own, /nothing of Lapse is in a data directory/],
    ["Lapse does not run", ["backup", "/tmp/x"], { LAPSE_DATA_DIR: "/tmp" }, /No Lapse is running/],
    ["there is no backup", ["restore", "/tmp"], running, /not a whole backup/],
  ])("when %s", async (_, args, settings, sentence, expected = 1) => {
    const { code, said } = await runLapseHere(args, settings)

    expect(said).toMatch(sentence)
    expect(said).not.toMatch(/\n\s+at /)
    expect(code).toBe(expected)
  })
})
