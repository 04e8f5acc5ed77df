import { writeFileSync } from "node:fs"
import path from "node:path"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { runLapse } from "#testing/run-lapse.ts"
import { runLapseHere } from "#testing/run-lapse-here.ts"
import { copyTemplateCluster } from "#testing/template-cluster.ts"
import { startPostgres } from "../embedded/postgres.ts"

const place = makeFastDirectory()
const settings = {
  DATABASE_URL: "",
  AUTH_SECRET: "an auth secret that only tests use, no installation",
  LINK_SECRET: "a-link-secret-that-only-tests-use-no-installation",
  S3_BUCKET: "no-bucket-is-asked",
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
  client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  stops.push(() => client.end())
  Object.assign(process.env, settings)
})
afterAll(async () => {
  const { disconnect } = await import("#lib/db.ts")
  await disconnect()
  for (const stop of stops.reverse()) await stop()
  place.remove()
})

async function seal() {
  const { sealEntries } = await import("#lib/audit/seal-entries.ts")
  await sealEntries()
}

describe("lapse audit", () => {
  it("says that nothing is sealed yet, and what it can do", async () => {
    expect(await audit("head")).toMatchObject({
      code: 1,
      said: expect.stringMatching(/Nothing is sealed yet/),
    })
    expect(await audit("forge")).toMatchObject({
      code: 1,
      said: expect.stringMatching(/audit verify/),
    })
    expect(await audit()).toMatchObject({
      code: 1,
      said: expect.stringMatching(/verify, head or expire/),
    })
    expect(await audit("expire")).toMatchObject({
      code: 1,
      said: expect.stringMatching(/--days 365/),
    })
  })

  it("verifies with a kept head, needs no bucket, and ends with 2 when something was altered", async () => {
    await record("400 days")
    await record()
    await seal()
    const kept = await auditByItself("head")
    expect(JSON.parse(kept.said)).toMatchObject({ sequence: 10 })
    writeFileSync(head, `another line\n{"level":"info",${kept.said.trim().slice(1)}\n`)

    const clean = await audit("verify", "--head", head)
    expect(clean).toMatchObject({
      code: 0,
      said: expect.stringMatching(/10 entries are what was sealed/),
    })
    expect(clean.said).toContain("The kept heads are in it.")

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
    expect(left.said).toContain("1 wait for their seal.")
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
})
