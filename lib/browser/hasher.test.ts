import { createHash, randomBytes } from "node:crypto"
import { describe, expect, it, vi } from "vitest"
import type { HashOrder, HashResult } from "./hash-worker.ts"
import { createHasher } from "./hasher.ts"
import { sha256 } from "./sha256.ts"

const MIB = 1024 ** 2
const never = new AbortController().signal
const expected = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

/** A worker that answers when the test says so. */
function aWorker() {
  const orders: HashOrder[] = []
  const target = new EventTarget()
  const worker: Worker = Object.assign(target, {
    onmessage: null,
    onmessageerror: null,
    onerror: null,
    postMessage: (order: HashOrder) => void orders.push(order),
    terminate: vi.fn(),
  })
  return {
    worker,
    orders,
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

  it("is right on plain http, where the browser has none", async () => {
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
      if (start >= 8 * MIB) part.arrayBuffer = () => Promise.reject(new DOMException("changed"))
      return part
    }
    await expect(sha256(body)).rejects.toThrow("changed")
  })

  it("stops when it is told to", async () => {
    const stop = new AbortController()
    stop.abort()
    await expect(sha256(new Blob([new Uint8Array(20 * MIB)]), stop.signal)).rejects.toThrow()
  })
})

describe("the hasher", () => {
  it("has one worker, takes whole files one after another, and lets parts pass", async () => {
    const { worker, orders, answer } = aWorker()
    const make = vi.fn(() => worker)
    const hasher = createHasher(make)
    const first = hasher.whole(new Blob(["1"]), never)
    const second = hasher.whole(new Blob(["2"]), never)
    const part = hasher.part(new Blob(["p"]))
    await turn()
    expect(orders.map(({ kind }) => kind)).toEqual(["whole", "part"])

    answer({ id: 2, sha256: "of part" })
    answer({ id: 1, sha256: "of first" })
    await turn()
    answer({ id: 3, sha256: "of second" })

    expect(await Promise.all([first, second, part])).toEqual(["of first", "of second", "of part"])
    expect(make).toHaveBeenCalledTimes(1)
  })

  it("has at most two parts in hand", async () => {
    const { worker, orders, answer } = aWorker()
    const hasher = createHasher(() => worker)
    const parts = Array.from({ length: 8 }, () => hasher.part(new Blob(["p"])))
    for (let id = 1; id <= 8; id++) {
      await turn()
      expect(orders.length).toBe(Math.min(8, id + 1))
      answer({ id, sha256: `${id}` })
    }

    expect(await Promise.all(parts)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"])
  })

  it("stops hashing a file whose upload has ended, and goes on with the next", async () => {
    const { worker, orders, answer } = aWorker()
    const hasher = createHasher(() => worker)
    const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()]
    const results = [one, two, three].map(({ signal }) => hasher.whole(new Blob(["x"]), signal))
    await turn()
    two.abort()
    one.abort()
    expect(orders).toMatchObject([
      { id: 1, kind: "whole" },
      { id: 1, kind: "stop" },
    ])

    answer({ id: 1, sha256: null })
    await turn()
    answer({ id: 2, sha256: "of three" })

    expect(await Promise.all(results)).toEqual([null, null, "of three"])
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
  ])("goes on when the worker %s: files without a hash, parts with one", async (_, prepare) => {
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
})
