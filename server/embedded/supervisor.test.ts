import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { afterEach, describe, expect, it, vi } from "vitest"
import { SetupError } from "#lib/adapters/errors.ts"
import { type SupervisedServer, type Supervisor, supervise } from "./supervisor.ts"

const SERVES = "process.stdout.write('ready'); setInterval(() => {}, 1000)"
const FAILS = "console.error('no room'); process.exit(3)"

const supervisors: Supervisor[] = []
afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((supervisor) => supervisor.stop()))
})

/** A server whose nth start runs the nth program; the last program runs for every later start. */
async function aServer(programs: string[], options: Partial<SupervisedServer> = {}) {
  const children: ChildProcess[] = []
  const onGivenUp = vi.fn()
  const supervisor = await supervise({
    name: "The server",
    spawn() {
      const program = programs[Math.min(children.length, programs.length - 1)] ?? ""
      const child = spawn(process.execPath, ["-e", program])
      children.push(child)
      return child
    },
    async untilReady({ stdout }) {
      if (stdout) await once(stdout, "data")
    },
    reasonOf: (output, end) => `${output.trim()} (${end})`,
    restarts: 3,
    stop: { signal: "SIGTERM", graceMs: 200, killSignal: "SIGKILL" },
    say: () => {},
    onGivenUp,
    ...options,
  })
  supervisors.push(supervisor)
  return { supervisor, children, onGivenUp }
}

describe("supervise", () => {
  it("says why a server did not start, with its last output", async () => {
    await expect(aServer([FAILS])).rejects.toThrow(
      new SetupError("The server did not start: no room (3)"),
    )
  })

  it("says that a program cannot be run", async () => {
    const missing = () => spawn("/no/such/program")

    await expect(aServer([], { spawn: missing })).rejects.toThrow(SetupError)
  })

  it("starts a server again that ends unexpectedly, also when the first attempt fails", async () => {
    const { supervisor, children, onGivenUp } = await aServer([SERVES, FAILS, SERVES])
    const first = supervisor.pid()

    children[0]?.kill("SIGKILL")

    await vi.waitFor(() => expect(children).toHaveLength(3), 10_000)
    expect(supervisor.pid()).toBe(children[2]?.pid)
    expect(supervisor.pid()).not.toBe(first)
    expect(onGivenUp).not.toHaveBeenCalled()
  })

  it("gives up after its number of attempts in a row, with the reason of the last", async () => {
    const { children, onGivenUp } = await aServer([SERVES, FAILS])

    children[0]?.kill("SIGKILL")

    await vi.waitFor(() => expect(onGivenUp).toHaveBeenCalledOnce(), 10_000)
    expect(onGivenUp).toHaveBeenCalledWith(new SetupError("The server did not start: no room (3)"))
    expect(children).toHaveLength(1 + 3)
  })

  const waitsFor = (output: string) => (output.includes("no room") ? "There is no room" : null)

  it("waits longer each time for a server that ends soon after it has started", async () => {
    const startedAt: number[] = []
    const ends = "process.stdout.write('ready'); setTimeout(() => process.exit(1), 50)"
    const { children, onGivenUp } = await aServer([], {
      restarts: 1,
      spawn() {
        startedAt.push(performance.now())
        return spawn(process.execPath, ["-e", ends])
      },
    })

    await vi.waitFor(() => expect(startedAt.length).toBeGreaterThan(4), 15_000)
    const [, second = 0, third = 0, fourth = 0, fifth = 0] = startedAt
    expect(third - second).toBeGreaterThan(200)
    expect(fourth - third).toBeGreaterThan(800)
    expect(fifth - fourth).toBeGreaterThan(1_800)
    expect(onGivenUp).not.toHaveBeenCalled() // it does start
    expect(children).toEqual([])
  })

  it("never gives up a server that waits for room, and says so once a minute", async () => {
    const say = vi.fn()
    const programs = [SERVES, ...Array.from({ length: 6 }, () => FAILS), SERVES]
    const options = { restarts: 2, waitsFor, waitMs: 10, say }
    const { supervisor, children, onGivenUp } = await aServer(programs, options)

    children[0]?.kill("SIGKILL")

    await vi.waitFor(() => expect(children).toHaveLength(8), 10_000)
    await vi.waitFor(() => expect(supervisor.pid()).toBe(children[7]?.pid), 10_000)
    expect(onGivenUp).not.toHaveBeenCalled()
    expect(say.mock.calls.filter(([line]) => line === "There is no room")).toHaveLength(1)
  })

  it("waits for room at the first start too", async () => {
    const { children } = await aServer([FAILS, FAILS, SERVES], { waitsFor, waitMs: 10 })
    expect(children).toHaveLength(3)
  })

  it("stops a server that waits for room, and starts it no more", async () => {
    const { supervisor, children } = await aServer([SERVES, FAILS], { waitsFor, waitMs: 50 })
    children[0]?.kill("SIGKILL")
    await vi.waitFor(() => expect(children.length).toBeGreaterThan(2), 10_000)

    await supervisor.stop()
    const count = children.length
    await new Promise((resolve) => setTimeout(resolve, 200))

    expect(children).toHaveLength(count)
  })

  it("stops a server for good, and kills one that does not end in time", async () => {
    const stubborn = `process.on('SIGTERM', () => {}); ${SERVES}`
    const { supervisor, children, onGivenUp } = await aServer([stubborn])

    await supervisor.stop()
    await supervisor.stop()

    expect(children[0]?.signalCode).toBe("SIGKILL")
    expect(children).toHaveLength(1)
    expect(onGivenUp).not.toHaveBeenCalled()
  })

  it("stops a server that is being started again", async () => {
    const { supervisor, children, onGivenUp } = await aServer([
      SERVES,
      "setInterval(() => {}, 1000)",
    ])
    children[0]?.kill("SIGKILL")
    await vi.waitFor(() => expect(children).toHaveLength(2), 10_000)

    await supervisor.stop()

    expect(children[1]?.signalCode).toBe("SIGTERM")
    expect(children).toHaveLength(2)
    expect(onGivenUp).not.toHaveBeenCalled()
  })
})
