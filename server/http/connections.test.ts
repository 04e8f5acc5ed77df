import { describe, expect, it, onTestFinished, vi } from "vitest"
import { ADDRESSES, askFrom, holdConnections, UNFINISHED } from "#packages/connections/testing.ts"
import { readServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { createHttpServer } from "./http-server.ts"

// With HEAVY=1, the full number takes eight thousand file descriptors and some seconds.
const MOST = process.env.HEAVY ? 4_096 : 410
const HELD = MOST + 200
const NEWCOMERS = process.env.HEAVY ? 157 : 40

/** A server that reads the body of every request to a link. */
async function aServer() {
  const settings = { ...readServerConfiguration({ HOST: "127.0.0.1" }), port: 0 } // a free port
  const http = createHttpServer(settings, {
    dev: false,
    ...(!process.env.HEAVY && { connections: MOST }),
  })
  http.mount({
    visitor: {
      serveAsset: () => false,
      answer: async (request) => {
        await request.readBody(1_000)
        return { status: 200, headers: [], body: "" }
      },
    },
    next: async (_request, response) => void response.end(),
    storeOrigin: "http://localhost:9999",
    hasSession: async () => false,
    findMemberId: async () => null,
    findCall: () => undefined,
    routeOf: () => "other",
  })
  await http.listen()
  onTestFinished(() => http.close())
  const address = http.server.address()
  return { port: typeof address === "object" && address ? address.port : 0 }
}

describe.runIf(ADDRESSES)(`one address that holds ${HELD} connections of Lapse`, () => {
  it.each(Object.entries(UNFINISHED))(
    "by an unfinished %s keeps no newcomer out",
    async (_kind, bytes) => {
      const { port } = await aServer()
      const held = await holdConnections({ port, from: "127.0.0.2", count: HELD, bytes })
      onTestFinished(held.close)

      const statuses = await Promise.all(
        Array.from({ length: NEWCOMERS }, () => askFrom("127.0.0.3", port, "/api/live")),
      )
      const served = statuses.filter((status) => status === 204).length
      expect(served).toBeGreaterThanOrEqual(0.95 * NEWCOMERS)
      await vi.waitFor(() => expect(held.open()).toBeLessThanOrEqual(MOST / 2), 10_000)
    },
  )
})
