import { writeFileSync } from "node:fs"
import path from "node:path"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aStore, KEYS } from "#packages/local-s3/testing.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { runLapse } from "#testing/lapse/run-lapse.ts"
import { runLapseHere } from "#testing/lapse/run-lapse-here.ts"
import { MINUTE } from "#testing/units.ts"
import { startPostgres } from "../embedded/postgres.ts"

const place = makeFastDirectory()
const settings = {
  DATABASE_URL: "",
  AUTH_SECRET: "an auth secret that only tests use, no installation",
  LINK_SECRET: "a-link-secret-that-only-tests-use-no-installation",
  S3_BUCKET: "audit",
  S3_ENDPOINT: "",
  S3_FORCE_PATH_STYLE: "true",
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
}
const head = path.join(place.path, "head.json")
let client: pg.Client
const stops: (() => unknown)[] = []

const audit = (...args: string[]) => runLapseHere(["audit", ...args], settings)
const auditByItself = (...args: string[]) => runLapse(["audit", ...args], settings)
const record = (ago = "0 days") =>
  client.query(
    `INSERT INTO audit_entry (id, at, actor, action)
     SELECT gen_random_uuid(), now() - $1::interval, 'Lapse', 'share.create' FROM generate_series(1, 5)`,
    [ago],
  )

beforeAll(async () => {
  const directory = path.join(place.path, "postgres")
  await copyTemplateCluster(directory)
  const postgres = await startPostgres({ directory, durable: false })
  stops.push(postgres.stop)
  settings.DATABASE_URL = postgres.url
  const store = await aStore({ bucket: settings.S3_BUCKET })
  stops.push(store.close)
  settings.S3_ENDPOINT = store.url
  client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  stops.push(() => client.end())
  Object.assign(process.env, settings)
})
afterAll(async () => {
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
  for (const stop of stops.reverse()) await stop()
  place.remove()
})

async function seal() {
  const { sealEntries } = await import("#lib/rooms/audit/chain/seal-entries.ts")
  await sealEntries()
}

async function keepHead() {
  const { sealUnderHead } = await import("#lib/rooms/audit/head/seal-under-head.ts")
  await sealUnderHead(new Date(Date.now() + MINUTE))
}

describe("lapse audit", () => {
  it("says that nothing is sealed yet, and what it can do", async () => {
    expect(await audit("head")).toMatchObject({
      code: 1,
      said: expect.stringMatching(/not sealed yet/),
    })
    expect(await audit("forge")).toMatchObject({
      code: 64,
      said: expect.stringMatching(/Name verify, head/),
    })
    expect(await audit()).toMatchObject({
      code: 64,
      said: expect.stringMatching(/verify, head, reset or expire/),
    })
    expect(await audit("expire")).toMatchObject({
      code: 64,
      said: expect.stringMatching(/--days 365/),
    })
  })

  it("verifies with a kept head, says that the bucket has none, and ends with 2 when something was altered", async () => {
    await record("400 days")
    await record()
    await seal()
    const kept = await auditByItself("head")
    expect(JSON.parse(kept.said)).toMatchObject({ sequence: 10 })
    writeFileSync(head, `another line\n{"level":"info",${kept.said.trim().slice(1)}\n`)

    const clean = await audit("verify", "--head", head)
    expect(clean).toMatchObject({
      code: 0,
      said: expect.stringMatching(/10 entries match their seals/),
    })
    expect(clean.said).toContain("The log contains the kept heads.")
    expect(clean.said).toContain(
      "The log was not compared with a head outside the database: the bucket has none",
    )

    await client.query(
      "UPDATE audit_entry SET action = 'x.y' WHERE id = (SELECT entry_id FROM audit_seal WHERE sequence = 8)",
    )
    const altered = await auditByItself("verify")
    expect(altered).toMatchObject({
      code: 2,
      said: expect.stringMatching(/1 findings:\n {2}8 {2}entry .* was altered/),
    })
    await client.query("UPDATE audit_entry SET action = 'share.create' WHERE action = 'x.y'")
  })

  it("deletes old entries, and verifies from there", async () => {
    expect(await audit("expire", "--days", "365")).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^5 entries/),
    })

    const left = await audit("verify", "--head", head)
    expect(left).toMatchObject({
      code: 0,
      said: expect.stringMatching(/It begins after 5: .* deleted by retention/),
    })
    expect(left.said).toContain("1 are not sealed yet.")
  })

  it("finds with the kept head that the newest entries were cut off", async () => {
    await client.query(
      "WITH cut AS (DELETE FROM audit_seal WHERE sequence > 8 RETURNING entry_id) DELETE FROM audit_entry USING cut WHERE id = entry_id",
    )

    expect(await audit("verify", "--head", head)).toMatchObject({
      code: 2,
      said: expect.stringMatching(/10 {2}the log ends before this kept head/),
    })
    expect(await audit("verify", "--head", "/nowhere")).toMatchObject({
      code: 1,
      said: expect.stringMatching(/--head/),
    })
  })

  it("compares with the head in the bucket, and says when it could not", async () => {
    await seal()
    await keepHead()
    const whole = await auditByItself("verify")
    expect(whole).toMatchObject({ code: 0 })
    expect(whole.said).toMatch(
      /The head in the bucket is (\d+), sealed at .*\nThe log contains the kept heads/,
    )
    const [, last = ""] = /The head in the bucket is (\d+)/.exec(whole.said) ?? []

    await client.query(
      "WITH cut AS (DELETE FROM audit_seal WHERE sequence >= $1 RETURNING entry_id) INSERT INTO audit_unsealed (entry_id) SELECT entry_id FROM cut",
      [last],
    )
    await client.query("UPDATE audit_entry SET action = 'x.y' WHERE action = 'audit.expire'")
    expect(await audit("verify")).toMatchObject({
      code: 2,
      said: expect.stringMatching(new RegExp(`${last} {2}the log ends before this kept head`)),
    })
    await expect(keepHead()).rejects.toThrow(`ends before ${last}`)

    const nowhere = { ...settings, S3_ENDPOINT: "http://127.0.0.1:9" }
    expect(await runLapseHere(["audit", "verify"], nowhere)).toMatchObject({
      code: 0,
      said: expect.stringMatching(
        /was not compared with a head outside the database: the bucket cannot be read \(ECONNREFUSED\)/,
      ),
    })
    expect(await runLapseHere(["audit", "expire", "--days", "1"], nowhere)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^No entry of the audit log is deleted: .*cannot be read/),
    })
  })

  it("resets the head in the bucket when asked to, and then the log goes on", async () => {
    const reset = await auditByItself("reset")
    expect(reset).toMatchObject({ code: 0, said: expect.stringMatching(/was 9 and is 8 now/) })
    expect(await audit("reset")).toMatchObject({
      code: 0,
      said: expect.stringMatching(/nothing to reset/),
    })

    await seal()
    await keepHead()
    const after = await audit("verify")
    expect(after).toMatchObject({ code: 0 })
    expect(after.said).toContain("The log contains the kept heads.")
    const { rows } = await client.query(
      "SELECT details FROM audit_entry WHERE action = 'audit.reset_head'",
    )
    expect(rows).toEqual([{ details: { was: 9, now: 8 } }])
  })
})
