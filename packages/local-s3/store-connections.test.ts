import { afterEach, describe, expect, it, vi } from "vitest"
import { ADDRESSES, askFrom, holdConnections, UNFINISHED } from "../connections/testing.ts"
import { aStore } from "./testing.ts"

// With HEAVY=1, the full number takes eight thousand file descriptors and some seconds.
const MOST = process.env.HEAVY ? 4_096 : 410
const HELD = MOST + 200
const NEWCOMERS = process.env.HEAVY ? 157 : 40

let store: Awaited<ReturnType<typeof aStore>> | undefined
afterEach(() => store?.close())

describe.runIf(ADDRESSES)(`one address that holds ${HELD} connections of the store`, () => {
  it.each(Object.entries(UNFINISHED))(
    "by an unfinished %s keeps no newcomer out",
    async (_kind, bytes) => {
      store = await aStore(process.env.HEAVY ? {} : { connections: { most: MOST } })
      const port = Number(new URL(store.url).port)
      const held = await holdConnections({ port, from: "127.0.0.2", count: HELD, bytes })

      const statuses = await Promise.all(
        Array.from({ length: NEWCOMERS }, () => askFrom("127.0.0.3", port)),
      )
      const answered = statuses.filter((status) => status === 403).length // they are not signed
      expect(answered).toBeGreaterThanOrEqual(0.95 * NEWCOMERS)
      await vi.waitFor(() => expect(held.open()).toBeLessThanOrEqual(MOST / 2), 10_000)
      held.close() // otherwise the store would wait for their bodies
    },
  )
})
