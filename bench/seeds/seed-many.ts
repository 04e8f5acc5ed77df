import { hash } from "@node-rs/argon2"
import pg from "pg"
import { ADMIN } from "../app.ts"

export type Scale = { shares: number; events: number }

const CONNECTIONS = 2
const MONTHS = 6
/** The words for share.title and file.name. */
const WORDS = "'{quarter,report,invoice,plan,photo,draft,budget,minutes,contract,slides}'::text[]"
const word = (n: string) => `(${WORDS})[1 + (hashint4(${n}) & 1023) % 10]`
/** SQL for a number from 0 up to below `most`, always the same for the same `n`. */
const some = (n: string, most: number) => `(hashint4extended(${n}, 7) & 1073741823) % ${most}`

/**
 * Fills a database that has only its tables: shares with links, files, objects, counters and audit
 * entries of a year, and events of six months. All indexes are as migrated. A few shares have most
 * of the events. Takes minutes for millions.
 */
export async function seedMany(url: string, scale: Scale): Promise<void> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(url)))
  const [client] = clients
  if (!client) return
  try {
    await seedMembers(client, scale)
    const large = ["share", "file", "object", "link", "share_file", "audit_entry"]
    await withoutIndexes(clients, large, () => seedShares(clients, scale))
    await seedEvents(clients, scale)
    await settle(client)
  } finally {
    await Promise.all(clients.map((each) => each.end()))
  }
}

async function connect(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  // Without triggers and foreign keys, because the seeded rows are consistent already.
  await client.query(`SET session_replication_role = replica;
    SET synchronous_commit = off; SET work_mem = '512MB'; SET maintenance_work_mem = '1GB';
    SET enable_mergejoin = off; SET enable_nestloop = off`)
  return client
}

/** Runs each task on the next free connection. */
async function spread(clients: pg.Client[], works: ((client: pg.Client) => Promise<unknown>)[]) {
  const waiting = [...works]
  await Promise.all(
    clients.map(async (client) => {
      for (let work = waiting.shift(); work; work = waiting.shift()) await work(client)
    }),
  )
}

/**
 * Drops indexes on which no constraint depends and creates them again at the end: row by row it would
 * take hours.
 */
