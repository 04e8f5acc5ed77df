import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { migrate } from "#prisma/migrate.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { median, mib, table } from "./figures.ts"
import { report } from "./measures.ts"
import { databaseSeconds } from "./process-usage.ts"

// How fast the audit log is sealed, verified, exported, listed and searched, and what an entry
// costs the statement that records it.
//   npm run bench -- audit [entries] [rounds]
const ENTRIES = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const LOOKS = 11

const directory = mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
const postgres = await startPostgres({ directory: path.join(directory, "postgres") })
try {
  await migrate(postgres.url)
  Object.assign(process.env, {
    DATABASE_URL: postgres.url,
    S3_BUCKET: "unused",
    AUTH_SECRET: "an auth secret that only this bench uses",
    LINK_SECRET: "a-link-secret-that-only-this-bench-uses",
  })
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  await seed(client)
  await measure(client)
  await client.end()
} finally {
  await postgres.stop()
  rmSync(directory, { recursive: true, force: true })
}

/** Entries of 200 members over two years: three in four are uploads, one in fifty a part of an act. */
async function seed(client: pg.Client) {
  const began = performance.now()
  await client.query(`INSERT INTO member (id, email, name, password_hash)
    SELECT gen_random_uuid(), 'member' || n || '@example.org', 'Member ' || n, '' FROM generate_series(1, 200) n`)
  // Built at the end, because row by row it takes minutes.
  const { rows } = await client.query<{ definition: string }>(
    "SELECT indexdef AS definition FROM pg_indexes WHERE indexname = 'audit_entry_search_idx'",
  )
  await client.query("DROP INDEX audit_entry_search_idx")
  await client.query(`
    WITH m AS (SELECT array_agg(id) AS ids, array_agg(name || ' <' || email || '>') AS names FROM member)
    INSERT INTO audit_entry (id, at, actor_id, actor, action, target_id, act_id, origin, details)
    SELECT overlay(overlay(md5(n::text) PLACING lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') FROM 1)
        PLACING '7' FROM 13)::uuid,
      at, ids[1 + n % 200],
      names[1 + n % 200],
      CASE WHEN n % 4 > 0 THEN 'file.upload' WHEN n % 1000 = 0 THEN 'member.role' ELSE 'share.create' END,
      gen_random_uuid()::text, CASE WHEN n % 50 = 0 THEN gen_random_uuid() END,
      '#' || substr(md5((n % 500)::text), 1, 16),
      jsonb_build_object('name', 'Quarterly report ' || n || '.pdf', 'size', n * 1000)
    FROM m, generate_series(1, ${ENTRIES}) n,
      LATERAL (SELECT now() - (${ENTRIES} - n) * interval '1 minute' AS at) AS time`)
  await client.query(rows[0]?.definition ?? "")
  await client.query("VACUUM (ANALYZE)")
  console.log(`${ENTRIES} entries: ${seconds(began)} s to make`)
}

async function measure(client: pg.Client) {
  const { disconnect } = await import("#lib/db.ts")
  const { log } = await import("#lib/log.ts")
  log.level = "silent"
  const { sealEntries } = await import("#lib/audit/seal-entries.ts")
  const { verifyChain } = await import("#lib/audit/verify-chain.ts")

  const rows: string[][] = []
  const seal = async () => {
    if ((await sealEntries()) !== ENTRIES) throw new Error("Not every entry was sealed.")
  }
  rows.push(await measured("seal", 1, seal))
  await client.query("VACUUM (ANALYZE)")
  const verify = async () => {
    const { verified, found } = await verifyChain()
    if (verified !== ENTRIES || found > 0) throw new Error(`${verified} verified, ${found} found`)
  }
  rows.push(await measured("verify", ROUNDS, verify))
  for (const kind of ["csv", "jsonl"] as const)
    rows.push(await measured(`export as ${kind}`, ROUNDS, () => drain(kind)))
  console.log(table(["what", "entries/s", "in all", "processor per entry"], rows))
  await measureLists()
  await measureCost(client)
  await disconnect()
}

/** Rate and processor time, the medians of the rounds. */
async function measured(what: string, rounds: number, work: () => Promise<void>) {
  const [times, own, database]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    const [began, used, served] = [
      performance.now(),
      process.cpuUsage(),
      databaseSeconds(directory),
    ]
    await work()
    const { user, system } = process.cpuUsage(used)
    times.push(performance.now() - began)
    own.push((user + system) / ENTRIES)
    database.push(((databaseSeconds(directory) - served) * 1e6) / ENTRIES)
  }
  const seconds = median(times) / 1000
  report([
    {
      measure: `audit log of ${ENTRIES.toLocaleString("en")} entries: ${what}`,
      unit: "/s",
      figures: times.map((ms) => ENTRIES / (ms / 1000)),
      ...(what === "verify" ? { goal: { least: 50_000 } } : {}),
    },
  ])
  return [
    what,
    String(Math.round(ENTRIES / seconds)),
    `${seconds.toFixed(1)} s`,
    `${median(own).toFixed(1)} µs + database ${median(database).toFixed(1)} µs`,
  ]
}

