import { randomBytes, randomUUID } from "node:crypto"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest"
import { pool } from "#lib/adapters/database.ts"
import { MINUTE } from "#testing/units.ts"
import { claim } from "../claim/claim.ts"
import { CLICK, insertClaimsOfOneShare } from "../claim/claim-statement.ts"
import { describeFile } from "../look/describe-file.ts"
import { preview } from "../look/preview.ts"
import { mint } from "../mint/mint.ts"
import { openLink } from "../open/open-link.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import { eventColumns } from "./event-columns.ts"
import { arraysOf } from "./input-rows.ts"
import { unlockColumns } from "./proofs.ts"

type Prepared = { name: string; text: string; values: unknown[] }
type Plan = {
  "Node Type": string
  "Relation Name"?: string
  Alias?: string
  "Index Name"?: string
  "Index Cond"?: string
  "Subplan Name"?: string
  Plans?: Plan[]
}

const SHARES = 1000
const ids = { member: randomUUID(), file: randomUUID(), share: randomUUID() }
const publicId = randomBytes(8)

let fresh: pg.Client
let statements: Prepared[]

beforeAll(async () => {
  statements = await readStatements()
  fresh = await newInstallation()
})
afterAll(() => fresh.end())

/** A new installation: no table was ever analyzed, and one file is in 1,000 shares. */
async function newInstallation() {
  const name = `lapse_plans_${process.env.VITEST_POOL_ID}`
  const server = new pg.Client({ connectionString: inject("postgres") })
  await server.connect()
  await server.query("SELECT pg_advisory_lock(1)")
  await server.query(`DROP DATABASE IF EXISTS ${name}`)
  await server.query(`CREATE DATABASE ${name} TEMPLATE lapse STRATEGY file_copy`)
  await server.end()
  const url = new URL(inject("postgres"))
  url.pathname = `/${name}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  for (const table of ["link", "share", "share_file", "file", "object", "member"]) {
    await client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
  }
  await client.query(
    `INSERT INTO member (id, email, name, password_hash) VALUES ('${ids.member}', 'a@b', 'a', '')`,
  )
  await client.query(`INSERT INTO file (id, owner_id, name, size, content_type)
    SELECT CASE n WHEN 1 THEN '${ids.file}' ELSE gen_random_uuid() END, '${ids.member}', 'f', 1, 'text/plain'
    FROM generate_series(1, 100) n`)
  await client.query(`INSERT INTO object (key, file_id, state, put_expires_at, live_since)
    SELECT 'o/' || replace(id::text, '-', ''), id, 'live', now(), now() FROM file`)
  await client.query(
    "UPDATE file SET object_key = 'o/' || replace(id::text, '-', ''), status = 'ready'",
  )
  await client.query(`INSERT INTO share (id, owner_id, max_ttl_seconds, minted)
    SELECT CASE n WHEN 1 THEN '${ids.share}' ELSE gen_random_uuid() END, '${ids.member}', 60, true
    FROM generate_series(1, ${SHARES}) n`)
  await client.query(
    `INSERT INTO share_file (share_id, file_id, position) SELECT id, '${ids.file}', 0 FROM share`,
  )
  await client.query(`INSERT INTO link (id, share_id, public_id) SELECT gen_random_uuid(), id,
    CASE id WHEN '${ids.share}' THEN '\\x${publicId.toString("hex")}' ELSE substr(uuid_send(gen_random_uuid()), 1, 8) END FROM share`)
  return client
}

/** Every statement that a click or a page runs, as the driver receives it. */
async function readStatements() {
  const seen = new Map<string, Prepared>()
  const watch = vi.spyOn(pool(), "query").mockImplementation((query: unknown) => {
    const prepared = query as Prepared
    seen.set(prepared.name, prepared)
    return Promise.resolve({ rows: [] })
  })
  const source = { agent: null, referrer: null, visitor: randomBytes(16) }
  const none: VisitorCookies = { visitId: null, ticket: null, unlock: null }
  const expiresAt = new Date(Date.now() + MINUTE)
  const ticket = { id: randomUUID(), linkId: randomUUID(), proofVersion: 0, epoch: 0, expiresAt }
  const cookies = { ...none, ticket }
  for (const fileIds of [null, [ids.file, randomUUID()], [ids.file]]) {
    await mint({ publicId, fileIds, cookies, source })
    const click = { publicId, fileIds, cookies: none, directOnly: false, source }
    await claim(click).catch(() => null)
  }
  await describeFile(publicId, ids.file, none).catch(() => null)
  await openLink({ publicId, cookies: none, kind: "view", source })
  const look = { publicId, fileId: ids.file, cookies: none, source, address: "192.0.2.7" }
  await preview(look).catch(() => null)
  const clicked = {
    publicId,
    fileId: ids.file,
    directOnly: false,
    visitId: randomBytes(16),
    claimId: randomUUID(),
    ...unlockColumns(null),
    ...eventColumns(randomUUID(), null),
  }
  const values = {
    ...arraysOf(CLICK, [clicked]),
    credentialsEnd: null,
    shard: 0,
  }
  await insertClaimsOfOneShare(values)
  watch.mockRestore()
  return [...seen.values()]
}

async function planOf({ text, values }: Prepared, mode: "custom" | "generic") {
  const query =
    mode === "generic"
      ? { text: `EXPLAIN (FORMAT JSON, GENERIC_PLAN) ${text}` }
      : { text: `EXPLAIN (FORMAT JSON) ${text}`, values }
  const { rows } = await fresh.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(query)
  const plan = rows[0]?.["QUERY PLAN"][0].Plan
  if (!plan) throw new Error("no plan")
  return plan
}

const TABLES = new Set(["link", "share", "share_file", "file", "object"])

/** Whether a plan node reads one of the other tables that a click looks up. */
const isLookup = ({ "Relation Name": table = "" }: Plan) =>
  ["claim", "share_counter", "attempt"].includes(table)

/** The scans of a plan in the order in which a nested loop runs them. */
function scansOf(plan: Plan): Plan[] {
  const own = plan["Relation Name"] && plan["Node Type"] !== "ModifyTable" ? [plan] : []
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)]
}

const hot = ["claim", "claim_waiting", "claim_files", "mint", "look", "open_links"]

const indexConditions = (scan: Plan): string[] => [
  ...(scan["Index Cond"] ? [scan["Index Cond"]] : []),
  ...(scan.Plans ?? []).flatMap(indexConditions),
]

/**
 * The order is link, share, share_file, file, object, and a share's files are found by the share.
 */
async function expectOrder(name: string, { indexes = true, lookups = false } = {}) {
  const prepared = statements.find((statement) => statement.name === name)
  if (!prepared) throw new Error(`no statement ${name}`)
  for (const mode of ["custom", "generic"] as const) {
    const all = scansOf(await planOf(prepared, mode))
    const scans = all.filter((scan) => TABLES.has(scan["Relation Name"] ?? ""))
    const order = [...new Set(scans.map((scan) => scan["Relation Name"]))]
    expect([mode, ...order]).toEqual([
      mode,
      ...[...TABLES].filter((table) => order.includes(table)),
    ])
    expect(order.slice(0, 2)).toEqual(["link", "share"])
    for (const scan of lookups ? all.filter(isLookup) : []) {
      expect([mode, scan["Relation Name"], scan["Node Type"]]).toEqual([
        mode,
        scan["Relation Name"],
        expect.stringMatching(/^(Index|Bitmap Heap)/),
      ])
    }
    if (!indexes) continue
    for (const scan of scans.filter((each) => each["Relation Name"] === "share_file")) {
      expect(scan["Node Type"]).toMatch(/^(Index|Bitmap Heap)/)
      for (const condition of indexConditions(scan)) {
        expect([mode, condition]).toEqual([mode, expect.stringContaining("share_id = ")])
      }
    }
  }
}

describe("a click costs the same however many shares hold the file", () => {
  it("runs on a database that was never analyzed", async () => {
    const { rows } = await fresh.query(
      "SELECT relname FROM pg_class WHERE relname = ANY($1) AND reltuples >= 0",
      [[...TABLES]],
    )
    expect(rows).toEqual([])
    expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(hot))
  })

  it.each(hot)("%s looks up the link first, then its share, then its files", (name) =>
    expectOrder(name, { lookups: true }),
  )

  it("reads no file for the page of a request, whose row has their numbers", async () => {
    const prepared = statements.find(({ name }) => name === "open_links")
    if (!prepared) throw new Error("no statement")
    for (const mode of ["custom", "generic"] as const)
      expect(JSON.stringify(await planOf(prepared, mode))).not.toContain("file_delivery")
  })

  it("reads a handful of pages for a claim of a file in 1,000 shares", async () => {
    const prepared = statements.find(({ name }) => name === "claim")
    await fresh.query("BEGIN")
    const { rows } = await fresh.query<{
      "QUERY PLAN": [{ Plan: { "Shared Hit Blocks": number } }]
    }>({
      text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${prepared?.text}`,
      values: prepared?.values,
    })
    await fresh.query("ROLLBACK")
    const plan = rows[0]?.["QUERY PLAN"][0].Plan
    expect(plan?.["Shared Hit Blocks"]).toBeLessThan(60)
  })

  it("keeps the order once the tables are analyzed", async () => {
    await fresh.query("ANALYZE")
    for (const name of hot) await expectOrder(name)
  })

  it("keeps the order if the tables are so small that a scan costs less than an index", async () => {
    await fresh.query(`DELETE FROM share WHERE id IN (SELECT id FROM share OFFSET 5)`)
    for (const table of ["share", "link", "share_file"]) await fresh.query(`VACUUM FULL ${table}`)
    for (const name of hot) await expectOrder(name, { indexes: false })
  })
})
