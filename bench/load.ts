import net from "node:net"

/** What the load generator is told, and what it answers. */
export type Load = { port: number; requests: string[]; connections: number; seconds: number }
export type Loaded = { perSecond: number; statuses: Record<string, number>; sample: string }

// A process of its own: keep-alive connections on loopback, one request after another on each,
// as little work per answer as possible, so that what is measured is the server.
process.on("message", async (load: Load) => {
  process.send?.(await drive(load))
})

async function drive({ port, requests, connections, seconds }: Load): Promise<Loaded> {
  const statuses: Record<string, number> = {}
  const bytes = requests.map((request) => Buffer.from(request, "latin1"))
  let next = 0
  let sample = ""
  let done = 0
  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1000

  const connection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect({ port, host: "127.0.0.1", noDelay: true })
      let text = ""
      const ask = () => {
        if (performance.now() >= endAt) {
          socket.end()
          return resolve()
        }
        socket.write(bytes[next++ % bytes.length] ?? "")
      }
      socket.setEncoding("latin1")
      socket.once("connect", ask)
      socket.once("error", reject)
      socket.once("close", () => reject(new Error("the server closed a connection")))
      socket.on("data", (chunk: string) => {
        text += chunk
        const head = text.indexOf("\r\n\r\n")
        if (head < 0) return
        const status = text.slice(9, 12)
        const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? "0"
        if (text.length < head + 4 + Number(length)) return
        statuses[status] = (statuses[status] ?? 0) + 1
        done += 1
        sample ||= text
        text = ""
        ask()
      })
    })

  await Promise.all(Array.from({ length: connections }, connection))
  return { perSecond: done / ((performance.now() - startedAt) / 1000), statuses, sample }
}
