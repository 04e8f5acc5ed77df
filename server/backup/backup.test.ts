import { createHash, randomBytes } from "node:crypto"
import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { GetObjectCommand } from "@aws-sdk/client-s3"
import pg from "pg"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { db, disconnect } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { aStore } from "#packages/local-s3/testing.ts"
import {
  keepSecret,
  keepSecretText,
  takeDataDirectory,
} from "#server/configuration/data-directory.ts"
import { aFile, anUploadInParts } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { noCookies, source } from "#testing/look-and-click.ts"
import { BUCKET, testEnvironment } from "#testing/run/test-environment.ts"
import { startPostgres } from "../embedded/postgres.ts"
import { makeBackup } from "./make-backup.ts"
import { type Checking, readManifest, verifyContents } from "./manifest.ts"
import { openObjectHashes } from "./object-hashes.ts"
import { checkBackup, restoreBackup } from "./restore-backup.ts"
import { readRestored, refuseUnrestored } from "./restored.ts"

const ROUNDS = process.env.HEAVY ? 10 : 1
const KEYS = { accessKeyId: "AKIDBACKUP", secretAccessKey: "a-secret-of-this-test" }
const SIGNERS = "amber:a-key:its-secret,blue:another-key:its-secret"
const place = makeFastDirectory()
const dataDirectory = path.join(place.path, "data")
const stops: (() => unknown)[] = []
const stopsOfTest: (() => unknown)[] = []
let databaseUrl = ""
let names = 0
const newDirectory = () => path.join(place.path, `directory-${names++}`)
const quiet = () => {}
const warnings: string[] = []
const warn = (sentence: string) => warnings.push(sentence)

beforeAll(async () => {
  stops.push(takeDataDirectory(dataDirectory).release)
  keepSecret(dataDirectory, "link-secret")
  keepSecretText(dataDirectory, "s3-signers", () => SIGNERS)
  const store = await aStore({
    ...KEYS,
    dir: path.join(dataDirectory, "objects"),
    bucket: BUCKET,
  })
  stops.push(store.close)
  await copyTemplateCluster(path.join(dataDirectory, "postgres"))
  const postgres = await startPostgres({
    directory: path.join(dataDirectory, "postgres"),
    durable: false,
  })
  stops.push(postgres.stop)
  databaseUrl = postgres.url
  Object.assign(process.env, testEnvironment(databaseUrl, { ...KEYS, endpoint: store.url }))
  stops.push(disconnect)
})
afterEach(async () => {
  for (const stop of stopsOfTest.splice(0).reverse()) await stop()
})
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
  place.remove()
})

let whole = ""
/** Contents of a backup of only the objects, which is quick because it has no database. */
const OBJECTS = { embedsDatabase: false, embedsStore: true }

/** A backup that several tests read. */
async function theBackup() {
  if (whole) return whole
  whole = newDirectory()
  await aFile({ bytes: "some bytes" })
  await backUp(whole)
  return whole
}

const backUp = (directory: string, parts = { embedsDatabase: true, embedsStore: true }) =>
  makeBackup({
    dataDirectory,
    directory,
    databaseUrl,
    ...parts,
    version: "1.2.3",
    say: quiet,
    warn,
  })

async function restore(from: string, into: string, checking: Checking = {}) {
  const manifest = readManifest(from)
  const restored = {
    id: "5b1c7c3e-8d0f-4f4b-9a2e-6a1f0c9d1e11",
    takenAt: manifest.takenAt,
    revoke: [],
    disable: [],
  }
  return restoreBackup(manifest, { from, dataDirectory: into, restored, say: quiet, checking })
}

const check = async (backup: string) => checkBackup(backup, readManifest(backup))

