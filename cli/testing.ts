import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import http from "node:http"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { vi } from "vitest"

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => unknown

/**
 * An HTTP server in place of an installation, which answers as JSON what `answer` returns, and a
 * folder for the state of commands. `answer` may also write the answer by itself.
 */
export async function anInstallation(answer: Handler) {
  const folder = await mkdtemp(path.join(tmpdir(), "lapse-command-"))
  const asked: string[] = []
  let always: { status: number; body: unknown } | null = null
  const server = http.createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (always) {
      response.writeHead(always.status, { "Content-Type": "application/problem+json" })
      return response.end(JSON.stringify(always.body))
    }
    const value = await answer(request, response)
    if (value === undefined) return
    response.setHeader("Content-Type", "application/json")
    response.end(JSON.stringify(value))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const at = server.address()
  const url = `http://127.0.0.1:${typeof at === "object" ? at?.port : ""}`
  const said = { out: "", err: "" }
  const keep = (stream: "out" | "err") => (text: string | Uint8Array) => {
    said[stream] += Buffer.from(text).toString()
    return true
  }
  vi.stubEnv("XDG_STATE_HOME", path.join(folder, "state"))
  vi.stubEnv("XDG_CONFIG_HOME", path.join(folder, "config"))
  vi.stubEnv("LAPSE_URL", url)
  vi.stubEnv("LAPSE_TOKEN", "lapse_token")
  vi.spyOn(process.stdout, "write").mockImplementation(keep("out"))
  vi.spyOn(process.stderr, "write").mockImplementation(keep("err"))
  return {
    url,
    folder,
    /** The calls that came, such as "GET /api/v1/me". */
    asked,
    said,
    /** Answers every call with this from now on. */
    answerWith(status: number, body: unknown) {
      always = { status, body }
    },
    /** Ends all connections and takes no more. */
    stop() {
      server.close()
      server.closeAllConnections()
    },
    async remove() {
      vi.restoreAllMocks()
      vi.unstubAllEnvs()
      vi.useRealTimers()
      server.close()
      server.closeAllConnections()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits for a promise while time passes a hundred times faster. Returns what it gave or threw. */
export async function fasterTime<Value>(begin: () => Promise<Value>) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] })
  const startedAt = Date.now()
  let isOver = false
  const ended = begin()
    .catch((error: unknown) => error)
    .finally(() => {
      isOver = true
    })
  while (!isOver) {
    await vi.advanceTimersByTimeAsync(1_000)
    // Answers and files take real time.
    await sleep(10)
  }
  return { result: await ended, seconds: (Date.now() - startedAt) / 1_000 }
}
