import net from "node:net"

/** In a request: the signed id of a new visit, another one each time it is sent. */
export const NEW_VISIT = "{visit}"

/** What the load generator does: `requests` in turn, each as the bytes of one HTTP request. */
export type Load = {
  port: number
  requests: string[]
  connections: number
  seconds: number
  /** Ends when each request was sent once. */
  once?: boolean
}

export type LoadResult = {
  perSecond: number
  /** Answers by status. */
  statuses: Record<string, number>
  /** The first answer whole, head and body as they were sent, one character per byte. */
  sample: string
  /** Processor time of the generator itself, for one answer. */
  ownMicroseconds: number
  /** From the request to the whole answer, in milliseconds: one in a hundred took longer. */
  p99Ms: number
}

// A separate process: keep-alive connections on loopback, one request after another on each. It
// does as little as possible per answer: it shares the cores with the server that is measured.
process.on("message", async (load: Load) => {
  process.send?.(await drive(load))
})

async function drive(load: Load): Promise<LoadResult> {
  const { port, requests, connections, seconds, once = false } = load
  const statuses: Record<string, number> = {}
  const visits = requests.some((each) => each.includes(NEW_VISIT)) ? await newVisits(seconds) : null
  const bytes = requests.map((request) => Buffer.from(request, "latin1"))
  const nth = (n: number) => {
    const index = n % requests.length
    const visit = visits?.[n]
    if (!visits) return bytes[index] ?? ""
    if (visit === undefined) throw new Error("More was answered than visits were signed.")
    return requests[index]?.replace(NEW_VISIT, visit) ?? ""
  }
  let next = 0
  let done = 0
  const times: number[] = []
  const sample: Buffer[] = []
  let sampling = true
  const usageBefore = process.cpuUsage()
  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1000

  const connection = (_: unknown, index: number) =>
    new Promise<void>((resolve, reject) => {
      let sentAt = 0
      const read = answerReader((status) => {
        times.push(performance.now() - sentAt)
        if (index === 0) sampling = false
        statuses[status] = (statuses[status] ?? 0) + 1
        done += 1
        ask()
      })
      const socket = net.connect({
        port,
        host: "127.0.0.1",
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafe(64 * 1024),
          callback: (length, buffer) => {
            const part = Buffer.from(buffer.buffer, buffer.byteOffset, length)
            if (index === 0 && sampling) sample.push(Buffer.from(part))
            read(part)
            return true
          },
        },
      })
      const ask = () => {
        sentAt = performance.now()
        if (sentAt >= endAt || (once && next >= requests.length)) {
          socket.end()
          return resolve()
        }
        socket.write(nth(next++), "latin1")
      }
      socket.once("connect", ask)
      socket.once("error", reject)
      socket.once("close", () => reject(new Error("the server closed a connection")))
    })

  await Promise.all(Array.from({ length: connections }, connection))
  const { user, system } = process.cpuUsage(usageBefore)
  return {
    perSecond: done / ((performance.now() - startedAt) / 1000),
    statuses,
    sample: Buffer.concat(sample).toString("latin1"),
    ownMicroseconds: (user + system) / done,
    p99Ms: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0,
  }
}

/** More than can be answered in so many seconds. */
async function newVisits(seconds: number) {
  const { newVisitId, signVisit } = await import("#lib/claims/visitor-cookies.ts")
  return Array.from({ length: Math.ceil(seconds * 25_000) }, () => signVisit(newVisitId()))
}

/**
 * Reads the answers of one connection, by Content-Length or chunks (RFC 9112), and calls `onAnswer`
 * when one is complete. Skips the body without copying it. An answer without either has no body.
 */
function answerReader(onAnswer: (status: string) => void) {
  let kept: Buffer | undefined
  let status = ""
  let place: "head" | "body" | "chunk size" | "chunk" | "last chunk" = "head"
  let left = 0

  const complete = () => {
    place = "head"
    onAnswer(status)
  }

  return (received: Buffer) => {
    const bytes = kept ? Buffer.concat([kept, received]) : received
    kept = undefined
    let at = 0
    while (at < bytes.length) {
      if (place === "head" || place === "chunk size") {
        const mark = place === "head" ? "\r\n\r\n" : "\r\n"
        const end = bytes.indexOf(mark, at, "latin1")
        if (end < 0) {
          kept = Buffer.from(bytes.subarray(at))
          return
        }
        const text = bytes.toString("latin1", at, end)
        at = end + mark.length
        if (place === "chunk size") {
          const size = Number.parseInt(text, 16)
          place = size === 0 ? "last chunk" : "chunk"
          left = size + 2 // and its line break
          continue
        }
        status = text.slice(9, 12)
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0)
        if (/\r\ntransfer-encoding: chunked/i.test(text)) place = "chunk size"
        else if (length === 0) complete()
        else {
          place = "body"
          left = length
        }
        continue
      }
      const here = Math.min(left, bytes.length - at)
      at += here
      left -= here
      if (left > 0) return
      if (place === "chunk") place = "chunk size"
      else complete()
    }
  }
}
