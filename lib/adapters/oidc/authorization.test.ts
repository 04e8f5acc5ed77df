import { once } from "node:events"
import { createServer, type ServerResponse } from "node:http"
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { CLIENT } from "#testing/provider/identity-provider.ts"
import { withProvider } from "#testing/provider/with-provider.ts"
import { beginAuthorization, endAuthorization } from "./authorization.ts"

type Answer = (response: ServerResponse, authorization: string) => unknown

const json =
  (status: number, body: object, headers = {}) =>
  (response: ServerResponse) =>
    response
      .writeHead(status, { "Content-Type": "application/json", ...headers })
      .end(JSON.stringify(body))

/** A provider whose token endpoint and userinfo answer as a test wants. */
async function aProvider() {
  const { privateKey, publicKey } = await generateKeyPair("RS256")
  const answers: Record<string, Answer> = {}
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""]
    if (answer) answer(response, request.headers.authorization ?? "")
    else response.writeHead(404).end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const issuer = `http://localhost:${typeof address === "object" ? address?.port : 0}`
  answers["/.well-known/openid-configuration"] = json(200, {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
  })
  answers["/jwks"] = json(200, { keys: [{ ...(await exportJWK(publicKey)), alg: "RS256" }] })
  return { issuer, answers, privateKey, close: () => server.close() }
}

let provider: Awaited<ReturnType<typeof aProvider>>
beforeAll(async () => {
  provider = await aProvider()
})
afterAll(() => provider.close())
const set = withProvider()
beforeEach(() => set({ OIDC_ISSUER: provider.issuer }))

async function begun() {
  const { authorization } = await beginAuthorization({})
  const end = () =>
    endAuthorization(
      new URLSearchParams({ code: "a-code", state: authorization.state }),
      authorization,
    )
  const claims = { iss: provider.issuer, sub: "nora", aud: CLIENT.id, nonce: authorization.nonce }
  const answers = (idToken: string) => {
    const tokens = { access_token: "a-token", token_type: "Bearer", id_token: idToken }
    provider.answers["/token"] = json(200, tokens)
  }
  return { end, claims, answers }
}

describe("an answer of the token endpoint", () => {
  it.each<[string, string, Answer]>([
    ["a fault", "down", (response) => response.writeHead(503).end("<h1>Gateway</h1>")],
    ["too many requests", "down", json(429, { error: "slow_down" })],
    ["a fault in words", "down", json(400, { error: "server_error" })],
    ["a code that was used before", "expired", json(400, { error: "invalid_grant" })],
    ["a wrong secret", "answer", json(401, { error: "invalid_client" })],
    ["a challenge", "answer", json(401, {}, { "WWW-Authenticate": 'Basic realm="provider"' })],
    ["a page", "answer", (response) => response.writeHead(200).end("<h1>Sign in</h1>")],
    ["another page", "answer", (response) => response.writeHead(302, { Location: "/" }).end()],
    ["no token", "answer", json(200, { access_token: "a-token", token_type: "Bearer" })],
    ["a closed connection", "away", (response) => response.destroy()],
    [
      "a connection that breaks",
      "away",
      (response) => {
        const headers = { "Content-Type": "application/json", "Content-Length": "100" }
        response.writeHead(200, headers).write("{")
        setTimeout(() => response.destroy(), 50)
      },
    ],
  ])("that is %s is %s", async (_what, code, answer) => {
    const { end } = await begun()
    provider.answers["/token"] = answer
    await expect(end()).rejects.toMatchObject({ name: "ProviderProblem", code })
  })

  it.runIf(process.env.HEAVY)("that is lost is an outage", { timeout: 15_000 }, async () => {
    const { end } = await begun()
    provider.answers["/token"] = () => {}
    await expect(end()).rejects.toMatchObject({ name: "ProviderProblem", code: "away" })
  })

  it("is accepted only if signed with the provider’s key, whichever algorithms it names", async () => {
    const { end, claims, answers } = await begun()
    const unsigned = new UnsecuredJWT(claims).setIssuedAt().setExpirationTime("1m").encode()
    const sign = (alg: string, key: Parameters<SignJWT["sign"]>[0]) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg })
        .setIssuedAt()
        .setExpirationTime("1m")
        .sign(key)
    const bySecret = await sign("HS256", new TextEncoder().encode(CLIENT.secret))
    const byOther = await sign("RS256", (await generateKeyPair("RS256")).privateKey)

    for (const token of [unsigned, bySecret, byOther]) {
      answers(token)
      await expect(end()).rejects.toMatchObject({ name: "ProviderProblem", code: "answer" })
    }
    answers(await sign("RS256", provider.privateKey))
    expect((await end()).claims).toMatchObject(claims)
  })
})

it("the client shows its secret in the form that providers take, decoded or not", async () => {
  set({ OIDC_CLIENT_ID: "lapse-2.example_org", OIDC_CLIENT_SECRET: "a-b_c.d e:f" })
  const { end } = await begun()
  let shown = ""
  provider.answers["/token"] = (response, authorization) => {
    shown = atob(authorization.replace("Basic ", ""))
    response.writeHead(503).end()
  }
  await expect(end()).rejects.toMatchObject({ code: "down" })
  expect(shown).toBe("lapse-2.example_org:a-b_c.d+e%3Af")
})

describe("userinfo", () => {
  it("of another subject is refused, and that of the same one is not", async () => {
    const { end, claims, answers } = await begun()
    const token = new SignJWT(claims).setProtectedHeader({ alg: "RS256" }).setIssuedAt()
    answers(await token.setExpirationTime("1m").sign(provider.privateKey))
    const { askUserinfo } = await end()

    provider.answers["/userinfo"] = json(200, { sub: "eve", groups: ["staff"] })
    await expect(askUserinfo()).rejects.toMatchObject({ name: "ProviderProblem", code: "answer" })
    provider.answers["/userinfo"] = (response) => response.writeHead(503).end()
    await expect(askUserinfo()).rejects.toMatchObject({ name: "ProviderProblem", code: "down" })
    provider.answers["/userinfo"] = json(200, { sub: "nora", groups: ["staff"] })
    expect(await askUserinfo()).toMatchObject({ groups: ["staff"] })
  })
})
