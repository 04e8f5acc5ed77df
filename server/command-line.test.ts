import { spawnSync } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aStore, sendSigned } from "#packages/local-s3/testing.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { runLapse } from "#testing/lapse/run-lapse.ts"
import { runLapseHere } from "#testing/lapse/run-lapse-here.ts"
import { inDays } from "#testing/units.ts"
import { VERBS } from "../cli/main.ts"
import { keepSecret, takeDataDirectory } from "./configuration/data-directory.ts"
import { startObjectStore } from "./embedded/object-store.ts"
import { startPostgres } from "./embedded/postgres.ts"

const KNOWN = `o/${"a".repeat(40)}`
const ORPHAN = `o/${"b".repeat(40)}`
const HALF = `o/${"c".repeat(40)}`
const LOST = `o/${"d".repeat(40)}`
const COPY = `o/${"e".repeat(40)}`
const MISSING = `o/${"f".repeat(40)}`
const COPIED = "01a20e37-1124-7000-b66b-5d65dec0defa"

const place = makeFastDirectory()
const directory = path.join(place.path, "data")
const secrets = {
  AUTH_SECRET: "an auth secret that only tests use, no installation",
  LINK_SECRET: "a-link-secret-that-only-tests-use-no-installation",
}
const stops: (() => unknown)[] = []
let port = 0
let external: Record<string, string> = {}

/** Starts the servers that npm start runs, with a bucket and a database that disagree. */
beforeAll(async () => {
  port = await freePair()
  stops.push(takeDataDirectory(directory).release)
  const accessKeyId = keepSecret(directory, "local-s3-access-key-id", 15)
  const secretAccessKey = keepSecret(directory, "local-s3-secret-access-key")
  const keys = { accessKeyId, secretAccessKey }
  const twoDaysAgo = inDays(-2)
  const objects = path.join(directory, "objects")
  const before = await aStore({ ...keys, dir: objects, bucket: "lapse", now: () => twoDaysAgo })
  for (const [method, target, body] of [
    ["PUT", `/lapse/${KNOWN}`, "abc"],
    ["PUT", `/lapse/${ORPHAN}`, "abc"],
    ["PUT", `/lapse/${COPY}`, "abc"],
    ["POST", `/lapse/${HALF}?uploads=`, ""],
  ] as const) {
    const copy = target.endsWith(COPY) ? { "x-amz-meta-lapse-file": COPIED } : {}
    const headers = { "content-length": String(body.length), ...copy }
    const signing = { at: twoDaysAgo, keys }
    const answer = await sendSigned(before.url, { method, target, headers, body }, signing)
    expect(answer.status).toBe(200)
  }
  await before.close()
  const store = await startObjectStore({
    ...keys,
    directory: objects,
    host: "127.0.0.1",
    port: port + 1,
    signers: [],
    reserveBytes: 0,
    appOrigin: "http://localhost:3000",
    say: () => {},
    onGivenUp: () => {},
    trustedProxies: [],
  })
  stops.push(store.stop)
  const postgresDirectory = path.join(directory, "postgres")
  await copyTemplateCluster(postgresDirectory)
  const postgres = await startPostgres({ directory: postgresDirectory, durable: false })
  stops.push(postgres.stop)
  await fill(postgres.url)
  external = {
    ...secrets,
    DATABASE_URL: postgres.url,
    S3_BUCKET: store.bucket,
    S3_ENDPOINT: store.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  }
})

afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
  place.remove()
})

