import { afterEach, describe, expect, it, vi } from "vitest"
import { createBrowserTransport } from "./browser-transport.ts"

const transport = createBrowserTransport("/files")

const noAnswer = { ok: false, status: 0, message: null, retryAfterSeconds: null }

/** Every call of the app that needs an answer. */
const CALLS = {
  start: () => {
    const source = { name: "a", path: "", contentType: "", body: new Blob(["four"]) }
    return transport.start([
      { source, digests: { fingerprint: null, sha256: null }, replaces: null },
    ])
  },
  renew: () => transport.renew("id"),
  signParts: () => transport.signParts("id", [{ partNumber: 1, sha256: null }]),
  listParts: () => transport.listParts("id"),
  listUnfinished: () => transport.listUnfinished(),
  finish: () => transport.finish("id", null),
}

describe("a call of the app", () => {
  afterEach(() => vi.unstubAllGlobals())

  const answering = (answer: () => Response) =>
    vi.stubGlobal("fetch", async () => {
      return answer()
    })

  it.each(Object.entries(CALLS))(
    "does not take another server's answer for the app's: %s",
    async (_, ask) => {
      const foreignAnswers = [
        () => new Response(""),
        () => new Response(null, { status: 204 }),
        () => new Response("<h1>Welcome to our network</h1>"),
        () => Response.json({}),
        () => Response.json(null),
        () => Response.json("ok"),
        () => Response.error(),
        () => {
          throw new TypeError("Failed to fetch")
        },
      ]
      for (const answer of foreignAnswers) {
        answering(answer)
        expect(await ask()).toEqual(noAnswer)
      }
    },
  )

  it("returns the app's own sentence and its Retry-After, and no other server's sentence", async () => {
    const headers = { "Content-Type": "application/problem+json", "Retry-After": "7" }
    answering(() => Response.json({ title: "Too many." }, { status: 429, headers }))
    const refused = { ok: false, status: 429, message: "Too many.", retryAfterSeconds: 7 }
    expect(await CALLS.renew()).toEqual(refused)

    answering(() => new Response("<h1>Bad Gateway</h1>", { status: 502 }))
    expect(await CALLS.renew()).toEqual({ ...noAnswer, status: 502 })
  })

  it("returns what the app answers", async () => {
    const upload = { method: "put", url: "https://store/1", headers: {} }
    answering(() => Response.json({ upload }))
    expect(await CALLS.renew()).toEqual({ ok: true, value: upload })
  })
})
