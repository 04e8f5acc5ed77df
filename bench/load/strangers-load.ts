import net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

/** Clients of one kind, which repeat their request when it was answered or dropped. */
export type Strangers = {
  count: number
  from: string
  port: number
  request: string
  /** Whether each asks only once. */
  once?: true
  /** The pause before the next request. */
  pauseMs?: number
}

// A separate process: many clients at once, with one address of 127.0.0.0/8 for each kind.
process.on("message", async (kinds: Strangers[]) => {
  const all = kinds.flatMap((kind) => Array.from({ length: kind.count }, () => keepAsking(kind)))
  process.send?.("begun")
  await Promise.all(all)
})

async function keepAsking({ port, from, request, once, pauseMs = 100 }: Strangers) {
  do {
    await askOnce({ port, host: "127.0.0.1", localAddress: from }, request)
    await sleep(pauseMs)
  } while (!once)
}

/** Resolves when the server has closed the connection or answered something. */
function askOnce(place: net.TcpNetConnectOpts, request: string) {
  return new Promise<void>((resolve) => {
    const socket = net.connect(place, () => socket.write(request, "latin1"))
    socket.once("error", () => {})
    socket.once("close", () => resolve())
    socket.on("data", (bytes) => {
      // The next request has its own connection, so there is no need to wait for the end of the
      // answer.
      if (bytes.includes("\r\n\r\n")) socket.destroySoon()
    })
  })
}