async function fill(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    INSERT INTO member (id, email, name, password_hash, used_bytes)
      VALUES (gen_random_uuid(), 'ada@example.org', 'Ada', 'none', 6);
    INSERT INTO file (id, owner_id, name, size, content_type)
      SELECT gen_random_uuid(), id, n, 3, 'text/plain' FROM member, unnest(ARRAY['kept', 'lost']) AS n;
    INSERT INTO file (id, owner_id, name, size, content_type)
      SELECT '${COPIED}'::uuid, id, 'copied', 3, 'text/plain' FROM member;
    INSERT INTO object (key, file_id, state, put_expires_at, live_since)
      SELECT CASE name WHEN 'kept' THEN '${KNOWN}' WHEN 'lost' THEN '${LOST}' ELSE '${MISSING}' END, id, 'live', now(), now() FROM file;
    UPDATE file SET status = 'ready', object_key = key FROM object WHERE file_id = file.id`)
  await client.end()
}

/** A free port whose successor is free too, because the store listens on that one. */
async function freePair(): Promise<number> {
  const first = createServer().listen(0, "127.0.0.1")
  await once(first, "listening")
  const address = first.address()
  const found = typeof address === "object" && address ? address.port : 0
  const second = createServer().listen(found + 1, "127.0.0.1")
  const free = await once(second, "listening").then(
    () => true,
    () => false,
  )
  for (const server of [first, second]) server.close()
  return free ? found : freePair()
}

describe("lapse reconcile", () => {
  it("lists what only one side knows and ends with 2, changing nothing; --apply deletes or adopts it", async () => {
    const embedded = { LAPSE_DATA_DIR: directory, PORT: String(port) }

    for (const settings of [embedded, external]) {
      const { code, said } = await runLapseHere(["reconcile"], settings)
      expect(said).toContain("Compared 3 objects in the bucket with 3 files in the database.")
      expect(said).toContain(`1 objects have no row: --apply deletes them.\n  ${ORPHAN}  3 bytes`)
      expect(said).toContain("1 files have no object, and the bucket has a copy of theirs: --apply")
      expect(said).toContain(`${COPY}  3 bytes  “copied” of ada@example.org`)
      expect(said).toContain(`1 unfinished uploads in parts have no row`)
      expect(said).toContain(`${LOST}  3 bytes  “lost” of ada@example.org`)
      expect(said).toContain("two must not share one")
      expect(said).not.toContain(KNOWN)
      expect(code).toBe(2)
    }

    const applied = await runLapse(["reconcile", "--apply"], embedded)
    expect(applied.said).toContain("1 objects have no row: deleted.")
    expect(applied.said).toContain("the bucket has a copy of theirs: adopted.")
    expect(applied.code).toBe(0)
    for (const settings of [embedded, external]) {
      const { code, said } = await runLapseHere(["reconcile"], settings)
      expect(said).toContain("Compared 2 objects in the bucket with 2 files in the database.")
      expect(said).toContain("agree")
      expect(code).toBe(0)
    }
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ["Lapse does not run", { LAPSE_DATA_DIR: tmpdir() }, /No Lapse is running .* start it/],
    ["a secret is missing", { DATABASE_URL: "postgresql://x/y" }, /AUTH_SECRET is not/],
    [
      "no database answers",
      { ...secrets, DATABASE_URL: "postgresql://127.0.0.1:9/lapse", S3_BUCKET: "b" },
      /DATABASE_URL: no PostgreSQL answers/,
    ],
  ])("refuses with a sentence when %s", async (_, settings, sentence) => {
    const { code, said } = await runLapseHere(["reconcile"], settings)

    expect(said).toMatch(sentence)
    expect(said).not.toMatch(/\n\s+at /)
    expect(code).toBe(1)
  })

  it("refuses with a sentence a bucket that is not there, and a database without tables", async () => {
    const bucket = await runLapseHere(["reconcile"], { ...external, S3_BUCKET: "not-there" })
    expect([bucket.code, bucket.said]).toEqual([1, expect.stringContaining("no bucket")])
    const url = (external.DATABASE_URL ?? "").replace("/lapse?", "/postgres?")
    const tables = await runLapseHere(["reconcile"], { ...external, DATABASE_URL: url })
    expect([tables.code, tables.said]).toEqual([1, expect.stringContaining("no tables of Lapse")])
  })

  it("ends every session and ticket after a restore of an external database, also an older one", async () => {
    const client = new pg.Client({ connectionString: external.DATABASE_URL })
    await client.connect()
    await client.query("ALTER TABLE installation DROP COLUMN restored_at")
    await client.query("DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_restored_at'")

    const { code, said } = await runLapseHere(["end-sessions", "--revoke-open"], external)

    expect(said).toContain("Every session, ticket and unlocked password has ended. 0 shares")
    expect(code).toBe(0)
    const { rows } = await client.query(
      `SELECT min(session_epoch) AS epoch,
         (SELECT task_identifier FROM graphile_worker.jobs WHERE task_identifier = 'restoreTags') AS job
       FROM member`,
    )
    await client.end()
    expect(rows[0]?.epoch).toBeGreaterThan(200_000_000)
    expect(rows[0]?.job).toBe("restoreTags")
  })
})

describe("lapse", () => {
  it("lists its commands, and says of each how to call it, by help and by --help", async () => {
    const overview = await runLapseHere(["help"])
    expect(overview).toMatchObject({
      code: 0,
      said: expect.stringMatching(/reconcile +compare the bucket with the database/),
    })
    expect(overview.said).not.toContain("--apply")
    expect(await runLapse(["--help"])).toEqual(overview)

    const usage = await runLapseHere(["help", "reconcile"])
    expect(usage).toMatchObject({ code: 0, said: expect.stringContaining("reconcile [--apply]") })
    expect(usage.said).not.toContain("doctor")
    for (const args of [
      ["reconcile", "--help"],
      ["reconcile", "-h"],
    ])
      expect(await runLapseHere(args)).toEqual(usage)
  })

  it("says its version, with the commit where that is known", async () => {
    const { code, said } = await runLapseHere(["--version"])
    expect(said).toMatch(/^lapse \d+\.\d+\.\d+( \([0-9a-f]{40}\))?\n$/)
    expect(code).toBe(0)
  })

  it("is one program with start, which bin/lapse runs on the Node that comes with Lapse", () => {
    const run = (...args: string[]) =>
      spawnSync(path.join(import.meta.dirname, "../bin/lapse"), args, { encoding: "utf8" })
    expect(run("start", "--help").stdout).toMatch(/^lapse start \[--web N\]/)
    expect(run("start", "--wbe").stderr).toContain("lapse start has no option --wbe.")
    expect(run("--version").stdout).toMatch(/^lapse \d/)
  })

  it("has the verbs of members too, which run without the server's settings", async () => {
    const overview = await runLapseHere(["help"])
    for (const [name, { summary }] of VERBS)
      expect(overview.said).toContain(`  ${name.padEnd(16)}${summary}\n`)
    const said = `${VERBS.get("share")?.usage}\n`
    expect(await runLapseHere(["help", "share"])).toEqual({ code: 0, said })
    const bin = path.join(import.meta.dirname, "../bin/lapse")
    const env = { ...process.env, XDG_CONFIG_HOME: place.path, DATABASE_URL: "none" }
    const list = spawnSync(bin, ["list"], { encoding: "utf8", env })
    expect([list.status, list.stderr]).toEqual([77, expect.stringMatching(/^Sign in first/)])
  })

  it.each<[string, RegExp]>([
    ["", /^lapse COMMAND/],
    ["help doktor", /^There is no command doktor.\n\nlapse COMMAND/],
    ["clean", /^There is no command clean.\n\nlapse COMMAND/],
    ["--froce", /^lapse has no option --froce. It takes --help and --version.$/],
    ["reconcile --force", /^lapse reconcile has no option --force. It takes --apply.$/],
    ["doctor -f", /^lapse doctor has no option -f. It takes none.$/],
    ["reconcile --apply=yes", /^--apply takes no value.$/],
    ["reconcile now", /^now is too much.\n\nlapse reconcile/],
    ["restore", /^Missing argument: DIR\n\nlapse restore DIR/],
    ["restore a b", /^b is too much./],
    ["restore a --compare", /^--compare needs a value.$/],
    ["restore a --compare --revoke-open", /^--compare needs a value.$/],
    ["audit verfiy", /^lapse audit has no verfiy. Name verify, head, reset or expire.$/],
    ["import", /^Missing argument: pingvin or palmr\n\nlapse import pingvin DIR/],
    ["import palmr", /^Missing argument: DIR\n\nlapse import pingvin DIR/],
    ["import pingwin DIR", /^lapse import has no pingwin. Name pingvin or palmr.$/],
    ["import palmr a b", /^b is too much./],
    ["colours on", /^lapse colours has no on. Name off.$/],
  ])(
    "refuses %j in a sentence of its own, with the exit code of a wrong call",
    async (call, said) => {
      const answer = await runLapseHere(call === "" ? [] : call.split(" "))
      expect(answer.code).toBe(64)
      expect(answer.said.trim()).toMatch(said)
      expect(answer.said).not.toMatch(/ERR_|Error|\n\s+at |positional/)
    },
  )
})
