import { configuration } from "#lib/adapters/configuration.ts"
import { DbClient, REQUESTS } from "#lib/adapters/database/db-client.ts"
import { DB_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { missesNeed, type Need } from "./check-pooler.ts"

const OLDEST = 14

/**
 * Checks the databases in the settings: DATABASE_URL and, if set, DATABASE_DIRECT_URL. Returns
 * suggestions. Throws a SetupError that names the setting if one of them cannot be used.
 */
export async function checkDatabases(): Promise<string[]> {
  const { DATABASE_URL, DATABASE_DIRECT_URL } = configuration
  if (!DATABASE_DIRECT_URL)
    return checkDatabase("DATABASE_URL", DATABASE_URL, ["statements", "sessions"])
  const warnings = await checkDatabase("DATABASE_URL", DATABASE_URL, ["statements"])
  await checkDatabase("DATABASE_DIRECT_URL", DATABASE_DIRECT_URL, ["sessions"])
  return warnings
}

/**
 * Checks one database for the given needs. Returns suggestions for improvement. Throws a SetupError
 * that names the setting if the database cannot be used.
 */
export async function checkDatabase(name: string, url: string, needs: Need[]): Promise<string[]> {
  const config = {
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    answerTimeoutMillis: 10_000,
    application_name: REQUESTS,
    ...(needs.includes("statements") ? DB_TIMEOUTS : {}),
  }
  const clients: DbClient[] = []
  const connect = async () => {
    const client = new DbClient(config)
    clients.push(client)
    await client.connect()
    return client
  }
  try {
    const one = await connect()
    await requireVersion(name, one)
    await requireIcu(name, one)
    const other = await connect()
    for (const need of needs) {
      const missed = await missesNeed(need, one, other)
      if (missed) throw new SetupError(`${name} ${missed}`)
    }
    return needs.includes("statements") ? await missingLimits(name, one) : []
  } catch (error) {
    throw error instanceof SetupError ? error : explain(name, url, error)
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})))
  }
}

/** Lists the limits that are not in force; a pooler drops them, so the role must have them. */
async function missingLimits(name: string, client: DbClient) {
  const { rows } = await client.query<{ name: string }>(
    "SELECT name FROM pg_settings WHERE name = ANY($1) AND setting = '0' ORDER BY name DESC",
    [Object.keys(DB_TIMEOUTS)],
  )
  if (rows.length === 0) return []
  const asked = Object.entries(DB_TIMEOUTS)
    .filter(([limit]) => rows.some(({ name }) => name === limit))
    .map(([limit, ms]) => `ALTER ROLE … SET ${limit} = '${ms / 1000}s';`)
  return [
    `${name} leads through a pooler that does not pass on time limits, and the role has none: without them a statement that Lapse has given up on keeps running and holds its locks. As a superuser: ${asked.join(" ")}`,
  ]
}

async function requireVersion(name: string, client: DbClient) {
  const { rows } = await client.query<{ version: string }>("SHOW server_version_num")
  const version = Math.floor(Number(Object.values(rows[0] ?? {})[0]) / 10_000)
  if (version >= OLDEST) return
  throw new SetupError(
    `${name} leads to PostgreSQL ${version}: Lapse needs ${OLDEST} or newer, so set it to a newer server.`,
  )
}

/** Throws if the server was built without ICU, by which names are sorted and searched. */
async function requireIcu(name: string, client: DbClient) {
  const { rows } = await client.query(
    "SELECT FROM pg_collation WHERE collname = 'und-x-icu' AND collprovider = 'i'",
  )
  if (rows.length > 0) return
  throw new SetupError(
    `${name} leads to a PostgreSQL without ICU, by which names are sorted: set it to a server that was built with ICU, as packages and services are.`,
  )
}

function explain(name: string, url: string, error: unknown) {
  if (!(error instanceof Error)) return error
  const code = "code" in error ? String(error.code) : ""
  const place = placeOf(url)
  const refusal = (sentence: string) => new SetupError(`${name}: ${sentence}`, { cause: error })
  if (code === "28P01" || code === "28000")
    return refusal(
      `the server at ${place} refuses this user or password (${error.message}): correct them.`,
    )
  if (code === "3D000")
    return refusal(
      `the server at ${place} has no such database (${error.message}): create it first.`,
    )
  if (isRefusedParameter(code, error.message))
    return refusal(
      `the pooler at ${place} refuses a time limit (${error.message}): set ignore_startup_parameters = ${Object.keys(DB_TIMEOUTS).join(",")} in its settings, and the limits on the role.`,
    )
  if (code === "42501" || code === "53300" || code === "57P03")
    return refusal(`the server at ${place} says "${error.message}": fix that and start again.`)
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return refusal(`the host of ${place} is not known: correct the host name.`)
  return refusal(
    `no PostgreSQL answers at ${place} (${code || error.message}): start it, or correct the host and port.`,
  )
}

// PgBouncer uses one code for all its refusals, so only the text distinguishes them. The text has
// no translations, and a session cannot choose English before it is accepted.
function isRefusedParameter(code: string, text: string) {
  return code === "08P01" && text.includes("unsupported startup parameter")
}

// Returns host, port and database of a URL, without the password.
function placeOf(url: string) {
  if (!URL.canParse(url)) return "that address"
  const { host, pathname, searchParams } = new URL(url)
  return `${searchParams.get("host") ?? host}${pathname}`
}