/** Alters one byte in the middle of a file, but neither its size nor its times. */
function alterByte(file: string) {
  const { mtime, atime, size } = fs.statSync(file)
  const bytes = fs.readFileSync(file)
  const middle = Math.floor(size / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  fs.writeFileSync(file, bytes)
  fs.utimesSync(file, atime, mtime)
  expect(fs.statSync(file)).toMatchObject({ mtime, size })
}

/** Lists the blobs of a store that are not in `before`. */
function blobsOf(store: string, before: string[] = []) {
  const files = fs.globSync("objects/blobs/*/*", { cwd: store })
  return files.filter((name) => !before.includes(name))
}

/** Converts a backup to the first format, which has no hashes of objects. */
function makeFirstFormat(backup: string) {
  const list = path.join(backup, "contents.txt")
  const text = fs
    .readFileSync(list, "utf8")
    .replace(/^\w+(\t\d+\tobjects\/(blobs|buckets\/[^/]+\/uploads)\/)/gm, "-$1")
  const manifest = readManifest(backup)
  const sha256 = createHash("sha256").update(text).digest("hex")
  const contents = { ...manifest.contents, sha256 }
  fs.writeFileSync(list, text)
  fs.writeFileSync(
    path.join(backup, "manifest.json"),
    JSON.stringify({ ...manifest, format: 1, contents }),
  )
}

/** Starts Lapse on a restored data directory, as npm start does. */
async function startRestored(directory: string) {
  refuseUnrestored(directory)
  const postgres = await startPostgres({
    directory: path.join(directory, "postgres"),
    durable: false,
  })
  stopsOfTest.push(postgres.stop)
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  stopsOfTest.push(() => client.end())
  const store = await aStore({ ...KEYS, dir: path.join(directory, "objects"), bucket: "other" })
  stopsOfTest.push(store.close)
  const read = async (key: string) => {
    const { Body } = await store.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    return (await Body?.transformToString()) ?? ""
  }
  const ask = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await client.query<Row>(text, values)).rows
  return { ask, read, errors: store.errors }
}

/** Starts uploads, deletions and clicks, which continue until they are stopped. */
async function startLoad(owner: PersonId) {
  const link = await aLink({ minted: true })
  const bytesOf = new Map<string, string>()
  const deleted = new Set<string>()
  const state = { clicks: 0, started: 0, running: true }
  const upload = async () => {
    while (state.running) {
      const bytes = randomBytes(400).toString("hex")
      const { id } = await aFile({ owner, bytes })
      bytesOf.set(id, bytes)
      await sleep(12)
    }
  }
  const remove = async () => {
    while (state.running) {
      const id = [...bytesOf.keys()].find((id) => !deleted.has(id))
      if (id) {
        deleted.add(id)
        const { key } = await db.object.findFirstOrThrow({ where: { fileId: id } })
        await deleteFile(owner, id)
        await destroyObject(key)
      }
      await sleep(12)
    }
  }
  const click = async () => {
    while (state.running) {
      state.started++
      await claim({
        publicId: link.publicId,
        fileIds: [link.fileId],
        cookies: noCookies,
        directOnly: false,
        source,
      })
      state.clicks++
      await sleep(8)
    }
  }
  const running = Promise.all([upload(), upload(), remove(), click()])
  const stop = async () => {
    state.running = false
    await running
  }
  return { link, bytesOf, deleted, state, stop }
}

