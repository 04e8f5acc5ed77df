import { setTimeout as sleep } from "node:timers/promises"

/** The key under which the protocol passes a reference to an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

type Element = { [ELEMENT]: string }

export type WebDriverSession = ReturnType<typeof sessionOf>

/**
 * Starts a browser by a W3C WebDriver server and returns its session. Waits until the server
 * answers, for at most 20 seconds.
 */
export async function startSession(server: string, capabilities: Record<string, unknown>) {
  await untilReady(server)
  const body = { capabilities: { alwaysMatch: capabilities } }
  const { sessionId } = await send<{ sessionId: string }>("POST", `${server}/session`, body)
  return sessionOf(`${server}/session/${sessionId}`)
}

function sessionOf(address: string) {
  const post = <Value>(path: string, body: object = {}) =>
    send<Value>("POST", `${address}${path}`, body)
  const find = (xpath: string) => post<Element>("/element", { using: "xpath", value: xpath })

  return {
    goto: (url: string) => post("/url", { url }),
    reload: () => post("/refresh"),
    url: () => send<string>("GET", `${address}/url`),
    /** Runs the body of a function in the page, with `arguments`, and returns its result. */
    evaluate: <Value>(script: string, ...args: unknown[]) =>
      post<Value>("/execute/sync", { script, args }),
    /** Clicks the first element that an XPath selects, by a real pointer, after scrolling to it. */
    async click(xpath: string) {
      const element = await find(xpath)
      await post(`/element/${element[ELEMENT]}/click`)
    },
    /** Types into a field, or chooses the files of these paths (one a line) in a file field. */
    async type(xpath: string, text: string) {
      const element = await find(xpath)
      await post(`/element/${element[ELEMENT]}/value`, { text })
    },
    /** A picture of the viewport, as PNG. */
    async screenshot() {
      return Buffer.from(await send<string>("GET", `${address}/screenshot`), "base64")
    },
    close: () => send("DELETE", address),
  }
}

async function untilReady(server: string) {
  const giveUpAt = Date.now() + 20_000
  for (;;) {
    try {
      const { ready } = await send<{ ready: boolean }>("GET", `${server}/status`)
      if (ready) return
    } catch (error) {
      if (Date.now() > giveUpAt) throw error
    }
    await sleep(100)
  }
}

async function send<Value>(method: string, url: string, body?: object): Promise<Value> {
  const headers = { "content-type": "application/json" }
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  const { value } = await answer.json()
  if (!answer.ok) throw new Error(`${value.error}: ${value.message} (${method} ${url})`)
  return value
}
