import pg from "pg"
import { DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import { sentence } from "./setup-error.ts"

const OLDEST = 14

/** Refuses, with a sentence that names the setting, a database that cannot be used, or not with these timeouts. */
export async function checkDatabase(
  name: string,
  url: string,
  timeouts: Partial<typeof DB_TIMEOUTS> = {},
) {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    ...timeouts,
  })
  client.on("error", () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>("SHOW server_version_num")
    const version = Math.floor(Number(Object.values(rows[0] ?? {})[0]) / 10_000)
    if (version < OLDEST) {
      throw sentence(
        `${name} leads to PostgreSQL ${version}: Lapse needs ${OLDEST} or newer, so set it to a newer server.`,
      )
    }
  } catch (error) {
    throw explain(name, url, error)
  } finally {
    await client.end().catch(() => {})
  }
}

function explain(name: string, url: string, error: unknown) {
  if (!(error instanceof Error)) return error
  const code = "code" in error ? String(error.code) : ""
  const place = placeOf(url)
  const say = (what: string) => sentence(`${name}: ${what}`, error)
  if (code === "28P01" || code === "28000")
    return say(
      `the server at ${place} refuses this user or password (${error.message}): correct them.`,
    )
  if (code === "3D000")
    return say(`the server at ${place} has no such database (${error.message}): create it first.`)
  // PgBouncer says so of what it is not told to let pass.
  if (/unsupported startup parameter/.test(error.message))
    return say(
      `the pooler at ${place} refuses a time limit (${error.message}): set ignore_startup_parameters = ${Object.keys(DB_TIMEOUTS).join(",")} in its settings, and the limits on the role.`,
    )
  if (code === "42501" || code === "53300" || code === "57P03")
    return say(`the server at ${place} says "${error.message}": mend that and start again.`)
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return say(`the host of ${place} is not known: correct the host name.`)
  if (code === "" && !/timeout|SSL|terminated|Invalid URL/i.test(error.message)) return error
  return say(
    `no PostgreSQL answers at ${place} (${code || error.message}): start it, or correct the host and port.`,
  )
}

// Without the password.
function placeOf(url: string) {
  if (!URL.canParse(url)) return "that address"
  const { host, pathname, searchParams } = new URL(url)
  return `${searchParams.get("host") ?? host}${pathname}`
}
