import fs from "node:fs"
import path from "node:path"
import { afterAll, afterEach, expect, it, vi } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { findAccount, giveTo } from "../embedded/postgres-account.ts"
import { MAJOR } from "../embedded/postgres-binaries.ts"
import { type Manifest, type Taken, writeManifest } from "./manifest.ts"
import { openObjectHashes } from "./object-hashes.ts"
import { findCopied, restoreBackup } from "./restore-backup.ts"
import { readRestored, readRestoreNote, refuseUnrestored } from "./restored.ts"

const place = makeFastDirectory()
afterAll(place.remove)
afterEach(() => vi.restoreAllMocks())

const backup = path.join(place.path, "backup")
const data = path.join(place.path, "data")

function write(directory: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(directory, path.dirname(name)), { recursive: true })
    fs.writeFileSync(path.join(directory, name), text)
  }
}

/** Recreates the data directory. Its database belongs to the account that would run it. */
function fill(files: Record<string, string>) {
  fs.rmSync(data, { recursive: true, force: true })
  write(data, files)
  const postgres = path.join(data, "postgres")
  const account = findAccount(path.join(place.path, "none"))
  if (!account || !fs.existsSync(postgres)) return
  for (const name of ["", ...fs.readdirSync(postgres, { recursive: true, encoding: "utf8" })])
    giveTo(account, path.join(postgres, name))
}

/** The files of the data directory with their text, under names without the time. */
const filesOf = (directory: string) =>
  Object.fromEntries(
    fs
      .readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !["lock", "restored.json"].includes(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [
        path.relative(directory, file).replace(/newer-\d+T\d+Z/, "newer"),
        fs.readFileSync(file, "utf8"),
      ]),
  )

const CHANGING = [
  "mkdirSync",
  "writeFileSync",
  "copyFileSync",
  "chmodSync",
  "renameSync",
  "rmSync",
  "rmdirSync",
  "fsyncSync",
] as const

/** Makes the file system refuse everything from this step on, as for a process that is killed. */
function killAt(step: number) {
  let steps = 0
  for (const name of CHANGING) {
    const real = fs[name]
    vi.spyOn(fs, name).mockImplementation((...args: unknown[]) => {
      if (++steps >= step) throw new Error("killed")
      return Reflect.apply(real, fs, args)
    })
  }
}

const EVERY = Array.from({ length: 60 }, (_, n) => n + 1)
const TAKEN: Taken = {
  version: "0.2.0",
  takenAt: "2026-11-28T03:00:00.000Z",
  database: { members: 1, shares: 0, files: 0, fileBytes: 0 },
  hasObjects: true,
}
const TASKS = { revoke: "open" as const, disable: [] }
const ID = "5b1c7c3e-8d0f-4f4b-9a2e-6a1f0c9d1e11"

const run = (manifest: Manifest, say = (_line: string) => {}) =>
  restoreBackup(manifest, {
    from: backup,
    dataDirectory: data,
    restored: { id: ID, takenAt: manifest.takenAt, ...TASKS },
    say,
  })

/** Runs a restore that is killed at this step. Returns whether it finished before. */
async function runKilled(manifest: Manifest, step: number) {
  killAt(step)
  const outcome = await run(manifest).then(
    () => "done",
    (error: Error) => error.message,
  )
  vi.restoreAllMocks()
  expect(outcome).toMatch(/^done$|killed/)
  return outcome === "done"
}

const BACKUP = {
  "secrets/link-secret": "secret",
  "postgres/cluster/PG_VERSION": MAJOR,
  "objects/blobs/ab/ab01": "bytes",
  "objects/buckets/lapse/bucket.json": "{}",
}
/** The file is a list, with the hash of the object. */
const restored = { ...BACKUP, "object-hashes.txt": expect.stringMatching(/ab01\n$/) }
const updated = {
  "secrets/link-secret": "own secret",
  "postgres/cluster/PG_VERSION": "newer",
  "objects/blobs/cd/cd01": "more bytes",
}
const beforeUpdate = { version: "0.2.0", migration: "first" }

/** Makes the backup, with its list and manifest. */
async function aBackup(taken: Taken): Promise<Manifest> {
  fs.rmSync(backup, { recursive: true, force: true })
  write(backup, BACKUP)
  return writeManifest(backup, taken, {
    hashes: openObjectHashes(backup, backup),
    onDamagedObject: () => {},
  })
}

it.each([
  ["into an empty directory", TAKEN, {}, restored],
  [
    "of a copy from before an update",
    { ...TAKEN, hasObjects: false, beforeUpdate },
    updated,
    {
      ...updated,
      "postgres/cluster/PG_VERSION": MAJOR,
      "postgres.newer/cluster/PG_VERSION": "newer",
    },
  ],
])(
  "a restore %s that is killed at any step and run again has everything in its place",
  async (_, taken, before, after) => {
    const manifest = await aBackup(taken)
    let step = 0
    let isDone = false
    let [refused, completed] = [0, 0]
    while (!isDone) {
      step++
      for (const again of process.env.HEAVY ? EVERY : [null]) {
        fill(before)
        isDone = await runKilled(manifest, step)
        if (fs.existsSync(path.join(data, "restore.partial"))) {
          refused++
          expect(() => refuseUnrestored(data)).toThrow(
            `run lapse restore ${backup} again; delete nothing.`,
          )
        }
        if (again) await runKilled(manifest, again)

        // A restore that copied everything is completed without the backup.
        const isCopied = readRestoreNote(data)?.isCopied === true
        if (isCopied) fs.renameSync(backup, `${backup}.gone`)
        const copied = findCopied(backup, data)
        expect(copied !== null).toBe(isCopied)
        await run(copied ?? manifest)
        if (isCopied) fs.renameSync(`${backup}.gone`, backup)
        completed += isCopied ? 1 : 0

        expect(filesOf(data)).toEqual(after)
        expect(() => refuseUnrestored(data)).not.toThrow()
        expect(readRestored(data)).toMatchObject(TASKS)
      }
    }
    expect(step).toBeGreaterThan(15)
    expect(refused).toBeGreaterThan(10)
    expect(completed).toBeGreaterThan(3)
  },
)

it("a data directory has the note of a restore before the backup is checked, which a damaged backup removes", async () => {
  const manifest = await aBackup(TAKEN)
  fill({})
  const refusals: unknown[] = []
  const note = (line: string) => {
    if (line !== "Checking the backup") return
    expect(() => refuseUnrestored(data)).toThrow(`run lapse restore ${backup} again`)
    refusals.push(line)
  }
  write(backup, { "objects/blobs/ab/ab01": "other" })

  await expect(run(manifest, note)).rejects.toThrow("is damaged: objects/blobs/ab/ab01")
  expect(refusals).toHaveLength(1)
  expect(fs.readdirSync(data)).toEqual(["lock"])
  write(backup, BACKUP)
  await run(manifest, note)
  expect(refusals).toHaveLength(2)
  expect(() => refuseUnrestored(data)).not.toThrow()
})

it("a restore of another backup waits for the one that was interrupted", async () => {
  const has = (name: string) => fs.existsSync(path.join(data, name))
  const manifest = await aBackup(TAKEN)
  fill({})
  for (let step = 1; !(has("postgres") && has("restore.partial")); step++) {
    fill({})
    await runKilled(manifest, step)
  }

  await expect(run({ ...manifest, takenAt: "2026-11-29T03:00:00.000Z" })).rejects.toThrow(
    `run lapse restore ${backup} first; delete nothing.`,
  )
})
