import { once } from "node:events"
import { createServer } from "node:http"
import { afterEach, expect, it, vi } from "vitest"
import { findProvider, GOOGLE, timeParameter } from "./provider.ts"

afterEach(() => vi.useRealTimers())

/** A provider that counts the requests for its discovery document. */
async function aProvider() {
  let [asked, isAway] = [0, true]
  const server = createServer((_request, response) => {
    asked += 1
    const body = {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
    }
    response.writeHead(isAway ? 503 : 200).end(JSON.stringify(body))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || !address) throw new Error("it does not listen")
  const issuer = `http://localhost:${address.port}`
  return {
    issuer,
    asked: () => asked,
    comeBack() {
      isAway = false
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

it("a provider that is away is asked once in ten seconds, however many sign in, and one that answers once in five minutes", async () => {
  const provider = await aProvider()
  const findMany = () =>
    Promise.allSettled(Array.from({ length: 20 }, () => findProvider(provider.issuer)))
  const states = async () => new Set((await findMany()).map(({ status }) => status))

  expect(await states()).toEqual(new Set(["rejected"]))
  provider.comeBack()
  expect(await states()).toEqual(new Set(["rejected"]))
  expect(provider.asked()).toBe(1)

  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11_000 })
  expect(await states()).toEqual(new Set(["fulfilled"]))
  vi.setSystemTime(Date.now() + 290_000)
  expect(await states()).toEqual(new Set(["fulfilled"]))
  expect(provider.asked()).toBe(2)

  vi.setSystemTime(Date.now() + 20_000)
  expect(await states()).toEqual(new Set(["fulfilled"]))
  expect(provider.asked()).toBe(3)
  provider.close()
})

it.each([
  [GOOGLE, undefined, true],
  ["https://login.example.org", true, true],
  ["https://login.example.org", false, false],
  ["https://login.example.org", undefined, false],
])("%s with claims_parameter_supported %s is asked for the time: %s", (issuer, says, asks) => {
  const provider = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: [],
    ...(says !== undefined && { claims_parameter_supported: says }),
  }
  expect("claims" in timeParameter(provider)).toBe(asks)
})
