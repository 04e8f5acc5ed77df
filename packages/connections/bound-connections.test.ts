import { once } from "node:events"
import type { RequestListener } from "node:http"
import net from "node:net"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import type { ConnectionBounds } from "./bound-connections.ts"
import { createBoundServer } from "./create-bound-server.ts"
import { ADDRESSES, askFrom, holdConnections, UNFINISHED } from "./testing.ts"

async function aServer(bounds: ConnectionBounds, listener: RequestListener = answerAtOnce) {
  const server = createBoundServer({}, bounds, { request: listener, checkContinue: listener })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port: typeof address === "object" && address ? address.port : 0 }
}

const answerAtOnce: RequestListener = (_request, response) => response.end("here")

async function hold(port: number, from: string, count: number, bytes: string) {
  const held = await holdConnections({ port, from, count, bytes })
  onTestFinished(held.close)
  return held
}

const WHOLE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

describe.runIf(ADDRESSES)("bounded connections:", () => {
  it.each(Object.entries(UNFINISHED))(
    "one address that leaves each with an unfinished %s keeps half of them, the newest",
    async (_kind, bytes) => {
      const { server, port } = await aServer({ most: 100 })
      const held = await hold(port, "127.0.0.2", 130, bytes)

      await vi.waitFor(() => expect(held.open()).toBe(50), 10_000)
      const closed = held.sockets.map((socket) => socket.closed)
      expect(closed).toEqual(held.sockets.map((_, n) => n < 80))
      expect(await askFrom("127.0.0.3", port)).toBe(200)
      expect(await askFrom("127.0.0.2", port)).toBe(200)
      expect(server.listening).toBe(true)
    },
  )

  it("many addresses that together hold all leave room for others, and lose their oldest", async () => {
    const { port } = await aServer({ most: 128 })
    for (let n = 0; n < 20; n++) await hold(port, `127.0.1.${n + 1}`, 8, UNFINISHED.silence)

    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, n) => askFrom(`127.0.2.${n + 1}`, port)),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(20)
  })

  it("addresses that reconnect whenever they are closed keep no new client out", async () => {
    const { port } = await aServer({ most: 64 })
    let isOver = false
    onTestFinished(() => {
      isOver = true
    })
    const comeBack = (from: string) => {
      if (isOver) return
      const socket = net.connect({ port, host: "127.0.0.1", localAddress: from })
      socket.on("error", () => {}).resume()
      socket.once("close", () => setTimeout(comeBack, 20, from))
      onTestFinished(() => void socket.destroy())
    }
    for (let n = 0; n < 80; n++) comeBack(`127.0.1.${n % 4}`)
    await vi.waitFor(async () => expect(await askFrom("127.0.0.3", port)).toBe(200), 10_000)

    let served = 0
    for (let n = 0; n < 60; n++) if ((await askFrom("127.0.0.3", port)) === 200) served += 1
    expect(served).toBeGreaterThanOrEqual(57)
  })

  it("one whose request is being answered is never closed, however old it is", async () => {
    const answers: (() => void)[] = []
    const { port } = await aServer({ most: 40 }, (request, response) => {
      request.resume()
      answers.push(() => response.end("late"))
    })
    const asking = await hold(port, "127.0.0.2", 15, WHOLE)
    const post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    const posting = await hold(port, "127.0.0.2", 4, post)
    await vi.waitFor(() => expect(answers).toHaveLength(19), 10_000)
    const silent = await hold(port, "127.0.0.2", 60, UNFINISHED.silence)
    for (let n = 0; n < 4; n++) await hold(port, `127.0.1.${n}`, 20, UNFINISHED.silence)

    await vi.waitFor(() => expect(silent.open()).toBeLessThanOrEqual(1), 10_000)
    expect(asking.open() + posting.open()).toBe(19)
    for (const answer of answers) answer()
    const [first] = asking.sockets
    expect(String(first && (await once(first, "data"))[0])).toContain("200 OK")
  })

  it("one that waits for its next request is closed before younger ones of its address", async () => {
    const { port } = await aServer({ most: 20 })
    const idle = await hold(port, "127.0.0.2", 5, WHOLE)
    await Promise.all(idle.sockets.map((socket) => once(socket, "data")))
    const silent = await hold(port, "127.0.0.2", 8, UNFINISHED.silence)

    await vi.waitFor(() => expect(idle.open()).toBe(2), 10_000)
    expect(silent.open()).toBe(8)
  })

  it("a body that keeps arriving stays open where another stalls at its address", async () => {
    const { port } = await aServer({ most: 20 }, (request) => request.resume())
    const head = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"
    const moving = await hold(port, "127.0.0.2", 5, head)
    const stalled = await hold(port, "127.0.0.2", 5, head)
    const sending = setInterval(() => {
      for (const socket of moving.sockets) socket.write(Buffer.alloc(1024))
    }, 50)
    onTestFinished(() => clearInterval(sending))
    await new Promise((resolve) => setTimeout(resolve, 200))

    for (let n = 0; n < 5; n++) await hold(port, "127.0.0.2", 5, UNFINISHED.silence)
    await vi.waitFor(() => expect(stalled.open()).toBe(0), 10_000)
    expect(moving.open()).toBe(5)
  })

  it("a trusted proxy may have more than half, and connections of others are closed first", async () => {
    const { port } = await aServer({ most: 40, isProxy: (address) => address === "127.0.0.9" })
    const proxy = await hold(port, "127.0.0.9", 26, WHOLE)
    const held = await hold(port, "127.0.0.2", 12, UNFINISHED.silence)

    await vi.waitFor(() => expect(held.open()).toBeLessThan(12), 10_000)
    expect(proxy.open()).toBe(26)
    const more = await hold(port, "127.0.0.9", 30, WHOLE)
    await vi.waitFor(() => expect(proxy.open()).toBeLessThan(26), 10_000)
    expect(more.open()).toBeGreaterThan(20)
  })

  it("forgets closed connections", async () => {
    const { port } = await aServer({ most: 20 })
    for (let n = 0; n < 20; n++) {
      const held = await hold(port, "127.0.0.2", 9, UNFINISHED.silence)
      expect(held.open()).toBe(9)
      await Promise.all(held.sockets.map((socket) => once(socket.destroy(), "close")))
      await vi.waitFor(async () => expect(await askFrom("127.0.0.3", port)).toBe(200), 10_000)
    }
  })
})
