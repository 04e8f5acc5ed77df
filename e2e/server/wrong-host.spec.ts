import http from "node:http"
import { expect, test } from "../fixtures.ts"

/** Sends a request with any Host header, which Node's fetch cannot. */
function ask(url: string, host: string, headers = {}) {
  const { hostname, port, pathname } = new URL(url)
  return new Promise<{
    status: number | undefined
    headers: http.IncomingHttpHeaders
    body: string
  }>((resolve, reject) => {
    const options = { hostname, port, path: pathname, headers: { ...headers, host } }
    http
      .get(options, (response) => {
        let body = ""
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text
        })
        response.on("end", () =>
          resolve({ status: response.statusCode, headers: response.headers, body }),
        )
      })
      .on("error", reject)
  })
}

test("a request with another host name gets the right address and no cookie", async ({
  installation,
  owner,
}) => {
  const share = await owner.share("survey.pdf")
  const { pathname } = new URL(share.url)
  const { url } = installation

  for (const path of ["/", "/sign-in", pathname]) {
    const answer = await ask(url + path, "evil.example", { accept: "text/html" })
    expect(answer.status, path).toBe(421)
    expect(answer.body).toContain(`href="${url}${path}"`)
    expect(answer.headers["set-cookie"]).toBeUndefined()
  }
  const api = await ask(`${url}/api/v1/me`, "evil.example")
  expect([api.status, JSON.parse(api.body).code]).toEqual([421, "wrong_host"])
  expect(await owner.readShare(share.id)).toMatchObject({ views: 0 })

  const forwarded = { "x-forwarded-host": "evil.example", accept: "text/html" }
  const own = await ask(`${url}/sign-in`, new URL(url).host, forwarded)
  expect(own.status).toBe(200)
  expect(own.body).not.toContain("evil.example")
})
