import { afterEach, describe, expect, it, vi } from "vitest"
import { browserTransport } from "./browser-transport.ts"

const noAnswer = { ok: false, status: 0, message: null, retryAfterSeconds: null }

/** Everything the uploader asks the app that needs an answer. */
const CALLS = {
  start: () => {
    const source = { name: "a", path: "", contentType: "", body: new Blob(["four"]) }
    return browserTransport.start(source, { fingerprint: null, sha256: null })
  },
  sign: () => browserTransport.sign("id"),
  signParts: () => browserTransport.signParts("id", [{ partNumber: 1, sha256: null }]),
  listParts: () => browserTransport.listParts("id"),
  listUnfinished: () => browserTransport.listUnfinished(),
  finish: () => browserTransport.finish("id", null),
}

describe("a call of the app", () => {
  afterEach(() => vi.unstubAllGlobals())

  const answering = (answer: () => Response) =>
    vi.stubGlobal("fetch", async () => {
      return answer()
    })

  it.each(Object.entries(CALLS))("takes nobody else's answer for the app's: %s", async (_, ask) => {
    const foreign = [
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
    for (const answer of foreign) {
      answering(answer)
      expect(await ask()).toEqual(noAnswer)
    }
  })

  it("passes on the app's own sentence and when to come again, and no other's", async () => {
    const headers = { "Content-Type": "application/problem+json", "Retry-After": "7" }
    answering(() => Response.json({ title: "Too many." }, { status: 429, headers }))
    const refused = { ok: false, status: 429, message: "Too many.", retryAfterSeconds: 7 }
    expect(await CALLS.sign()).toEqual(refused)

    answering(() => new Response("<h1>Bad Gateway</h1>", { status: 502 }))
    expect(await CALLS.sign()).toEqual({ ...noAnswer, status: 502 })
  })

  it("hands out what the app says", async () => {
    const upload = { method: "put", url: "https://store/1", headers: {} }
    answering(() => Response.json({ upload }))
    expect(await CALLS.sign()).toEqual({ ok: true, value: upload })
  })
})
