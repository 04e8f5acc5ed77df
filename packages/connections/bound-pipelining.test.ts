import { once } from "node:events"
import { IncomingMessage, type RequestListener } from "node:http"
import net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it, onTestFinished } from "vitest"
import { createBoundServer } from "./create-bound-server.ts"

const FLOOD = 2_000

/** A server that counts the requests that its parser creates, and records their URLs. */
async function aServer(listener: RequestListener) {
  const seen = { parsed: 0, asked: [] as (string | undefined)[] }
  class Counted extends IncomingMessage {
    constructor(socket: net.Socket) {
      super(socket)
      seen.parsed += 1
    }
  }
  const request: RequestListener = (request, response) => {
    seen.asked.push(request.url)
    listener(request, response)
  }
  const server = createBoundServer(
    { IncomingMessage: Counted },
    {},
    { request, checkContinue: request },
  )
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { seen, port: typeof address === "object" && address ? address.port : 0 }
}

/** A raw connection. `closed` resolves when the server has closed it. */
function connect(port: number) {
  const socket = net.connect(port, "127.0.0.1").on("error", () => {})
  onTestFinished(() => void socket.destroy())
  let text = ""
  const read = () =>
    socket.on("data", (bytes) => {
      text += bytes
    })
  const closed = new Promise((resolve) => socket.once("close", resolve))
  return { socket, read, received: () => text, closed }
}

const head = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const never: RequestListener = (request) => void request.resume()
const atOnce: RequestListener = (request, response) => response.end(`<${request.url}>`)
const whole: RequestListener = (request, response) => {
  let bytes = 0
  request.on("error", () => {})
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length
  })
  request.once("end", () => response.end(`<${request.url} ${bytes}>`))
}

describe("requests that are sent without waiting for answers", () => {
  it("are answered in their order while they are eight, and a ninth ends the connection", async () => {
    const { seen, port } = await aServer((request, response) =>
      setTimeout(() => atOnce(request, response), 20),
    )
    const { socket, read, received, closed } = connect(port)
    read()
    for (const round of [1, 2]) {
      socket.write(Array.from({ length: 8 }, (_, n) => head(`/${round}${n}`)).join(""))
      await expect.poll(() => received().match(/<.*?>/g)?.length).toBe(8 * round)
    }
    socket.write(Array.from({ length: 9 }, (_, n) => head(`/3${n}`)).join(""))
    await closed

    // Nothing of the third round reached the listener.
    expect(received().match(/<.*?>/g)).toEqual(seen.asked.map((url) => `<${url}>`))
    expect(seen.asked).toHaveLength(16)
    expect(seen.parsed).toBe(24)
  })

  it.each<[string, string]>([
    ["of the usual kind", head("/")],
    ["without a Host, which Node refuses itself", "GET / HTTP/1.1\r\n\r\n"],
    ["with an Expect that Node refuses itself", head("/", "Expect: x\r\n")],
    ["with bodies", post("/", "{}")],
    ["with bodies of blank lines", post("/", "\r\n\r\n".repeat(300))],
    [
      "in the last bytes of unfinished pieces of bodies",
      `${post("/", "\r\n")}${"GET / HTTP/1.1\r\n\r\n".repeat(55)}`,
    ],
  ])("%s end the connection before most of them are parsed", async (_kind, request) => {
    for (const listener of [never, atOnce, whole]) {
      const { seen, port } = await aServer(listener)
      const { socket, closed } = connect(port)
      socket.resume()
      const flood = Buffer.from(request.repeat(FLOOD)).subarray(0, 400_000)
      socket.write(flood)
      await closed

      expect(seen.parsed).toBeLessThanOrEqual(80)
      expect(seen.asked).toEqual([])
    }
  })

  it("behind an answer that is not read end the connection, however much of them is kept", async () => {
    for (const behind of [
      head("/"),
      `${post("/", "\r\n")}${"GET / HTTP/1.1\r\n\r\n".repeat(55)}`,
    ]) {
      const { seen, port } = await aServer((_request, response) => {
        response.end(Buffer.alloc(16 * 1024 * 1024))
      })
      const { socket, closed } = connect(port)
      socket.pause()
      socket.write(head("/large"))
      await expect.poll(() => seen.parsed).toBe(1)
      // The second request makes Node pause the socket.
      for (let n = 0; n < 200 && !socket.destroyed; n++) {
        socket.write(behind)
        await sleep(1)
      }
      socket.resume()
      await closed

      expect(seen.parsed).toBeLessThanOrEqual(80)
    }
  })

  it("reach their listener whole, in pieces of any length and with blank lines in bodies", async () => {
    const { port } = await aServer(whole)
    const { socket, read, received } = connect(port)
    read()
    const lines = "\r\n\r\n".repeat(20_000)
    socket.write(post("/lines", lines))
    await expect.poll(received).toContain(`</lines ${lines.length}>`)
    const chunked = head("/chunked", "Transfer-Encoding: chunked\r\n").replace("GET", "POST")
    socket.write(`${chunked}4\r\n\r\n\r\n\r\n0\r\n\r\n${head("/next")}`)
    await expect.poll(received).toContain("</next 0>")
    expect(received()).toContain("</chunked 4>")
    for (const byte of post("/slow", "a\r\n\r\nb")) {
      socket.write(byte)
      await sleep(1)
    }
    await expect.poll(received).toContain("</slow 6>")
    expect(socket.destroyed).toBe(false)
  })
})
