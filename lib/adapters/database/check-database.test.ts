import { once } from "node:events"
import { createServer } from "node:net"
import path from "node:path"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type EmbeddedPostgres, startPostgres } from "#server/embedded/postgres.ts"
import { findPgBouncer, startPgBouncer } from "#testing/database/pgbouncer.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { checkDatabase } from "./check-database.ts"

/** Starts a pooler that refuses parameters, like PgBouncer without ignore_startup_parameters. */
async function aStrictPooler() {
  const server = createServer((socket) => {
    socket.once("data", () => {
      const fields = "SFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0"
      const length = Buffer.alloc(4)
      length.writeInt32BE(fields.length + 4)
      socket.end(Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)]))
    })
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" ? address?.port : 0
  return { url: `postgresql://lapse@127.0.0.1:${port}/lapse`, close: () => server.close() }
}

describe("checkDatabase", () => {
  it("names the parameters that a pooler must let pass", async () => {
    const pooler = await aStrictPooler()
    await expect(checkDatabase("DATABASE_URL", pooler.url, ["statements"])).rejects.toThrow(
      /^DATABASE_URL: the pooler at 127.0.0.1:\d+\/lapse refuses .* set ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout/,
    )
    pooler.close()
  })

  it("names host and port, and no password, where no server answers", async () => {
    const url = "postgresql://lapse:secret@127.0.0.1:9/lapse"
    const refusal = await checkDatabase("DATABASE_URL", url, ["sessions"]).catch(
      (error: Error) => error.message,
    )
    expect(refusal).toMatch(/^DATABASE_URL: no PostgreSQL answers at 127.0.0.1:9\/lapse/)
    expect(refusal).not.toContain("secret")
  })
})

describe.skipIf(!findPgBouncer())("checkDatabase behind PgBouncer in transaction mode", () => {
  const place = makeFastDirectory()
  let postgres: EmbeddedPostgres
  beforeAll(async () => {
    const directory = path.join(place.path, "postgres")
    await copyTemplateCluster(directory)
    postgres = await startPostgres({ directory, durable: false })
  })
  afterAll(async () => {
    await postgres.stop()
    place.remove()
  })

  /**
   * Checks an address through a pooler with these settings; returns the warnings or the refusal.
   */
  async function saidBehind(
    settings: Record<string, string>,
    needs: Parameters<typeof checkDatabase>[2] = ["statements"],
    query = "",
  ): Promise<string[]> {
    const pooler = await startPgBouncer(postgres.url, settings)
    try {
      return await checkDatabase("DATABASE_URL", pooler.urlOf("lapse") + query, needs)
    } catch (error) {
      return [String(error instanceof Error ? error.message : error)]
    } finally {
      await pooler.stop()
    }
  }

  it.each(["1", "20"])("takes statements, with %s connections to the server", async (size) => {
    const [warning = ""] = await saidBehind({ default_pool_size: size })
    expect(warning).toContain("ALTER ROLE … SET statement_timeout = '5s';")
    expect(warning).toContain("SET idle_in_transaction_session_timeout = '10s';")
  })

  it("finds the limits of the role", async () => {
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query("ALTER ROLE lapse SET statement_timeout = '5s'")
    const [warning = ""] = await saidBehind({})
    await client.query("ALTER ROLE lapse SET idle_in_transaction_session_timeout = '10s'")
    const none = await saidBehind({})
    await client.query("ALTER ROLE lapse RESET ALL")
    await client.end()

    expect(warning).toContain("idle_in_transaction_session_timeout = '10s'")
    expect(warning).not.toContain("statement_timeout = '5s'")
    expect(none).toEqual([])
  })

  it.each(["1", "20"])("refuses it for jobs and locks, with %s connections", async (size) => {
    const [said] = await saidBehind({ default_pool_size: size }, ["sessions"])
    expect(said).toMatch(
      /^DATABASE_URL leads through a pooler in transaction mode, .* DATABASE_DIRECT_URL\.$/,
    )
  })

  it("refuses a server without ICU", async () => {
    const run = async (database: string, texts: string[]) => {
      const url = Object.assign(new URL(postgres.url), { pathname: `/${database}` })
      const client = new pg.Client({ connectionString: url.href })
      await client.connect()
      for (const text of texts) await client.query(text)
      await client.end()
      return url.href
    }
    await run("lapse", ["CREATE DATABASE bare TEMPLATE template0"])
    const without = "DELETE FROM pg_collation WHERE collprovider = 'i'"
    const url = await run("bare", ["SET allow_system_table_mods = on", without])
    await expect(checkDatabase("DATABASE_URL", url, ["sessions"])).rejects.toThrow(
      "DATABASE_URL leads to a PostgreSQL without ICU",
    )
  })

  it("takes a pooler in session mode for statements and sessions", async () => {
    const said = await saidBehind({ pool_mode: "session" }, ["statements", "sessions"])
    expect(said).toHaveLength(1)
  })

  it.each(["1", "20"])(
    "refuses one that knows no prepared statements, with %s connections",
    async (size) => {
      const settings = { max_prepared_statements: "0", default_pool_size: size }
      const [said] = await saidBehind(settings)
      expect(said).toMatch(
        /^DATABASE_URL leads .* PgBouncer 1\.21 or newer with max_prepared_statements = 200/,
      )
    },
  )

  it("refuses a pooler that changes the application name, by which claims are found", async () => {
    const [said] = await saidBehind({ application_name_add_host: "1" })
    expect(said).toMatch(/"lapse - 127\.0\.0\.1:\d+".* set application_name_add_host = 0/)
    const [ofAddress] = await saidBehind({}, ["statements"], "?application_name=ours")
    expect(ofAddress).toMatch(/^DATABASE_URL makes the name of the application "ours"/)
  })

  it("names the parameters that it must let pass", async () => {
    const [message] = await saidBehind({ ignore_startup_parameters: "extra_float_digits" })
    expect(message).toContain("set ignore_startup_parameters = statement_timeout,")
  })
})
