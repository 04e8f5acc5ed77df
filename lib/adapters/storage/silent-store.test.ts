import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import net from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import {
  abortMultipart,
  checkBucket,
  completeMultipart,
  createMultipart,
  deleteObject,
  headObject,
  listObjects,
} from "#lib/adapters/storage.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"
import { requireBucket } from "#server/checks/check-bucket.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { callApi } from "#testing/call-api.ts"
import { past } from "#testing/units.ts"
import { BUSY_MS, withStoreAt } from "#testing/with-outage.ts"
import { STORE_TIMEOUTS } from "./calls/store-timeouts.ts"

const complete = "POST /files/{id}/complete"

const real = { ...STORE_TIMEOUTS }
const factor = process.env.HEAVY ? 1 : 0.05
/** The time that a caller may wait for the store. */
const LIMIT_MS = 15_000 * factor + BUSY_MS
beforeAll(() => {
  for (const name of ["connect", "attempt", "total", "long", "resend"] as const)
    STORE_TIMEOUTS[name] *= factor
})
afterAll(() => void Object.assign(STORE_TIMEOUTS, real))

/** Runs `work` against a store that accepts connections and sends at most `head`. */
async function withSilentStore<Result>(head: string, work: () => Promise<Result>) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    if (head) socket.write(head)
  })
  const url = await listening(server)
  try {
    return await withStoreAt(work, url)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

async function withHttpStore<Result>(listener: RequestListener, work: () => Promise<Result>) {
  const server = createServer(listener)
  const url = await listening(server)
  try {
    return await withStoreAt(work, url)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function listening(server: net.Server) {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
}

async function settled(work: () => Promise<unknown>) {
  const since = performance.now()
  const reason = await work().then(
    () => null,
    (error: unknown) => error,
  )
  return { ms: performance.now() - since, reason }
}

const HEAD_ONLY = "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 500\r\n\r\n<"

describe("a store that accepts and never answers", () => {
  it("is an outage within 15 s including retries, for every request", async () => {
    const calls = [
      () => headObject("o/x"),
      () => deleteObject("o/x"),
      () => checkBucket(),
      () => listObjects("o/").next(),
      () => createMultipart("o/x", { contentType: "text/plain", checksums: true }),
      () => abortMultipart("o/x", "u"),
      () => completeMultipart("o/x", "u", []),
    ]
    for (const { ms, reason } of await withSilentStore("", () => Promise.all(calls.map(settled)))) {
      expect(outageOf(reason)).toBeRefusal("unavailable", {
        message: expect.stringContaining("storage"),
      })
      expect(ms).toBeLessThan(LIMIT_MS)
    }
  })

  it("is an outage also when it begins an answer and does not complete it", async () => {
    const list = () => listObjects("o/").next()
    const { ms, reason } = await withSilentStore(HEAD_ONLY, () => settled(list))
    expect(outageOf(reason)).toBeRefusal("unavailable")
    expect(ms).toBeLessThan(LIMIT_MS)
  })

  it("is a 503 of complete, a failed deletion that runs again, and a sentence at a start", async () => {
    const { owner, file, put } = await aStartedFile()
    await put()
    const doomed = await aDoomedObject()
    const finish = () => callApi(complete, { as: owner, id: file.id })
    await withSilentStore("", async () => {
      const since = performance.now()
      const [answer, deletion, start] = await Promise.all([
        finish(),
        settled(() => destroyObject(doomed.key)),
        settled(() => requireBucket(checkBucket, "lapse", "http://store.example")),
      ])
      expect(performance.now() - since).toBeLessThan(LIMIT_MS)
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ code: "unavailable" })
      expect(outageOf(deletion.reason)).toBeRefusal("unavailable")
      expect(start.reason).toMatchObject({
        name: "SetupError",
        message: expect.stringMatching(/^S3_ENDPOINT: no object store answers at http:\/\/store/),
      })
    })
    expect((await finish()).status).toBe(200)
  })
})

async function aDoomedObject() {
  const { file } = await aStartedFile()
  const [object] = await db.object.findMany({ where: { fileId: file.id } })
  if (!object) throw new Error("The file has no object.")
  return db.object.update({
    where: { key: object.key },
    data: { state: "doomed", doomedAt: past(), putExpiresAt: past() },
  })
}

describe("a store that needs minutes to assemble the parts of a huge file", () => {
  const done = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"

  /**
   * Answers everything but a completion like a store without conditional writes; a completion after
   * `ms`, or never.
   */
  const assembling = (ms: number[], asked: string[]): RequestListener => {
    return (request, response) => {
      if (request.method === "DELETE") return response.writeHead(204).end()
      if (!request.url?.includes("uploadId=huge")) return response.writeHead(501).end()
      asked.push(request.url)
      const wait = ms[asked.length - 1] ?? Number.POSITIVE_INFINITY
      if (wait < Number.POSITIVE_INFINITY) setTimeout(() => response.end(done), wait)
    }
  }
  const finish = () => completeMultipart("o/x", "huge", [])

  it("is asked once: no call waits longer than 15 s, and a later one gets the result", async () => {
    const asked: string[] = []
    const work = assembling([STORE_TIMEOUTS.total * 1.5], asked)
    await withHttpStore(work, async () => {
      const first = await Promise.all([settled(finish), settled(finish)])
      for (const { ms, reason } of first) {
        expect(ms).toBeLessThan(LIMIT_MS)
        expect(reason).toBeRefusal("unavailable", { retryAfterSeconds: 5 })
      }
      expect(await finish()).toBe(true)
      expect(asked).toHaveLength(1)
    })
  })

  it("is asked again by a retry after a minute, because the connection may be dead", async () => {
    const asked: string[] = []
    const work = assembling([Number.POSITIVE_INFINITY, 10], asked)
    await withHttpStore(work, async () => {
      const since = performance.now()
      expect(await settled(finish)).toMatchObject({ reason: { code: "unavailable" } })
      while (!(await finish().catch(() => false)));
      expect(performance.now() - since).toBeLessThan(STORE_TIMEOUTS.resend + LIMIT_MS)
      expect(asked).toHaveLength(2)
    })
  })
})