describe("a backup of a running Lapse", () => {
  it("holds every share, count and byte as of its moment or later, under clicks, uploads and deletions", {
    timeout: 600_000 * ROUNDS, // copies a store that grows, on a machine that may be loaded
  }, async () => {
    const load = await startLoad(await aMember())
    stopsOfTest.push(load.stop)
    for (let round = 0; round < ROUNDS; round++) {
      const [uploads, deletions] = [load.bytesOf.size, load.deleted.size]
      const isUnderWay = () =>
        load.bytesOf.size > uploads + 10 &&
        load.deleted.size > deletions + 5 &&
        load.state.clicks > 0
      await vi.waitUntil(isUnderWay, { timeout: 300_000, interval: 10 })
      const clicks = load.state.clicks
      const known = [...load.bytesOf.keys()].filter((id) => !load.deleted.has(id))
      const directory = newDirectory()
      await backUp(directory)
      const clicksAfter = load.state.started
      // What happens after the last backup is not in it, and would slow its restore down.
      if (round === ROUNDS - 1) await load.stop()
      const into = newDirectory()
      await restore(directory, into)

      const { ask, read, errors } = await startRestored(into)
      const [counted] = await ask<{ downloads: number }>(
        "SELECT sum(downloads)::int AS downloads FROM share_counter WHERE share_id = $1",
        [load.link.shareId],
      )
      expect(counted?.downloads).toBeGreaterThanOrEqual(clicks)
      expect(counted?.downloads).toBeLessThanOrEqual(clicksAfter)
      const files = await ask<{ id: string; key: string }>(
        "SELECT id, object_key AS key FROM file WHERE status = 'ready' AND deleted_at IS NULL AND name = 'report.pdf' AND size = 800",
      )
      for (const { id, key } of files) {
        const bytes = load.bytesOf.get(id)
        if (bytes) expect(await read(key)).toBe(bytes)
        else expect(await read(key)).toHaveLength(800) // its upload was not answered yet
      }
      const restored = new Set(files.map(({ id }) => id))
      const lost = known.filter((id) => !restored.has(id) && !load.deleted.has(id))
      expect(lost).toEqual([])
      expect(errors).toEqual([])
      expect(await ask("SELECT count(*)::int AS links FROM link")).toEqual([{ links: 1 }])
      for (const stop of stopsOfTest.splice(1).reverse()) await stop()
    }
  })

  it("on another disk copies the files, an open upload and the mode of the secrets, and frees the WAL at its end", async () => {
    const { object, put } = await anUploadInParts()
    await put(2)
    const { uploadId } = await object()
    await aFile({ bytes: "some bytes" })
    const parent = fs.mkdtempSync(path.join(tmpdir(), "lapse-backup-"))
    stopsOfTest.push(() => fs.rmSync(parent, { recursive: true }))
    const directory = path.join(parent, "backup")

    const manifest = await backUp(directory)

    expect(manifest).toMatchObject({ version: "1.2.3", hasObjects: true })
    await verifyContents(directory, readManifest(directory))
    for (const name of ["link-secret", "s3-signers"])
      expect(fs.statSync(path.join(directory, "secrets", name)).mode & 0o777).toBe(0o600)
    const uploads = path.join(directory, "objects/buckets", BUCKET, "uploads", uploadId ?? "")
    expect(fs.readdirSync(uploads)).toHaveLength(2)
    const isOtherDisk = fs.statSync(parent).dev !== fs.statSync(dataDirectory).dev
    const [blob = ""] = fs.globSync("objects/blobs/*/*", { cwd: directory })
    expect(fs.statSync(path.join(directory, blob)).nlink).toBe(isOtherDisk ? 1 : 2)
    expect(fs.existsSync(`${directory}.partial`)).toBe(false)
    expect(await db.$queryRaw`SELECT slot_name FROM pg_replication_slots`).toEqual([])
    expect(await db.$queryRaw`SELECT pid FROM pg_locks WHERE locktype = 'advisory'`).toEqual([])
  })

  it("fails with a sentence and leaves nothing when its database session ends", async () => {
    const directory = newDirectory()
    const made = backUp(directory)
    const failed = expect(made).rejects.toThrow(
      /connection to the database was lost .* run it again/,
    )
    const terminated = () =>
      db.$queryRaw<{ done: boolean }[]>`
        SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
        WHERE application_name = 'lapse-backup'`
    await expect.poll(terminated, { interval: 5 }).toEqual([{ done: true }])

    await failed

    expect(fs.existsSync(directory) || fs.existsSync(`${directory}.partial`)).toBe(false)
  })

  it("holds only what is embedded", async () => {
    const objects = newDirectory()

    await backUp(objects, OBJECTS)

    expect(fs.existsSync(path.join(objects, "postgres"))).toBe(false)
    expect(readManifest(objects).database).toBeNull()
  })

  it("refuses a directory that is not empty, or a part of the data directory", async () => {
    const full = newDirectory()
    fs.mkdirSync(full)
    fs.writeFileSync(path.join(full, "mine"), "mine")
    const mine = newDirectory()
    fs.mkdirSync(`${mine}.partial`)
    fs.writeFileSync(path.join(`${mine}.partial`, "mine"), "mine")

    await expect(backUp(full)).rejects.toThrow("is not an empty directory")
    await expect(backUp(mine)).rejects.toThrow("no backup wrote it")
    await expect(backUp(path.join(dataDirectory, "objects/x"))).rejects.toThrow("a part of")
    expect(fs.readdirSync(full)).toEqual(["mine"])
    expect(fs.readdirSync(`${mine}.partial`)).toEqual(["mine"])
  })

  it("is refused while another has made its directory and not yet its lock", async () => {
    const directory = newDirectory()
    fs.mkdirSync(`${directory}.partial`)

    await expect(backUp(directory)).rejects.toThrow("Another backup is writing")
    expect(fs.readdirSync(`${directory}.partial`)).toEqual([])
  })
})

