import { DbClient } from "#lib/adapters/database/db-client.ts"
import { CLIENT_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"

const FAILURES = 3
/** Matches a migration's progress, from RAISE NOTICE 'progress 40 of 100 events'. */
const PROGRESS = /^progress (.+)$/

/**
 * Destroys a connection whose server has stopped answering. A migration may take an hour, so no
 * timeout can distinguish a slow one from a dead one. A second connection asks whether the server
 * still runs the migration, and its progress. Returns the function that stops watching.
 */
export async function watchConnection(
  client: DbClient,
  url: string,
  progress: (detail: string) => void,
): Promise<() => void> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")
  const pid = rows[0]?.pid
  let failures = 0
  let noticed: string | undefined
  client.on("notice", ({ message = "" }) => {
    noticed = PROGRESS.exec(message)?.[1] ?? noticed
  })
  const check = async () => {
    const answer = await ask(url, pid).catch(() => null)
    failures = answer === null ? failures + 1 : 0
    if (answer === undefined)
      return client.discard(lost("the server no longer knows its connection"))
    if (failures === FAILURES) return client.discard(lost("the server does not answer"))
    const detail = noticed ?? detailOf(answer)
    noticed = undefined
    if (detail) progress(detail)
  }
  const timer = setInterval(check, CLIENT_TIMEOUTS.connect + CLIENT_TIMEOUTS.ask)
  timer.unref()
  return () => clearInterval(timer)
}

type Running = { state: string; seconds: number; percent: number | null }

/** Asks for the state of the connection; undefined if the server does not know the connection. */
async function ask(url: string, pid: number | undefined) {
  const probe = new DbClient({
    connectionString: url,
    application_name: "lapse-migrate-watch",
    answerTimeoutMillis: CLIENT_TIMEOUTS.ask,
  })
  try {
    await probe.connect()
    const { rows } = await probe.query<Running>(
      `SELECT state, extract(epoch FROM clock_timestamp() - query_start)::int AS seconds,
         (SELECT (100 * blocks_done / nullif(blocks_total, 0))::int
          FROM pg_stat_progress_create_index AS built WHERE built.pid = $1) AS percent
       FROM pg_stat_activity WHERE pid = $1`,
      [pid],
    )
    return rows[0]
  } finally {
    await probe.end()
  }
}

function detailOf(running: Running | null) {
  if (running?.state !== "active") return null // it waits for the backup before an update
  const { seconds, percent } = running
  return percent === null ? `${seconds} s so far` : `${percent} % of an index`
}

const lost = (why: string) =>
  Object.assign(new Error(`Connection terminated: ${why}`), { code: "ECONNRESET" })
