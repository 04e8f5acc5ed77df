import { signInClient } from "../e2e/member-client.ts"
import { ADMIN, startApp, takeDataOf } from "./app.ts"
import { requestText } from "./browser/browser-request.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { ratiosOf, report } from "./measures.ts"
import { runRounds } from "./rounds.ts"

// Measures a person's own lists with 50 teams, of which the person is in all, and 200 other members,
// each in five teams, all with 20 files and 5 shares, against the same lists without them.
// npm run bench -- teams [rounds] [seconds]
const [ROUNDS = 7, SECONDS = 2] = process.argv.slice(2).map(Number)
const LISTS = ["files", "shares", "requests"] as const
const CONNECTIONS = 2

const SEED = [
  "SET LOCAL session_replication_role = replica", // the files have no objects
  `INSERT INTO member (id, name, email, password_hash)
   SELECT gen_random_uuid(), 'P' || n, n || '@bench.example', 'none' FROM generate_series(1, 200) n`,
  `INSERT INTO member (id, name, email, password_hash, member_kind)
   SELECT gen_random_uuid(), 'T' || n, n || '@invalid', 'team', 'team' FROM generate_series(1, 50) n`,
  `INSERT INTO team (id, slug) SELECT id, 'team-' || lower(name) FROM member WHERE member_kind = 'team'`,
  `INSERT INTO team_member (team_id, member_id)
   SELECT team.id, person.id FROM member AS team JOIN member AS person ON person.member_kind = 'person'
     AND (person.role = 'admin' OR substr(person.name, 2)::int % 10 = substr(team.name, 2)::int % 10)
   WHERE team.member_kind = 'team'`,
  `INSERT INTO file (id, owner_id, name, size, content_type, status, object_key, maybe_unshared, ready_at, created_at)
   SELECT id, owner, n || '.pdf', 5, 'application/pdf', 'ready', 'bench/' || id, false, now(), now()
   FROM (SELECT gen_random_uuid() AS id, member.id AS owner, n FROM member, generate_series(1, 20) n
     WHERE email LIKE '%@bench.example' OR member_kind = 'team') AS one`,
  `INSERT INTO share (id, owner_id, title, message, max_ttl_seconds)
   SELECT gen_random_uuid(), member.id, 'Plans ' || n, '', 60 FROM member, generate_series(1, 5) n
   WHERE email LIKE '%@bench.example' OR member_kind = 'team'`,
]

const SEEDED = "SELECT id FROM member WHERE email LIKE '%@bench.example' OR member_kind = 'team'"
const CLEAR = [
  "SET LOCAL session_replication_role = replica",
  ...["share", "file"].map((table) => `DELETE FROM ${table} WHERE owner_id IN (${SEEDED})`),
  "DELETE FROM team_member",
  "DELETE FROM team",
  `DELETE FROM member WHERE id IN (${SEEDED})`,
]

const app = await startApp()
try {
  takeDataOf(app)
  await measure()
} finally {
  const { disconnect } = await import("#lib/adapters/database.ts")
  await disconnect()
  await stopChildren()
  await app.stop()
}

async function measure() {
  const { db } = await import("#lib/adapters/database.ts")
  const admin = await signInClient(app.url, ADMIN)
  for (let n = 0; n < 40; n++) await admin.share(`${n}.pdf`)
  for (let n = 0; n < 10; n++) await admin.post("/requests", { title: `${n}`, folder: "Inbox" })
  const { cookies } = await admin.context.storageState()
  const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ")
  const headers = { Host: `localhost:${app.port}`, Cookie }
  const load = startLoad()
  const rateOf = async (list: string) => {
    const requests = [requestText(`GET /api/v1/${list}`, headers)]
    const how = { connections: CONNECTIONS, seconds: SECONDS, status: "200" }
    return (await load({ port: app.port, requests, ...how })).perSecond
  }
  const run = async (statements: string[]) => {
    await db.$transaction(statements.map((each) => db.$executeRawUnsafe(each)))
    await db.$executeRawUnsafe("ANALYZE")
  }
  const rates = LISTS.map((list) => ({ list, alone: [] as number[], beside: [] as number[] }))
  const all = async (kind: "alone" | "beside") => {
    for (const one of rates) one[kind].push(await rateOf(one.list))
  }
  for (const list of LISTS) await rateOf(list) // warms up
  await runRounds({ most: ROUNDS, seconds: 400 }, async () => {
    await all("alone")
    await run(SEED)
    await all("beside")
    await all("beside")
    await run(CLEAR)
    await all("alone")
  })
  report(
    rates.map(({ list, alone, beside }) => ({
      measure: `own ${list} with 50 teams and 200 members`,
      against: "without them",
      figures: ratiosOf(beside, alone),
      goal: { least: 0.95 },
    })),
  )
  await admin.context.dispose()
}
