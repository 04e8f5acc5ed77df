import { DbClient } from "#lib/database/db-client.ts"
import { CLIENT_TIMEOUTS } from "#lib/database/db-timeouts.ts"

const FAILURES = 3

/**
 * Discards a connection whose server has stopped answering. A migration may take an hour, so no
 * timeout distinguishes a slow one from a dead one: a second connection asks whether the server
 * still runs it. Returns how to stop.
 */
export async function watchConnection(client: DbClient, url: string): Promise<() => void> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")
  const pid = rows[0]?.pid
  let failures = 0
  const check = async () => {
    const answer = await isRunning(url, pid).catch(() => null)
    failures = answer === null ? failures + 1 : 0
    if (answer === false) client.discard(lost("the server no longer knows its connection"))
    else if (failures === FAILURES) client.discard(lost("the server does not answer"))
  }
  const timer = setInterval(check, CLIENT_TIMEOUTS.connect + CLIENT_TIMEOUTS.ask)
  timer.unref()
  return () => clearInterval(timer)
}

async function isRunning(url: string, pid: number | undefined) {
  const probe = new DbClient({
    connectionString: url,
    application_name: "lapse-migrate-watch",
    answerTimeoutMillis: CLIENT_TIMEOUTS.ask,
  })
  try {
    await probe.connect()
    const { rowCount } = await probe.query("SELECT FROM pg_stat_activity WHERE pid = $1", [pid])
    return rowCount === 1
  } finally {
    await probe.end()
  }
}

const lost = (why: string) =>
  Object.assign(new Error(`Connection terminated: ${why}`), { code: "ECONNRESET" })
