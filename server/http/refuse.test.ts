import { once } from "node:events"
import { type IncomingHttpHeaders, request as send } from "node:http"
import net from "node:net"
import { afterEach, describe, expect, test, vi } from "vitest"
import { LOCALES } from "#lib/adapters/text/languages.ts"
import { readServerConfiguration as readConfiguration } from "#server/configuration/derive-configuration.ts"
import { createHttpServer } from "./http-server.ts"

const opened: ReturnType<typeof createHttpServer>[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()))
})

type Answer = { status: number | undefined; headers: IncomingHttpHeaders; body: string }
type Asked = { method?: string; headers?: Record<string, string>; body?: string }

const HTML = { accept: "text/html,*/*;q=0.8" }

/** A server that is starting, or one whose visitor pages all fail. */
async function aServer({ isMounted = true } = {}) {
  const port = await freePort()
  const http = createHttpServer(readConfiguration({ PORT: String(port), HOST: "127.0.0.1" }), {
    dev: false,
  })
  await http.listen()
  opened.push(http)
  const fail = async () => {
    throw new Error("a bug")
  }
  if (isMounted) {
    http.mount({
      visitor: { answer: fail, serveAsset: () => false },
      next: fail,
      storeOrigin: "http://localhost:9999",
      hasSession: async () => false,
      findMemberId: async () => null,
      findCall: () => undefined,
      routeOf: () => "other",
    })
  }
  return (path: string, { method = "GET", headers = {}, body }: Asked = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const host = `localhost:${port}`
      const request = send({
        host: "127.0.0.1",
        port,
        path,
        method,
        headers: { host, ...headers },
        agent: false,
      })
      request.once("error", reject).once("response", async (response) => {
        let text = ""
        for await (const chunk of response) text += chunk
        resolve({ status: response.statusCode, headers: response.headers, body: text })
      })
      request.end(body)
    })
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address ? address.port : 0
}

const language = (locale: string) => ({ ...HTML, "accept-language": locale })

describe("a page of the server itself", () => {
  test("is in the stranger's language, with its direction", async () => {
    const ask = await aServer()
    for (const [locale, heading] of [
      ["de", "Nicht gefunden."],
      ["ar", "لم يُعثر على شيء."],
      ["ja", "見つかりません。"],
      ["sv", "Not found."],
    ] as const) {
      const { status, headers, body } = await ask("/s/..", { headers: language(locale) })
      const known = LOCALES.find((each) => each === locale) ?? "en"
      expect(status).toBe(404)
      expect(body).toContain(`<html lang="${known}" dir="${locale === "ar" ? "rtl" : "ltr"}">`)
      expect(body).toContain(`<h1>${heading}</h1>`)
      expect(headers).toMatchObject({
        "content-language": known,
        vary: "Accept, Accept-Language, Cookie",
        "cache-control": "no-store",
      })
    }
  })

  test("says that Lapse is starting, and loads again", async () => {
    const ask = await aServer({ isMounted: false })
    const page = await ask("/s/x", { headers: language("fr") })
    expect([page.status, page.headers.refresh, page.headers["retry-after"]]).toEqual([
      503,
      "2",
      "2",
    ])
    expect(page.body).toContain("<h1>Lapse démarre.</h1>")
    const call = await ask("/api/v1/me")
    expect([call.status, JSON.parse(call.body)]).toEqual([
      503,
      expect.objectContaining({ code: "starting" }),
    ])
  })

  test("leads from a wrong host to the right one, and keeps the path", async () => {
    const ask = await aServer()
    const headers = { ...language("de"), host: "evil.example" }
    const { status, body } = await ask('/s/x?a="<b>', { headers })
    expect(status).toBe(421)
    expect(body).toMatch(/<a dir="ltr" href="http:\/\/localhost:\d+\/s\/x\?a=&#34;&#60;b&#62;">/)
    expect(body).toContain("Dieses Lapse ist unter ")
  })

  test("answers a method that is not known here, a body that is too large, and a failure", async () => {
    const ask = await aServer()
    const put = await ask("/s/x", { method: "PUT", headers: language("es") })
    expect([put.status, put.headers.allow]).toEqual([405, "GET, HEAD, POST"])
    expect(put.body).toContain("Esta dirección no admite ese método.")

    const error = vi.spyOn(console, "error").mockImplementation(() => {})
    const failed = await ask("/s/x", { headers: language("pt-BR") })
    expect([failed.status, error.mock.calls.length]).toEqual([500, 1])
    expect(failed.body).toContain("<h1>Algo deu errado do nosso lado.</h1>")
    error.mockRestore()

    const large = await ask("/api/auth/callback/credentials", {
      method: "POST",
      headers: { ...language("zh-CN"), "content-type": "application/x-www-form-urlencoded" },
      body: "x".repeat(20_000),
    })
    expect(large.status).toBe(413)
    expect(large.body).toContain("<h1>此请求过大。</h1>")
  })

  test("speaks the language that a visitor chose", async () => {
    const ask = await aServer()
    const kept = { ...language("de"), cookie: "a=b; lapse-language=ja" }
    expect((await ask("/s/..", { headers: kept })).headers["content-language"]).toBe("ja")
    expect((await ask("/s/..?lang=ar", { headers: kept })).headers["content-language"]).toBe("ar")
    const other = { ...language("de"), cookie: "not-lapse-language=ja" }
    expect((await ask("/s/..", { headers: other })).headers["content-language"]).toBe("de")
  })
})

test("the members' API answers in English whatever a browser prefers", async () => {
  const ask = await aServer()
  for (const headers of [{ "accept-language": "de" }, language("de")]) {
    const { status, body } = await ask("/api/v1/%00", { headers })
    expect([status, body]).toEqual([404, expect.stringContaining("Not found.")])
  }
})

test("any other client gets problem details, in the language it asks for", async () => {
  const ask = await aServer()
  const problem = async (headers: Record<string, string>) =>
    JSON.parse((await ask("/s/..", { headers })).body)
  expect(await problem({})).toEqual({
    type: "about:blank",
    code: "not_found",
    title: "Not found.",
    status: 404,
  })
  expect((await problem({ "accept-language": "de" })).title).toBe("Nicht gefunden.")
})
