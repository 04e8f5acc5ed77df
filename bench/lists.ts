import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { migrate } from "#prisma/migrate.ts"
import { startPostgres } from "#server/embedded/postgres.ts"

// How long a page of a member's or an admin's list of shares takes, with many of them.
//   npm run bench -- lists [shares of one member]
const SHARES = Number(process.argv[2] ?? 100_000)
const ROUNDS = 11

const directory = mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
const postgres = await startPostgres({ directory, durable: false })
try {
  await migrate(postgres.url)
  Object.assign(process.env, {
    DATABASE_URL: postgres.url,
    S3_BUCKET: "unused",
    AUTH_SECRET: "an auth secret that only this bench uses",
    LINK_SECRET: "a-link-secret-that-only-this-bench-uses",
  })
  const seeding = performance.now()
  const { member, admin } = await seed(postgres.url)
  console.log(`${SHARES} shares and twice as many of others: ${seconds(seeding)} s to make`)
  await measure(member, admin)
} finally {
  await postgres.stop()
  rmSync(directory, { recursive: true, force: true })
}

async function seed(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const query = async (text: string, values: unknown[] = []) =>
    (await client.query<{ id: string }>(text, values)).rows
  const [member] = await query(
    `INSERT INTO member (id, email, name, password_hash, role)
     VALUES (gen_random_uuid(), 'many@example.org', 'Many', '', 'admin') RETURNING id`,
  )
  await query(`INSERT INTO member (id, email, name, password_hash)
    SELECT gen_random_uuid(), n || '@example.org', 'Member ' || n, '' FROM generate_series(1, 50) n`)
  const words = "'{quarter,report,invoice,plan,photo,draft,budget,minutes,contract,slides}'::text[]"
  const word = (n: string) => `(${words})[1 + (hashint4(${n}) & 1023) % 10]`
  for (const [owner, count] of [
    [`'${member?.id}'::uuid`, SHARES],
    ["(SELECT (array_agg(id))[1 + n % 50] FROM member)", SHARES * 2],
  ] as const) {
    // Most are over; a few of each rare kind: revoked, scheduled, used up (some only by their
    // shards).
    await query(`
      INSERT INTO share (id, owner_id, title, starts_at, expires_at, revoked_at, revoked_by_id, max_downloads,
        downloads, max_ttl_seconds, created_at)
      SELECT gen_random_uuid(), owner, ${word("n")} || ' ' || ${word("n + 7")} || ' ' || n,
        CASE WHEN n % 2000 = 7 THEN now() + interval '2 days' END,
        CASE WHEN n % 3 = 0 THEN now() + interval '90 days' WHEN n % 3 = 1 THEN NULL
          ELSE now() - n * interval '1 minute' END,
        CASE WHEN n % 500 = 1 THEN now() END, CASE WHEN n % 500 = 1 THEN owner END,
        CASE WHEN n % 10 = 3 THEN 5 END, CASE WHEN n % 1000 = 3 THEN 5 ELSE 0 END, 60,
        now() - n * interval '3 minutes'
      FROM generate_series(1, ${count}) n, LATERAL (SELECT ${owner} AS owner) o`)
    await query(`
      INSERT INTO file (id, owner_id, name, size, content_type)
      SELECT gen_random_uuid(), owner, ${word("n")} || '-' || n || '.pdf', 1000 + n, 'application/pdf'
      FROM generate_series(1, ${count}) n, LATERAL (SELECT ${owner} AS owner) o`)
  }
  await query(`INSERT INTO link (id, share_id, public_id)
    SELECT gen_random_uuid(), id, decode(substr(md5(id::text), 1, 16), 'hex') FROM share`)
  await query(`
    WITH s AS (SELECT id, owner_id, row_number() OVER (PARTITION BY owner_id) AS n FROM share),
      f AS (SELECT id, owner_id, row_number() OVER (PARTITION BY owner_id) AS n FROM file)
    INSERT INTO share_file (share_id, file_id, position)
    SELECT s.id, f.id, k + 1
    FROM s CROSS JOIN generate_series(0, 3) k JOIN f ON f.owner_id = s.owner_id AND f.n = s.n + k`)
  await query(`
    INSERT INTO share_counter (share_id, shard, views, bot_views, downloads)
    SELECT id, shard, 3, 1, 1 FROM share, generate_series(0, 3) shard
    WHERE hashtext(id::text) % 2 = 0`)
  await query(`UPDATE share SET rolled_views = abs(hashtext(id::text)) % 100
    WHERE hashtext(id::text) % 2 = 0`)
  await query("VACUUM (ANALYZE)")
  await client.end()
  return { member: member?.id, admin: member?.id }
}

async function measure(member: unknown, admin: unknown) {
  const { disconnect } = await import("#lib/db.ts")
  const { listAllShares, listShares } = await import("#lib/shares/list-shares.ts")
  const { SHARE_STATUSES } = await import("#lib/shares/share.ts")
  const { listFiles } = await import("#lib/files/list-files.ts")
  const { writeSortedCursor } = await import("#lib/sorted-page.ts")
  const deep = writeSortedCursor({
    sort: "-created",
    way: "after",
    place: new Date(Date.now() - SHARES * 0.9 * 180_000).toISOString().replace("Z", "000Z"),
    id: "00000000-0000-4000-8000-000000000000",
  })
  const queries = [
    ["first page", {}],
    ["90 % down", { cursor: deep }],
    ...SHARE_STATUSES.map((status) => [status, { status }] as const),
    ...SHARE_STATUSES.map((status) => [`${status}, 90 % down`, { status, cursor: deep }] as const),
    ["ends first", { sort: "end" }],
    ["ends first, open", { sort: "end", status: "open" }],
    ["by name", { sort: "name" }],
    ["most viewed", { sort: "-views" }],
    ["most viewed, revoked", { sort: "-views", status: "revoked" }],
    ["search, one hit", { q: "54321" }],
    ["search, a tenth", { q: "invoice" }],
    ["search, nothing", { q: "nothing like it" }],
    ["search, two letters", { q: "qu" }],
    ["search in open", { q: "budget", status: "open" }],
    ["search in used up", { q: "budget", status: "used_up" }],
  ] as const
  const { countShares } = await import("#lib/shares/list-shares.ts")
  const tabs = async () => ({ items: Object.values(await countShares(member as never)) })
  const lists = [
    ["tabs", tabs],
    ["member", (query: object) => listShares(member as never, query)],
    ["admin", (query: object) => listAllShares(admin as never, query)],
    ["files", (query: object) => listFiles(member as never, query)],
  ] as const
  for (const [who, list] of lists) {
    for (const [name, query] of queries) {
      const sorted = "sort" in query && query.sort !== "name"
      if (who === "tabs" && name !== "first page") continue
      if (who === "files" && ("status" in query || sorted)) continue
      const times: number[] = []
      let found = 0
      for (let round = 0; round < ROUNDS; round++) {
        const start = performance.now()
        found = (await list(query)).items.length
        times.push(performance.now() - start)
      }
      times.sort((a, b) => a - b)
      const median = (times[ROUNDS >> 1] ?? 0).toFixed(1).padStart(8)
      console.log(`${median} ms  (worst ${times.at(-1)?.toFixed(0)})  ${who}: ${name} (${found})`)
    }
  }
  await disconnect()
}

function seconds(since: number) {
  return ((performance.now() - since) / 1000).toFixed(1)
}
