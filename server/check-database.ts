import { DbClient } from "#lib/db-client.ts"
import { DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import { SetupError } from "#lib/errors.ts"

const OLDEST = 14

/**
 * Throws a SetupError that names the setting where a database cannot be used, or not with these
 * timeouts.
 */
export async function checkDatabase(
  name: string,
  url: string,
  timeouts: Partial<typeof DB_TIMEOUTS> = {},
) {
  let client: DbClient | undefined
  try {
    client = new DbClient({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      answerTimeoutMillis: 10_000,
      ...timeouts,
    })
    await client.connect()
    await requireVersion(name, client)
  } catch (error) {
    throw error instanceof SetupError ? error : explain(name, url, error)
  } finally {
    await client?.end().catch(() => {})
  }
}

async function requireVersion(name: string, client: DbClient) {
  const { rows } = await client.query<{ version: string }>("SHOW server_version_num")
  const version = Math.floor(Number(Object.values(rows[0] ?? {})[0]) / 10_000)
  if (version >= OLDEST) return
  throw new SetupError(
    `${name} leads to PostgreSQL ${version}: Lapse needs ${OLDEST} or newer, so set it to a newer server.`,
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
    return refusal(`the server at ${place} says "${error.message}": mend that and start again.`)
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return refusal(`the host of ${place} is not known: correct the host name.`)
  return refusal(
    `no PostgreSQL answers at ${place} (${code || error.message}): start it, or correct the host and port.`,
  )
}

// PgBouncer answers everything it refuses with the same code: only its text says what. It has no
// translations, and a session cannot ask for English before it is accepted.
function isRefusedParameter(code: string, text: string) {
  return code === "08P01" && text.includes("unsupported startup parameter")
}

// Without the password.
function placeOf(url: string) {
  if (!URL.canParse(url)) return "that address"
  const { host, pathname, searchParams } = new URL(url)
  return `${searchParams.get("host") ?? host}${pathname}`
}
