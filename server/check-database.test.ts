import { once } from "node:events"
import { createServer } from "node:net"
import { describe, expect, it } from "vitest"
import { DB_TIMEOUTS } from "#lib/db-timeouts.ts"
import { checkDatabase } from "./check-database.ts"

/** A pooler that refuses parameters, like PgBouncer without ignore_startup_parameters. */
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
    await expect(checkDatabase("DATABASE_URL", pooler.url, DB_TIMEOUTS)).rejects.toThrow(
      /^DATABASE_URL: the pooler at 127.0.0.1:\d+\/lapse refuses .* set ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout/,
    )
    pooler.close()
  })

  it("names host and port, and no password, where no server answers", async () => {
    const url = "postgresql://lapse:secret@127.0.0.1:9/lapse"
    const refusal = await checkDatabase("DATABASE_URL", url).catch((error: Error) => error.message)
    expect(refusal).toMatch(/^DATABASE_URL: no PostgreSQL answers at 127.0.0.1:9\/lapse/)
    expect(refusal).not.toContain("secret")
  })
})
