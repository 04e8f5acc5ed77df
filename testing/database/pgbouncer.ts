import { spawn } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { freePort } from "#testing/programs/daemons.ts"
import { findProgram } from "#testing/programs/find-program.ts"

/** The settings that docs/operations/database.md requires. */
const SETTINGS = {
  pool_mode: "transaction",
  max_prepared_statements: "200",
  ignore_startup_parameters: "statement_timeout,idle_in_transaction_session_timeout",
  max_client_conn: "1000",
}

export type PgBouncer = {
  /** The URL of a database of the server, through the pooler. */
  urlOf: (database: string) => string
  stop: () => Promise<void>
}

/** The path of this machine's PgBouncer, if there is one. */
export const findPgBouncer = () => findProgram(["pgbouncer"])

/**
 * Starts a PgBouncer in transaction mode in front of the PostgreSQL on this Unix socket; it ends
 * with this process. `settings`, by PgBouncer's names, are added to those of
 * docs/operations/database.md.
 */
export async function startPgBouncer(
  serverUrl: string,
  settings: Record<string, string> = {},
): Promise<PgBouncer> {
  const { searchParams, username } = new URL(serverUrl)
  const socket = searchParams.get("host") ?? ""
  const directory = makeFastDirectory()
  const port = await freePort()
  const file = path.join(directory.path, "pgbouncer.ini")
  // The socket is in a directory that only its owner and root may enter, and PgBouncer does not run
  // as root, so it is started in that directory.
  const server = `host=/proc/self/cwd user=${username}`
  fs.writeFileSync(file, configuration(server, { port, ...settings }))
  const { uid, gid } = fs.statSync(socket)
  fs.chmodSync(directory.path, 0o755)
  const child = spawn(
    "setpriv",
    ["--pdeathsig", "KILL", "--", findPgBouncer() ?? "pgbouncer", "--quiet", file],
    { stdio: "ignore", cwd: socket, uid, gid },
  )
  const urlOf = (database: string) => `postgresql://${username}@127.0.0.1:${port}/${database}`
  await untilAnswering(urlOf("postgres"))
  return {
    urlOf,
    async stop() {
      const exit = once(child, "exit")
      child.kill("SIGKILL")
      await exit
      directory.remove()
    },
  }
}

function configuration(server: string, { port, ...settings }: Record<string, string | number>) {
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "any",
    log_connections: 0,
    log_disconnections: 0,
    ...SETTINGS,
    ...settings,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`)
  return ["[databases]", `* = ${server}`, "[pgbouncer]", ...lines, ""].join("\n")
}

async function untilAnswering(url: string) {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url })
    client.on("error", () => {})
    try {
      await client.connect()
      return
    } catch (error) {
      if (attempt > 200) throw error
      await sleep(50)
    } finally {
      await client.end().catch(() => {})
    }
  }
}
