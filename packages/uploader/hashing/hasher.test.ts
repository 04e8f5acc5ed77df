import { createHash, randomBytes } from "node:crypto"
import { describe, expect, it, vi } from "vitest"
import { sha256 } from "../../transfer/sha256.ts"
import { createHashScheduler, type HashRequest, type HashResult } from "./hash-scheduler.ts"
import { createHasher } from "./hasher.ts"

const MIB = 1024 ** 2
const never = new AbortController().signal
const expected = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

/** A worker whose results the test sends. */
function aWorker() {
  const requests: HashRequest[] = []
  const target = new EventTarget()
  const worker: Worker = Object.assign(target, {
    onmessage: null,
    onmessageerror: null,
    onerror: null,
    postMessage: (request: HashRequest) => void requests.push(request),
    terminate: vi.fn(),
  })
  return {
    worker,
    requests,
    answer: (data: HashResult) => target.dispatchEvent(new MessageEvent("message", { data })),
    fail: () => target.dispatchEvent(new Event("error")),
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

describe("sha256", () => {
  it.each([0, 1, 64 * 1024, 4 * MIB, 4 * MIB + 1, 16 * MIB, 16 * MIB + 1, 33 * MIB])(
    "is right for %d bytes",
    async (size) => {
      const bytes = randomBytes(size)
      expect(await sha256(new Blob([bytes]))).toBe(expected(bytes))
    },
  )

  it("is right on plain http, where the browser has no SHA-256 of its own", async () => {
    const subtle = vi.spyOn(crypto, "subtle", "get").mockReturnValue(undefined as never)
    const bytes = randomBytes(9 * MIB)

    expect(await sha256(new Blob([bytes]))).toBe(expected(bytes))
    expect(subtle).toHaveBeenCalled()
    subtle.mockRestore()
  })

  it("never has more than 16 MiB of a file in memory", async () => {
    const body = new Blob([new Uint8Array(40 * MIB)])
    const asked: number[] = []
    const slice = body.slice.bind(body)
    body.slice = (start = 0, end = 0) => {
      asked.push(end - start)
      return slice(start, end)
    }
    await sha256(body)

    expect(Math.max(...asked)).toBeLessThanOrEqual(16 * MIB)
    expect(asked.length).toBeGreaterThan(2)
  })

  it("throws when the file can no longer be read", async () => {
    const body = new Blob([new Uint8Array(20 * MIB)])
    const slice = body.slice.bind(body)
    body.slice = (start = 0, end = 0) => {
      const part = slice(start, end)
      if (start >= 16 * MIB) part.arrayBuffer = () => Promise.reject(new DOMException("changed"))
      return part
    }
    await expect(sha256(body)).rejects.toThrow("changed")
  })

  it("stops when the signal aborts", async () => {
    const stop = new AbortController()
    stop.abort()
    await expect(
      sha256(new Blob([new Uint8Array(20 * MIB)]), { stop: stop.signal }),
    ).rejects.toThrow()
  })
})

describe("the hasher", () => {
  it("has one worker for all requests", async () => {
    const { worker, requests, answer } = aWorker()
    const make = vi.fn(() => worker)
    const hasher = createHasher(make)
    const whole = hasher.whole(new Blob(["1"]), never)
    const part = hasher.part(new Blob(["p"]))
    await turn()
    expect(requests).toMatchObject([
      { id: 1, kind: "whole" },
      { id: 1, kind: "rest" },
      { id: 2, kind: "part", whole: null },
    ])

    answer({ id: 2, sha256: "of part" })
    answer({ id: 1, sha256: "of whole" })

    expect(await Promise.all([whole, part])).toEqual(["of whole", "of part"])
    expect(make).toHaveBeenCalledTimes(1)
  })

  it("takes a file's bytes from its parts, until no more come", async () => {
    const { worker, requests, answer } = aWorker()
    const hasher = createHasher(() => worker)
    const file = new Blob(["abcd"])
    const partsEnd = new AbortController()
    const whole = hasher.whole(file, never, partsEnd.signal)
    void hasher.part(file.slice(0, 2), { file, offset: 0 })
    void hasher.part(new Blob(["x"]), { file: new Blob(["another"]), offset: 7 })
    await turn()
    expect(requests).toMatchObject([
      { id: 1, kind: "whole" },
      { id: 2, kind: "part", whole: { id: 1, offset: 0 } },
      { id: 3, kind: "part", whole: null },
    ])

    partsEnd.abort()
    expect(requests.at(-1)).toEqual({ id: 1, kind: "rest" })
    answer({ id: 1, sha256: "of whole" })
    expect(await whole).toBe("of whole")
  })

  it("hashes at most two parts at a time", async () => {
    const { worker, requests, answer } = aWorker()
    const hasher = createHasher(() => worker)
    const parts = Array.from({ length: 8 }, () => hasher.part(new Blob(["p"])))
    for (let id = 1; id <= 8; id++) {
      await turn()
      expect(requests.length).toBe(Math.min(8, id + 1))
      answer({ id, sha256: `${id}` })
    }

    expect(await Promise.all(parts)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"])
  })

  it("stops hashing a file whose upload has ended", async () => {
    const { worker, requests, answer } = aWorker()
    const hasher = createHasher(() => worker)
    const [one, two] = [new AbortController(), new AbortController()]
    const result = hasher.whole(new Blob(["x"]), one.signal)
    two.abort()
    expect(await hasher.whole(new Blob(["x"]), two.signal)).toBeNull()
    one.abort()
    expect(requests.map(({ id, kind }) => [id, kind])).toEqual([
      [1, "whole"],
      [1, "rest"],
      [1, "stop"],
    ])

    answer({ id: 1, sha256: null })
    expect(await result).toBeNull()
  })

  it.each<[string, () => { make: () => Worker; fail: () => void }]>([
    [
      "breaks",
      () => {
        const { worker, fail } = aWorker()
        return { make: () => worker, fail }
      },
    ],
    [
      "cannot be made",
      () => ({
        make: () => {
          throw new Error("refused")
        },
        fail: () => {},
      }),
    ],
  ])("works when the worker %s: files without a hash, parts with one", async (_, prepare) => {
    const { make, fail } = prepare()
    const hasher = createHasher(make)
    const bytes = randomBytes(1_000)
    const whole = hasher.whole(new Blob([bytes]), never)
    const part = hasher.part(new Blob([bytes]))
    await turn()
    fail()

    expect(await whole).toBeNull()
    expect(await part).toBe(expected(bytes))
    expect(await hasher.whole(new Blob([bytes]), never)).toBeNull()
    expect(await hasher.part(new Blob([bytes]))).toBe(expected(bytes))
  })

  it("loads a worker again that could not be loaded without a connection", async () => {
    const [lost, worker] = [aWorker(), aWorker()]
    const make = vi.fn(() => worker.worker).mockReturnValueOnce(lost.worker)
    const hasher = createHasher(make)
    const early = hasher.whole(new Blob(["a"]), never)
    vi.stubGlobal("navigator", { onLine: false })
    lost.fail()
    vi.unstubAllGlobals()

    expect(await early).toBeNull()
    const later = hasher.whole(new Blob(["a"]), never)
    worker.answer({ id: 2, sha256: "hash" })
    expect(await later).toBe("hash")
    expect(make).toHaveBeenCalledTimes(2)
  })
})

describe("the hash scheduler", () => {
  /** A file that counts how many of its bytes were read, in parts of 8 MiB. */
  function aFile(size: number) {
    const bytes = randomBytes(size)
    const body = new Blob([bytes])
    const file = {
      body,
      bytes,
      read: 0,
      part: (n: number) => ({ offset: n * 8 * MIB, body: slice(n) }),
    }
    const slice = (n: number) => body.slice(n * 8 * MIB, (n + 1) * 8 * MIB)
    const counting = (blob: Blob) => {
      const arrayBuffer = blob.arrayBuffer.bind(blob)
      blob.arrayBuffer = () => {
        file.read += blob.size
        return arrayBuffer()
      }
      return blob
    }
    const plainSlice = body.slice.bind(body)
    body.slice = (start, end) => counting(plainSlice(start, end))
    return file
  }

  function aScheduler() {
    const results = new Map<number, string | null>()
    const schedule = createHashScheduler(({ id, sha256 }) => results.set(id, sha256))
    const request = (request: HashRequest) => schedule(request)
    const answered = (id: number) =>
      vi.waitFor(() => expect(results.has(id)).toBe(true), { timeout: 10_000 })
    return { request, results, answered }
  }

  it("hashes a file from the bytes of its parts, each read once, whatever order they come in", async () => {
    const { request, results, answered } = aScheduler()
    const file = aFile(37 * MIB)
    request({ id: 1, kind: "whole", body: file.body })
    for (const n of [1, 0, 2, 4, 3]) {
      const { body, offset } = file.part(n)
      request({ id: 10 + n, kind: "part", body, whole: { id: 1, offset } })
    }
    await answered(1)

    expect(results.get(1)).toBe(expected(file.bytes))
    expect(results.get(13)).toBe(expected(file.bytes.subarray(24 * MIB, 32 * MIB)))
    expect(file.read).toBe(file.body.size)
  })

  it("adds no part twice", async () => {
    const { request, results, answered } = aScheduler()
    const file = aFile(20 * MIB)
    request({ id: 1, kind: "whole", body: file.body })
    for (const [id, n] of [0, 0, 1, 0, 1, 2].entries()) {
      const { body, offset } = file.part(n)
      request({ id: 10 + id, kind: "part", body, whole: { id: 1, offset } })
      await answered(10 + id)
    }

    expect(results.get(1)).toBe(expected(file.bytes))
  })

  it("reads the bytes that no part had, in the middle and at the end", async () => {
    const { request, results, answered } = aScheduler()
    const file = aFile(80 * MIB)
    request({ id: 1, kind: "whole", body: file.body })
    for (const n of [0, 1, 3, 4, 5, 6, 7, 8]) {
      const { body, offset } = file.part(n)
      request({ id: 10 + n, kind: "part", body, whole: { id: 1, offset } })
      await answered(10 + n)
    }
    expect(results.has(1)).toBe(false)
    request({ id: 1, kind: "rest" })
    await answered(1)

    expect(results.get(1)).toBe(expected(file.bytes))
  })

  it("reads whole files one after another, and none for those that are stopped or unreadable", async () => {
    const { request, results, answered } = aScheduler()
    const files = [aFile(20 * MIB), aFile(20 * MIB), aFile(20 * MIB), aFile(20 * MIB)]
    const [, , broken] = files
    if (broken) broken.body.slice = () => Object.assign(new Blob(), { arrayBuffer: refuse })
    for (const [id, { body }] of files.entries()) {
      request({ id, kind: "whole", body })
      request({ id, kind: "rest" })
    }
    request({ id: 1, kind: "stop" })
    await answered(3)

    expect([...results.keys()]).toEqual([1, 0, 2, 3])
    expect(results.get(1)).toBeNull()
    expect(results.get(2)).toBeNull()
    expect(results.get(3)).toBe(expected(files[3]?.bytes ?? new Uint8Array()))
  })
})

const refuse = () => Promise.reject(new DOMException("changed"))
