import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { afterEach, describe, expect, it } from "vitest"
import { renderingDocuments, sayStatus, sendCookie } from "./document-status.ts"

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** Sends a request to a server that renders its pages with this function. */
async function ask(
  render: RequestListener,
  path = "/",
  headers: Record<string, string> = {},
  method = "GET",
) {
  const server = createServer(
    renderingDocuments(async (request, response) => void (await render(request, response))),
  )
  stops.push(() => server.close())
  await once(server.listen(0, "127.0.0.1"), "listening")
  const address = server.address()
  const port = typeof address === "object" ? address?.port : 0
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, method })
  return {
    status: answer.status,
    retryAfter: answer.headers.get("retry-after"),
    cookies: answer.headers.getSetCookie(),
    body: await answer.text(),
  }
}

const tick = () => new Promise((resolve) => setImmediate(resolve))

describe("sayStatus", () => {
  it("sets the status of the document that is being rendered, however deep the call is", async () => {
    const answer = await ask(async (_request, response) => {
      await tick()
      await Promise.all([tick().then(() => sayStatus(429, 7))])
      response.end("Later")
    })

    expect(answer).toMatchObject({ status: 429, retryAfter: "7", body: "Later" })
  })

  it("keeps documents that are rendered at the same time apart", async () => {
    const render: RequestListener = async ({ url }, response) => {
      await tick()
      if (url === "/gone") sayStatus(410)
      await tick()
      response.end()
    }

    const answers = await Promise.all(["/gone", "/", "/gone"].map((path) => ask(render, path)))
    expect(answers.map(({ status }) => status)).toEqual([410, 200, 410])
  })

  it("leaves the router's own fetches at 200, because it would load the page again", async () => {
    const render: RequestListener = (_request, response) => {
      sayStatus(404)
      response.end()
    }

    expect(await ask(render)).toMatchObject({ status: 404 })
    expect(await ask(render, "/?_rsc=1")).toMatchObject({ status: 200 })
    expect(await ask(render, "/", { rsc: "1" })).toMatchObject({ status: 200 })
  })

  it("does nothing once the headers were sent, nor outside of a document", async () => {
    const answer = await ask((_request, response) => {
      response.writeHead(200).write("begun")
      sayStatus(404)
      response.end()
    })

    expect(answer.status).toBe(200)
    expect(() => sayStatus(404)).not.toThrow()
  })
})

describe("sendCookie", () => {
  it("sets a cookie with the document that is being rendered", async () => {
    const answer = await ask(async (_request, response) => {
      await tick()
      sendCookie("typed=; Path=/sign-in; Max-Age=0; HttpOnly")
      response.end()
    })

    expect(answer.cookies).toEqual(["typed=; Path=/sign-in; Max-Age=0; HttpOnly"])
  })
})