describe("a restore", () => {
  it("refuses a backup that lacks, alters or adds a file, and names it", async () => {
    const whole = await theBackup()
    const [blob = ""] = blobsOf(whole)
    const damages: [name: string, damage: (file: string) => void, sentence: string][] = [
      [blob, (file) => fs.rmSync(file), `${blob} is missing`],
      [blob, alterByte, `${blob} is not as it was`],
      ["contents.txt", alterByte, "contents.txt is not as it was"],
      ["postgres/cluster/global/pg_control", (file) => fs.truncateSync(file, 9), "pg_control"],
      ["postgres/cluster/more", (file) => fs.writeFileSync(file, ""), "does not belong"],
      ["manifest.json", (file) => fs.rmSync(file), "not a whole backup"],
      ["manifest.json", (file) => fs.writeFileSync(file, "{"), "is damaged"],
    ]
    const damaged = newDirectory()
    fs.cpSync(whole, damaged, { recursive: true })
    for (const [name, damage, sentence] of damages) {
      damage(path.join(damaged, name))
      const into = newDirectory()
      await expect(restore(damaged, into)).rejects.toThrow(sentence)
      expect(fs.existsSync(into) ? fs.readdirSync(into) : ["lock"]).toEqual(["lock"])
      fs.rmSync(path.join(damaged, name), { force: true })
      if (fs.existsSync(path.join(whole, name)))
        fs.cpSync(path.join(whole, name), path.join(damaged, name))
    }
    await check(damaged)
  })

  it("says how many files differ, and takes altered objects only where that is accepted", async () => {
    for (let n = 0; n < 4; n++) await aFile({ bytes: `some bytes ${n}` })
    const directory = newDirectory()
    await backUp(directory, OBJECTS)
    const damaged = newDirectory()
    fs.cpSync(directory, damaged, { recursive: true })
    const blobs = blobsOf(damaged)
    for (const blob of blobs) alterByte(path.join(damaged, blob))
    await expect(restore(damaged, newDirectory())).rejects.toThrow(
      new RegExp(`and ${blobs.length - 3} more differ.* --accept-damaged-objects`),
    )

    const named: string[] = []
    const into = newDirectory()
    await restore(damaged, into, { onDamagedObject: (name) => named.push(name) })

    expect(named.sort()).toEqual(blobs.sort())
    expect(blobsOf(into).sort()).toEqual(blobs)
    fs.writeFileSync(path.join(damaged, "secrets/link-secret"), "altered")
    await expect(restore(damaged, newDirectory(), { onDamagedObject: quiet })).rejects.toThrow(
      /is damaged: secrets\/link-secret is not as it was\. (?!.*--accept)/,
    )
  })

  it("compares with the hash of the first backup, so it finds what was altered in the data directory since", async () => {
    const before = blobsOf(dataDirectory)
    await aFile({ bytes: "some bytes in the middle" })
    const [blob = ""] = blobsOf(dataDirectory, before)
    const [first, second, third] = [newDirectory(), newDirectory(), newDirectory()]
    await backUp(first, OBJECTS)
    const altered = path.join(dataDirectory, blob)
    try {
      alterByte(altered)
      await backUp(second, OBJECTS)
      await expect(check(second)).rejects.toThrow(`${blob} is not as it was`)
      expect(warnings).toEqual([])
      alterByte(altered)
      await check(second)

      fs.truncateSync(altered, 5)
      await backUp(third, OBJECTS)
      expect(warnings).toEqual([
        expect.stringContaining(`${blob} is damaged: it cannot be read, or was larger`),
      ])
      await expect(check(third)).rejects.toThrow(`${blob} is not as it was`)
    } finally {
      fs.writeFileSync(altered, "some bytes in the middle")
    }
  })

  it("hashes no object twice, also after a restore", async () => {
    await aFile({ bytes: "some bytes" })
    const directory = newDirectory()
    await backUp(directory, OBJECTS)
    const into = newDirectory()
    await restore(directory, into)
    const [blob = ""] = blobsOf(into)
    const { entryOf } = openObjectHashes(into, directory)

    // The hash is known, so the file is not read again.
    fs.rmSync(path.join(directory, blob))
    fs.rmSync(path.join(into, blob))
    expect(await entryOf(blob)).toMatchObject({
      name: blob,
      sha256: expect.stringMatching(/^\w{64}$/),
    })
  })

  it("compares the objects of a backup by an older version by size, and says how many", async () => {
    const old = newDirectory()
    await aFile({ bytes: "some bytes" })
    await backUp(old, OBJECTS)
    makeFirstFormat(old)
    const blobs = blobsOf(old)

    const checked = await restore(old, newDirectory())

    expect(checked.comparedBySize).toBeGreaterThanOrEqual(blobs.length)
    fs.rmSync(path.join(old, blobs[0] ?? "")) // a link to the original
    fs.writeFileSync(path.join(old, blobs[0] ?? ""), "shorter")
    await expect(check(old)).rejects.toThrow(`${blobs[0]} is not as it was`)
  })

  it("refuses a data directory that is not empty or in use, and leaves a note for the start", async () => {
    const backup = await theBackup()
    await expect(restore(backup, dataDirectory)).rejects.toThrow("Another Lapse is running")
    const full = newDirectory()
    fs.mkdirSync(path.join(full, "postgres"), { recursive: true })
    await expect(restore(backup, full)).rejects.toThrow("is not empty")
    const taken = newDirectory()
    const lock = takeDataDirectory(taken)
    await expect(restore(backup, taken)).rejects.toThrow("Another Lapse is running")
    lock.release()

    await restore(backup, taken)

    expect(readRestored(taken)).toMatchObject({ takenAt: readManifest(backup).takenAt })
    expect(fs.readdirSync(taken).sort()).toEqual([
      "lock",
      "object-hashes.txt",
      "objects",
      "postgres",
      "restored.json",
      "secrets",
    ])
    const signers = path.join(taken, "secrets/s3-signers")
    expect(fs.readFileSync(signers, "utf8")).toBe(`${SIGNERS}\n`)
    expect(fs.statSync(signers).mode & 0o777).toBe(0o600)
  })

  it.runIf(process.getuid?.() === 0)(
    "belongs to the owner of the data directory where root restores it",
    async () => {
      const backup = await theBackup()
      const into = newDirectory()
      fs.mkdirSync(into)
      const owner = 61_234 // a user without a name, like one that systemd makes
      fs.chownSync(into, owner, owner)

      await restore(backup, into)

      const names = ["", ...fs.readdirSync(into, { recursive: true, encoding: "utf8" })]
      const owners = names.map((name) => fs.lstatSync(path.join(into, name)).uid)
      expect(new Set(owners)).toEqual(new Set([owner]))
      const { read } = await startRestored(into)
      expect(await read("nothing").catch(({ name }) => name)).toBe("NoSuchKey")
    },
  )

  it("that an older version did not finish, and a backup itself, are not started", async () => {
    const backup = await theBackup()
    const half = newDirectory()
    fs.mkdirSync(path.join(half, "restore.partial"), { recursive: true })

    expect(() => refuseUnrestored(backup)).toThrow("is a backup")
    expect(() => refuseUnrestored(half)).toThrow(`Move ${half} away`)
    const newer = path.join(half, "postgres.newer-20261128T030000Z")
    fs.mkdirSync(newer)
    expect(() => refuseUnrestored(half)).toThrow(`The newer database is ${newer}`)
    fs.rmdirSync(newer)
    await restore(backup, half)
    expect(() => refuseUnrestored(half)).not.toThrow()
  })
})
