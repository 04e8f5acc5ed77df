import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { log } from "#lib/adapters/monitoring/log.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { callApi } from "#testing/call-api.ts"
import { VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { BUSY_MS, throughProxy } from "#testing/with-outage.ts"
import { createVisitor } from "#visitor/answer.ts"
import type { VisitorRequest } from "#visitor/exchange.ts"
import { GET as askHealth } from "./health/route.ts"

const listShares = "GET /shares"

const visit = createVisitor(VISITOR_ASSETS)

const visitorRequest = (method: string, path: string): VisitorRequest => ({
  method,
  path,
  query: new URLSearchParams(),
  header: (name) => (name === "accept" ? "text/html" : undefined),
  clientAddress: "192.0.2.7",
  nonce: "nonce",
  storeOrigin: "",
  readBody: async () => "",
  isGone: () => false,
})

const warn = vi.spyOn(log, "warn")
beforeAll(() => void warn.mockClear())
afterAll(() => warn.mockRestore())

it("a frozen database means a 503 within ten seconds everywhere, and a few lines in the log", async () => {
  await throughProxy(async (proxy, seconds) => {
    const [link, owner] = [await aLink(), await aMember()]
    const page = `/s/${link.token}`
    const asks: (() => Promise<{ status: number }>)[] = [
      () => visit(visitorRequest("GET", page)),
      () => visit(visitorRequest("POST", `${page}/d/${link.fileId}`)),
      () => visit(visitorRequest("GET", `${page}/state`)),
      () => callApi(listShares, { as: owner }),
      () => askHealth(),
    ]
    const timed = async (ask: () => Promise<{ status: number }>) => {
      const since = performance.now()
      return { status: (await ask()).status, ms: performance.now() - since }
    }
    for (const ask of asks) expect((await ask()).status).toBeLessThan(400)
    proxy.freeze()

    const answers = await Promise.all(Array.from({ length: 20 }, () => asks.map(timed)).flat())

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503))
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(seconds(10) + BUSY_MS)
    proxy.thaw()
    for (const ask of asks) expect((await ask()).status).toBeLessThan(400)
    expect(warn.mock.calls.length).toBeLessThan(6)
  })
})