/** Takes the whole answer as a client would, and looks at the memory while it does. */
async function drain(kind: "csv" | "jsonl") {
  const { CSV_HEAD, exportAudit, toCsvLine, toJsonLine } = await import(
    "#lib/audit/export-audit.ts"
  )
  const { lineStream } = await import("#lib/web/line-stream.ts")
  const batches = exportAudit({})
  const toLine = kind === "csv" ? toCsvLine : toJsonLine
  const head = kind === "csv" ? CSV_HEAD : ""
  let [bytes, chunks, first, most] = [0, 0, 0, 0]
  for await (const chunk of lineStream({ batches, toLine, head })) {
    bytes += chunk.length
    const { rss } = process.memoryUsage()
    if (++chunks === 20) first = rss
    if (chunks > 20) most = Math.max(most, rss)
  }
  console.log(`${kind}: ${mib(bytes)}, memory ${mib(first)} after 20 batches, at most ${mib(most)}`)
}

async function measureLists() {
  const { listAudit } = await import("#lib/audit/list-audit.ts")
  const { AuditQuery } = await import("#lib/audit/audit-entry.ts")
  const first = await listAudit(AuditQuery.parse({}))
  const [entry] = first.items
  const old = new Date(Date.now() - ENTRIES * 0.9 * 60_000).toISOString()
  const queries: [string, object][] = [
    ["first page", {}],
    ["200 rows", { limit: 200 }],
    ["90 % down", { until: old }],
    ["one action, rare", { action: "member.role" }],
    ["a room", { action: "share" }],
    ["a room, rare", { action: "member" }],
    ["an actor", { actorId: entry?.actorId }],
    ["a target", { targetId: entry?.targetId }],
    ["an address", { origin: entry?.origin }],
    ["search, one hit", { q: "report 54321.pdf" }],
    ["search, all", { q: "quarterly" }],
    ["search, an actor", { q: "member77@" }],
    ["search, nothing", { q: "nothing like it" }],
    ["search, two letters", { q: "qu" }],
  ]
  const rows: string[][] = []
  for (const [name, query] of queries) {
    const times: number[] = []
    for (let look = 0; look < LOOKS; look++) {
      const began = performance.now()
      await listAudit(AuditQuery.parse(query))
      times.push(performance.now() - began)
    }
    rows.push([name, median(times).toFixed(1), Math.max(...times).toFixed(0)])
  }
  console.log(table(["list", "ms", "worst"], rows))
}

/** The same statement with and without its entry, in transactions that are rolled back. */
async function measureCost(client: pg.Client) {
  const { newId } = await import("#lib/uuid.ts")
  const { rows } = await client.query<{ id: string }>("SELECT id FROM member LIMIT 1")
  const member = rows[0]?.id
  const TIMES = 2_000
  const bare = "UPDATE member SET name = name WHERE id = $1"
  const withEntry = `WITH changed AS (${bare} RETURNING id, name, email)
    INSERT INTO audit_entry (id, actor_id, actor, action, target_id, origin, details)
    SELECT $2::uuid, id, name || ' <' || email || '>', 'file.upload', id::text, '#0123456789abcdef',
      jsonb_build_object('name', 'Quarterly report ' || $2::text || '.pdf', 'size', 1000)
    FROM changed`
  const run = async (text: string, values: () => unknown[]) => {
    await client.query("BEGIN")
    const began = performance.now()
    for (let n = 0; n < TIMES; n++)
      await client.query({ name: text.slice(0, 30), text, values: values() })
    const each = ((performance.now() - began) / TIMES) * 1000
    await client.query("ROLLBACK")
    return each
  }
  const [bares, withs]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS + 2; round++) {
    bares.push(await run(bare, () => [member]))
    withs.push(await run(withEntry, () => [member, newId()]))
  }
  const [without, one] = [median(bares), median(withs)]
  console.log(
    `a statement ${without.toFixed(0)} µs, with its entry ${one.toFixed(0)} µs: ${(one - without).toFixed(0)} µs more`,
  )
}

function seconds(since: number) {
  return ((performance.now() - since) / 1000).toFixed(1)
}
