import net from "node:net"
import { percentile } from "../figures.ts"

/** The placeholder in a request for the signed id of a new visit, different each time. */
export const NEW_VISIT = "{visit}"

/**
 * A job of the load generator: it cycles through `requests`, each the bytes of one HTTP request.
 */
export type Load = {
  port: number
  requests: string[]
  connections: number
  seconds: number
  /** The status of every correct answer; another one is an error. */
  status?: string
  /** Ends when each request was sent once. */
  once?: boolean
  /**
   * An open loop: this many requests a second are due, evenly, whatever the server does. Their
   * times count from when they were due, so that a slow server does not look better.
   */
  perSecond?: number
}

export type LoadResult = {
  perSecond: number
  answered: number
  /** The first complete answer, head and body as they were sent, one character per byte. */
  sample: string
  /** The answers by status, with the times from the request to the complete answer. */
  times: Record<string, Times>
}

export type Times = { count: number; p50Ms: number; p99Ms: number; longestMs: number }

// A separate process with keep-alive connections on loopback, one request after another on each. It
// does as little as possible per answer, because it shares the cores with the measured server.
process.on("message", async (load: Load) => {
  process.send?.(await drive(load))
})

async function drive(load: Load): Promise<LoadResult> {
  const { port, requests, connections, seconds, once = false, perSecond } = load
  const visits = requests.some((each) => each.includes(NEW_VISIT))
    ? await newVisits(seconds * (perSecond ?? CLOSED_PER_SECOND))
    : null
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
  const times: Record<string, number[]> = {}
  const due = perSecond === undefined ? null : dueTimes(perSecond)
  const sample: Buffer[] = []
  let sampling = true
  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1000

  const connection = (_: unknown, index: number) =>
    new Promise<void>((resolve, reject) => {
      let sentAt = 0
      const read = answerReader((status) => {
        times[status] ??= []
        times[status].push(performance.now() - sentAt)
        if (index === 0) sampling = false
        done += 1
        ask()
      })
      const socket = net.connect({
        port,
        host: "127.0.0.1",
        // The server allows one address at most half of all connections.
        localAddress: `127.0.0.${2 + (index % 8)}`,
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
        if (!due) return void socket.write(nth(next++), "latin1")
        due.take((dueAt) => {
          if (dueAt === null) return ask()
          sentAt = dueAt
          socket.write(nth(next++), "latin1")
        })
      }
      socket.once("connect", ask)
      socket.once("error", reject)
      socket.once("close", () => reject(new Error("the server closed a connection")))
    })

  const ended = Promise.all(Array.from({ length: connections }, connection))
  due?.begin(endAt)
  await ended
  return {
    perSecond: done / ((performance.now() - startedAt) / 1000),
    answered: done,
    sample: Buffer.concat(sample).toString("latin1"),
    times: Object.fromEntries(
      Object.entries(times).map(([status, each]) => [status, timesOf(each)]),
    ),
  }
}

/** A rate above the capacity of any server here. */
const CLOSED_PER_SECOND = 25_000

async function newVisits(count: number) {
  const { newVisitId, signVisit } = await import("#lib/rooms/claims/visitor/visitor-cookies.ts")
  return Array.from({ length: Math.ceil(count) + 1 }, () => signVisit(newVisitId()))
}

/** Assigns each time at which a request is due to one connection, as soon as one is free. */
function dueTimes(perSecond: number) {
  const free: ((dueAt: number | null) => void)[] = []
  let nextAt = Number.POSITIVE_INFINITY
  let endsAt = 0
  const hand = () => {
    const now = performance.now()
    while (nextAt <= now && nextAt < endsAt) {
      const take = free.shift()
      if (!take) return
      const dueAt = nextAt
      nextAt += 1000 / perSecond
      take(dueAt)
    }
    if (now >= endsAt) for (const take of free.splice(0)) take(null)
  }
  return {
    begin(endAt: number) {
      nextAt = performance.now()
      endsAt = endAt
      const timer = setInterval(hand, 1)
      setTimeout(() => clearInterval(timer), endAt - nextAt + 1000)
    },
    take(use: (dueAt: number | null) => void) {
      free.push(use)
      hand()
    },
  }
}

function timesOf(all: number[]): Times {
  return {
    count: all.length,
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    longestMs: percentile(all, 1),
  }
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