async function withoutIndexes(clients: pg.Client[], tables: string[], work: () => Promise<void>) {
  const [client] = clients
  const found = await client?.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE schemaname = 'public' AND tablename = ANY($1) AND NOT EXISTS (
       SELECT FROM pg_constraint WHERE conindid = format('%I.%I', schemaname, indexname)::regclass)`,
    [tables],
  )
  const indexes = found?.rows ?? []
  for (const { name } of indexes) await client?.query(`DROP INDEX "${name}"`)
  await work()
  // Largest first.
  const ordered = indexes.toSorted(
    (a, b) => Number(b.definition.includes(" gin ")) - Number(a.definition.includes(" gin ")),
  )
  await spread(
    clients,
    ordered.map(
      ({ definition }) =>
        (each) =>
          each.query(definition),
    ),
  )
}

async function seedMembers(client: pg.Client, { shares }: Scale) {
  const passwordHash = await hash(ADMIN.password, { memoryCost: 1024, timeCost: 1 })
  await client.query(
    `INSERT INTO member (id, email, name, password_hash, role, created_at)
     VALUES (uuidv7(interval '-366 days'), $1, 'Many Shares', $2, 'admin', now() - interval '366 days')`,
    [ADMIN.email, passwordHash],
  )
  await client.query(`INSERT INTO member (id, email, name, password_hash, created_at)
    SELECT uuidv7(interval '-365 days'), 'member' || n || '@example.org', 'Member ' || n, '', now() - interval '365 days'
    FROM generate_series(1, ${Math.max(60, shares / 1000)}) n`)
  await client.query("UPDATE installation SET setup_done_at = now() - interval '366 days'")
}

/** Seeds shares. Row n of each table belongs to share n; the newest share is the last. */
async function seedShares(clients: pg.Client[], { shares }: Scale) {
  const [client] = clients
  const ofAdmin = Math.max(0.3, Math.min(0.9, 900 / shares))
  await client?.query(`
    CREATE UNLOGGED TABLE seeded AS
    WITH admin AS (SELECT id FROM member WHERE role = 'admin'),
      others AS (SELECT array_agg(id) AS ids, count(*)::int AS count FROM member WHERE role = 'member')
    SELECT n, at,
      CASE WHEN ${some("n", 1000)} < ${ofAdmin * 1000} THEN (SELECT id FROM admin)
        -- The first members have most.
        ELSE ids[1 + floor(count * (${some("n + 1", 1000)} / 1000.0) ^ 2)::int] END AS owner_id,
      uuidv7(at - clock_timestamp()) AS share_id, uuidv7(at - clock_timestamp()) AS file_id,
      uuidv7(at - clock_timestamp()) AS link_id
    FROM others, generate_series(1, ${shares}) n,
      LATERAL (SELECT now() - interval '365 days' * (${shares} - n) / ${shares} AS at) AS time`)
  await client?.query("ALTER TABLE seeded ADD PRIMARY KEY (n); ANALYZE seeded")
  const sizes = `(1000 + ${some("n + 2", 50_000_000)})`
  const inserts = [
    // One in 16 is revoked, has reached its limit, or is scheduled; some of the others have
    // expired.
    `INSERT INTO share (id, owner_id, title, starts_at, expires_at, revoked_at, revoked_by_id, max_downloads,
       downloads, at_limit, max_ttl_seconds, minted, rolled_views, created_at)
     SELECT share_id, owner_id, ${word("n")} || ' ' || ${word("n + 7")} || ' ' || n,
       CASE WHEN n % 16 = 3 THEN now() + interval '2 days' END,
       CASE WHEN n % 4 = 0 THEN NULL WHEN n % 16 IN (1, 2, 3, 9) THEN now() + interval '1 day' * (1 + n % 90)
         ELSE at + interval '1 day' * (7 + n % 90) END,
       CASE WHEN n % 16 = 1 THEN at + interval '1 hour' END, CASE WHEN n % 16 = 1 THEN owner_id END,
       CASE WHEN n % 16 = 2 THEN 5 WHEN n % 16 = 9 THEN 50 END,
       CASE WHEN n % 16 = 2 THEN 5 WHEN n % 16 = 9 THEN 7 ELSE 0 END, n % 16 = 2, 60, true,
       CASE WHEN n % 5 > 1 THEN ${some("n + 3", 100)} * 2 ELSE 0 END, at
     FROM seeded`,
    `INSERT INTO file (id, owner_id, name, path, size, content_type, status, object_key, maybe_unshared, ready_at, created_at)
     SELECT file_id, owner_id, ${word("n + 3")} || ' ' || ${word("n + 5")} || '-' || n || '.pdf',
       CASE WHEN n % 5 < 2 THEN (ARRAY['Sales','Purchasing','Wages','Bank','Taxes','Contracts'])[1 + n / 100 % 6]
         || '/' || 2020 + n / 1000 % 6 ELSE '' END,
       ${sizes}, 'application/pdf', 'ready', 'o/' || replace(file_id::text, '-', ''), false, at, at
     FROM seeded`,
    `INSERT INTO object (key, file_id, state, put_expires_at, live_since, created_at, colour, colour_since)
     SELECT 'o/' || replace(file_id::text, '-', ''), file_id, 'live', at, at, at,
       (ARRAY['amber','blue','green'])[1 + n % 3], at
     FROM seeded`,
    `INSERT INTO link (id, share_id, public_id, open, recipient_name, created_at)
     SELECT link_id, share_id, substr(sha256(link_id::text::bytea), 1, 8), true, '', at FROM seeded
     UNION ALL
     SELECT uuidv7(at - clock_timestamp()), share_id, substr(sha256(share_id::text::bytea), 1, 8), false, 'Recipient ' || n, at
     FROM seeded WHERE n % 20 = 4`,
    `INSERT INTO share_file (share_id, file_id, position) SELECT share_id, file_id, 0 FROM seeded
     UNION ALL
     SELECT share.share_id, file.file_id, k
     FROM seeded share, generate_series(1, 3) k, seeded file
     WHERE share.n % 5 = 0 AND file.n = share.n - k * 10`,
    `INSERT INTO share_counter (share_id, shard, views, bot_views, downloads)
     SELECT share_id, shard, ${some("n + 3", 100)}, 1, ${some("n + 4", 30)} FROM seeded, generate_series(0, 1) shard
     WHERE n % 5 > 1 AND n % 16 NOT IN (2, 9)`,
    `INSERT INTO audit_entry (id, at, actor_id, actor, action, target_id, origin, details)
     SELECT uuidv7(at - clock_timestamp()), at, owner_id, name || ' <' || email || '>',
       CASE WHEN n % 16 = 1 THEN 'share.revoke' ELSE 'share.create' END, share_id::text,
       '#' || substr(md5((n % 500)::text), 1, 16), jsonb_build_object('title', ${word("n")} || ' ' || n)
     FROM seeded JOIN member ON member.id = owner_id`,
    `UPDATE member SET used_bytes = used FROM (
       SELECT owner_id, sum(${sizes}) AS used FROM seeded GROUP BY owner_id) AS owned
     WHERE owner_id = member.id`,
  ]
  await spread(
    clients,
    inserts.map((text) => (each) => each.query(text)),
  )
}

/**
 * Seeds each month into a separate table without indexes, which are created when it becomes a
 * partition.
 */
async function seedEvents(clients: pg.Client[], { shares, events }: Scale) {
  const [client] = clients
  const found = await client?.query<{
    name: string
    begins: string
    ends: string
    events: number
  }>(`
    SELECT 'event_' || to_char(month, 'YYYY_MM') AS name,
      to_char(month, 'YYYY-MM-DD 00:00:00+00') AS begins,
      to_char(month + interval '1 month', 'YYYY-MM-DD 00:00:00+00') AS ends,
      floor(${events}::float / ${MONTHS})::int AS events
    FROM generate_series(0, ${MONTHS - 1}) AS n,
      LATERAL (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n) AS month) AS m`)
  const months = found?.rows ?? []
  const attached: (() => Promise<unknown>)[] = []
  const random = (most: number) => `floor(random() * ${most})::int`
  await spread(
    clients,
    months.map(({ name, begins, ends, events: count }) => async (each) => {
      await each.query(
        `CREATE TABLE events."${name}" (LIKE public.event INCLUDING ALL EXCLUDING INDEXES)`,
      )
      await each.query(`
        INSERT INTO events."${name}" (at, share_id, link_id, file_id, kind, agent, referrer, visitor)
        SELECT event.at, share_id, link_id, CASE WHEN kind IN ('claim', 'mint', 'preview') THEN file_id END, kind,
          (ARRAY['Chrome on Windows','Chrome on Android','Safari on iPhone','Safari on macOS','Firefox on Linux','Edge on Windows','curl'])[1 + a],
          CASE WHEN r < 2 THEN (ARRAY['mail.example.com','chat.example.org'])[1 + r] END,
          decode(md5(v::text || share_id::text || (event.at::date)::text), 'hex')
        FROM (
          SELECT at, a, r, v, 1 + (floor(${shares} * u ^ 3)::bigint * 7919) % ${shares} AS n,
            (CASE WHEN k < 50 THEN 'view' WHEN k < 80 THEN 'claim' WHEN k < 88 THEN 'mint' WHEN k < 93 THEN 'preview'
              WHEN k < 98 THEN 'bot_view' ELSE 'refused' END)::event_kind AS kind
          FROM (
            SELECT timestamptz '${begins}' + (least(timestamptz '${ends}', now()) - timestamptz '${begins}') * g / ${count + 1} AS at,
              random() AS u, ${random(100)} AS k, ${random(7)} AS a, ${random(6)} AS r, ${random(50)} AS v
            FROM generate_series(1, ${count}) g OFFSET 0
          ) AS drawn
        ) AS event JOIN seeded USING (n)`)
      attached.push(() =>
        each.query(
          `ALTER TABLE public.event ATTACH PARTITION events."${name}" FOR VALUES FROM ('${begins}') TO ('${ends}')`,
        ),
      )
    }),
  )
  for (const attach of attached) await attach()
}

/** Writes the results of jobs, as in an installation that has always run. */
async function settle(client: pg.Client) {
  await client.query("DROP TABLE seeded")
  await client.query(`
    INSERT INTO activity_hour (hour, kind, count)
    SELECT date_trunc('hour', at), kind, count(*) FROM event
    WHERE at >= now() - interval '31 days' AND at < date_trunc('hour', now()) GROUP BY 1, 2`)
  await client.query(
    // Hours of single shares are left out: the job would count all events during a measurement.
    "INSERT INTO rollup (name, until) VALUES ('activity_hour', date_trunc('hour', now())), ('share_hour', now())",
  )
  await client.query("UPDATE installation SET views_rolled_to = now()")
  await client.query("VACUUM (ANALYZE)")
}
