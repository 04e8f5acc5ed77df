import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { migrate } from "#prisma/migrate.ts"
import { startPostgres } from "#server/embedded/postgres.ts"
import { report } from "./measures.ts"

// Measures how fast the audit log is verified.
// npm run bench -- audit [entries] [rounds]
const ENTRIES = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = Number(process.argv[3] ?? 3)

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

/**
 * Inserts entries of 200 members over two years: three in four are uploads, one in fifty belongs to
 * a bulk change.
 */
async function seed(client: pg.Client) {
  const began = performance.now()
  await client.query(`INSERT INTO member (id, email, name, password_hash)
    SELECT gen_random_uuid(), 'member' || n || '@example.org', 'Member ' || n, '' FROM generate_series(1, 200) n`)
  // Indexes are built at the end, because row by row it takes minutes.
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
  const { disconnect } = await import("#lib/adapters/database.ts")
  const { log } = await import("#lib/adapters/monitoring/log.ts")
  log.level = "silent"
  const { sealEntries } = await import("#lib/rooms/audit/chain/seal-entries.ts")
  const { verifyChain } = await import("#lib/rooms/audit/chain/verify-chain.ts")

  if ((await sealEntries()) !== ENTRIES) throw new Error("Not every entry was sealed.")
  await client.query("VACUUM (ANALYZE)")
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    const { verified, found } = await verifyChain()
    if (verified !== ENTRIES || found > 0) throw new Error(`${verified} verified, ${found} found`)
    times.push(performance.now() - began)
  }
  report([
    {
      measure: `audit log of ${ENTRIES.toLocaleString("en")} entries, verified`,
      unit: "/s",
      figures: times.map((ms) => ENTRIES / (ms / 1000)),
      goal: { least: 50_000 },
    },
  ])
  await disconnect()
}

function seconds(since: number) {
  return ((performance.now() - since) / 1000).toFixed(1)
}
