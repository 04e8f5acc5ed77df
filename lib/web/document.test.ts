import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { afterEach, describe, expect, it } from "vitest"
import {
  beginAction,
  dropCookie,
  renderingDocuments,
  sayStatus,
  sayUnreadableAction,
} from "./document.ts"

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** Asks a server whose pages are rendered by this. */
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
    expect(await ask(render, "/", { "next-action": "1" })).toMatchObject({ status: 200 })
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

describe("dropCookie", () => {
  it("removes a cookie of a path with the document that is being rendered", async () => {
    const answer = await ask(async (_request, response) => {
      await tick()
      dropCookie("typed", "/sign-in")
      response.end()
    })

    expect(answer.cookies).toEqual(["typed=; Path=/sign-in; Max-Age=0; HttpOnly"])
  })
})

describe("sayUnreadableAction", () => {
  const said: boolean[] = []
  afterEach(() => void said.splice(0))

  /** Next's answer to an error, which may come before or after the action has begun. */
  const failing = (begins: boolean): RequestListener => {
    return async (_request, response) => {
      await tick()
      if (begins) beginAction()
      said.push(sayUnreadableAction())
      response.writeHead(500).end("a bug")
    }
  }

  it("answers 400 where an action's arguments were never read", async () => {
    for (const headers of [
      { "next-action": "7f" },
      { "next-action": "7f", rsc: "1" },
      { "content-type": "multipart/form-data; boundary=x" },
    ]) {
      const answer = await ask(failing(false), "/", headers, "POST")
      expect(answer.status).toBe(400)
      expect(answer.body).toContain("<h1>The form could not be read.</h1>")
    }
    expect(said).toEqual([true, true, true])
  })

  it("leaves a bug of an action, and of what is no action, an error of ours", async () => {
    const bug = { status: 500, body: "a bug" }

    expect(await ask(failing(true), "/", { "next-action": "7f" }, "POST")).toMatchObject(bug)
    expect(await ask(failing(false), "/", {}, "POST")).toMatchObject(bug)
    expect(await ask(failing(false), "/", { "next-action": "7f" })).toMatchObject(bug)
    expect(said).toEqual([false, false, false])
  })
})
