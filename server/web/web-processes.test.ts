import { get } from "node:http"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { readServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { createHttpServer } from "#server/http/http-server.ts"
import { createSharedPort } from "#server/processes/shared-port.ts"
import type { Started } from "#server/processes/shutdown.ts"
import { startWebProcesses } from "./web-processes.ts"

const program = path.join(import.meta.dirname, "../../testing/children/web-child.ts")
const MOUNTING = { build: null, embedsDatabase: false, embedsStore: false, commit: null }

/** A main process that answers, and its web processes, which are not mounted yet. */
async function aMain(count: number) {
  const settings = { ...readServerConfiguration({ HOST: "127.0.0.1" }), port: 0 } // a free port
  const http = createHttpServer(settings, { dev: false })
  await http.listen()
  const address = http.server.address()
  const port = typeof address === "object" && address ? address.port : 0
  const shared = createSharedPort(http.server)
  const said: string[] = []
  const started: Started = async (_part, stop) => {
    onTestFinished(async () => {
      shared.close()
      await http.close()
      await stop()
    })
  }
  const say = (sentence: string) => said.push(sentence)
  const { mount } = await startWebProcesses({ count, port: shared, say, started, program })
  return { port, said, mount: () => mount(MOUNTING) }
}

/** Asks on a new connection who answers: "main", a process id, or the code of an error. */
function ask(port: number, path = "/") {
  return new Promise<string>((resolve) => {
    const request = get({ host: "127.0.0.1", port, path, agent: false }, async (response) => {
      const text = String(await response.toArray().catch(() => "ECONNRESET"))
      resolve(response.statusCode === 503 ? "main" : text)
    })
    request.once("error", (error) => resolve("code" in error ? String(error.code) : "error"))
  })
}

/** Asks continuously; the returned function stops that and returns who answered. */
function askAllTheTime(port: number) {
  const answers = new Map<string, number>()
  let isOver = false
  const asking = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const answer = await ask(port)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
    }
  })
  return async () => {
    isOver = true
    await Promise.all(asking)
    return answers
  }
}

const restarts = async () => (await metrics().webRestarts.get()).values[0]?.value ?? 0

describe("web processes", () => {
  it("take the port from the main process, and no connection is refused or breaks", async () => {
    const { port, mount } = await aMain(2)
    const stop = askAllTheTime(port)
    await vi.waitFor(async () => expect(await ask(port)).toBe("main"), 10_000)
    await mount()
    await sleep(100)
    for (let n = 0; n < 20; n++) expect(await ask(port)).toMatch(/^\d+$/)

    const answers = [...(await stop()).keys()]
    expect(answers.filter((answer) => !/^(main|\d+)$/.test(answer))).toEqual([])
    expect(answers.length).toBeGreaterThan(1)
  })

  it("that are killed, or run out of memory, are started again, and the main process answers meanwhile", async () => {
    const { port, said, mount } = await aMain(1)
    await mount()
    const before = await restarts()
    const stop = askAllTheTime(port)
    const first = Number(await ask(port))
    process.kill(first, "SIGKILL")
    await vi.waitFor(async () => expect(await ask(port)).toMatch(/^\d+$/), 10_000)
    expect(await ask(port, "/abort")).toBe("ECONNRESET")
    await vi.waitFor(async () => expect(await ask(port)).toMatch(/^\d+$/), 10_000)

    const answers = [...(await stop()).keys()]
    expect(answers.filter((answer) => !/^(main|\d+|ECONNRESET)$/.test(answer))).toEqual([])
    expect(answers.filter((answer) => /^\d+$/.test(answer))).toHaveLength(3)
    expect(answers).toContain("main")
    expect(said).toEqual(Array(2).fill("Web process 1 stopped unexpectedly and is started again"))
    expect((await restarts()) - before).toBe(2)
  })

  it("leave the connections of a killed one to the other, not to the main process", async () => {
    const { port, mount } = await aMain(2)
    await mount()
    const pids = new Set<string>()
    while (pids.size < 2) pids.add(await ask(port))
    const stop = askAllTheTime(port)
    process.kill(Number([...pids][0]), "SIGKILL")
    await vi.waitFor(async () => expect(pids).not.toContain(await ask(port)), 10_000)

    const answers = [...(await stop()).keys()]
    expect(answers.filter((answer) => !/^(\d+|ECONNRESET)$/.test(answer))).toEqual([])
  })

  it("that end at every start are started less and less often, and the main process answers", async () => {
    const { port, said, mount } = await aMain(1)
    await mount()
    const before = await restarts()
    vi.stubEnv("WEB_CHILD_FAILS", "1")
    onTestFinished(() => void vi.unstubAllEnvs())
    const pid = Number(await ask(port))
    const killedAt = performance.now()
    process.kill(pid, "SIGKILL")
    await vi.waitFor(async () => expect(await ask(port)).toBe("main"), 10_000)
    await sleep(1_500)

    expect(await ask(port)).toBe("main")
    const tries = (await restarts()) - before
    expect(tries).toBeGreaterThan(0)
    // The waits between them are 0.2, 0.4, 0.6 … seconds.
    expect(100 * tries * (tries - 1)).toBeLessThanOrEqual(performance.now() - killedAt)
    expect(said).toHaveLength(1)
    vi.unstubAllEnvs()
    await vi.waitFor(async () => expect(await ask(port)).toMatch(/^\d+$/), 10_000)
  })

  it("that cannot start the first time end the start with a sentence", async () => {
    vi.stubEnv("WEB_CHILD_FAILS", "1")
    onTestFinished(() => void vi.unstubAllEnvs())
    const { mount } = await aMain(1)
    await expect(mount()).rejects.toThrow("Web process 1 did not start: it ended with 3.")
  })
})
