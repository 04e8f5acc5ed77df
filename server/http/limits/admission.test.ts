import { describe, expect, it } from "vitest"
import { createLine, createLines, lineOfApp } from "./admission.ts"

const LEAST = 192

/** A line whose clock the test turns. */
function aLine() {
  let time = 0
  const line = createLine("visitors", () => time)
  const pass = (ms: number) => {
    time += ms
  }
  return { line, pass }
}

const aResponse = () => ({ headersSent: false, destroyed: false })

/** Fills the line; returns those that it let in. */
function fill({ line }: ReturnType<typeof aLine>) {
  const inside: ReturnType<typeof aResponse>[] = []
  for (let response = aResponse(); line.enter(response); response = aResponse())
    inside.push(response)
  return inside
}

/** Answers so many a millisecond for a while, with others always waiting. */
function serve(a: ReturnType<typeof aLine>, perMs: number, ms: number) {
  const inside = fill(a)
  for (let passed = 0; passed < ms; passed += 10) {
    a.pass(10)
    for (const response of inside.splice(0, perMs * 10)) a.line.leave(response)
    inside.push(...fill(a))
  }
  return inside
}

describe("a line", () => {
  it("lets in as many as are answered in 200 ms, whatever a request costs", () => {
    const fast = aLine()
    expect(serve(fast, 10, 4000).length).toBeCloseTo(2000, -2)

    const slow = aLine()
    expect(serve(slow, 2, 4000).length).toBeCloseTo(400, -2)
  })

  it("never refuses one of few, however slow they are", () => {
    const a = aLine()
    serve(a, 0, 10_000)
    const inside = fill(a)
    expect(inside).toEqual([])

    const rested = aLine()
    for (let n = 0; n < LEAST; n++) {
      expect(rested.line.enter(aResponse())).toBe(true)
      rested.pass(1000)
    }
  })

  it("refuses soon after nothing is answered any more", () => {
    const a = aLine()
    const inside = serve(a, 10, 4000)
    for (const response of inside.splice(LEAST / 2)) a.line.leave(response)
    for (let n = 0; n < 20; n++) {
      a.pass(200)
      const response = aResponse()
      if (a.line.enter(response)) inside.push(response)
    }
    fill(a).forEach((response) => {
      inside.push(response)
    })
    expect(inside.length).toBeLessThan(300)
  })

  it("does not learn from times in which there was little to do", () => {
    const a = aLine()
    const before = serve(a, 10, 4000)
    for (const response of before) a.line.leave(response)
    for (let n = 0; n < 50; n++) {
      a.pass(200)
      const response = aResponse()
      expect(a.line.enter(response)).toBe(true)
      a.line.leave(response)
    }
    expect(fill(a).length).toBeGreaterThan(1500)
  })

  it("has room again for answers that have begun, and for clients that are gone", () => {
    const a = aLine()
    const inside = fill(a)
    for (const [n, response] of inside.entries())
      Object.assign(response, n % 2 ? { headersSent: true } : { destroyed: true })
    a.pass(200)
    expect(a.line.enter(aResponse())).toBe(true)
    expect(fill(a).length).toBeGreaterThan(LEAST / 2)
  })

  it("keeps no place while the client sends its body, and takes one afterwards", async () => {
    const a = aLine()
    const inside = fill(a)
    const [slow = aResponse()] = inside
    const body = Promise.withResolvers<string>()
    const reading = a.line.outside(slow, body.promise)

    expect(a.line.enter(aResponse())).toBe(true)
    expect(a.line.enter(aResponse())).toBe(false)
    body.resolve("a body")
    expect(await reading).toBe("a body")
    a.line.leave(slow)
    expect(a.line.enter(aResponse())).toBe(false)
  })

  it("forgets a client that left while it sent its body", async () => {
    const a = aLine()
    const [gone = aResponse()] = fill(a)
    const reading = a.line.outside(gone, Promise.resolve())
    gone.destroyed = true
    await reading
    expect(a.line.enter(aResponse())).toBe(true)
  })
})

describe("the lines", () => {
  it("are apart: a flood of visitors takes no place from members or strangers", () => {
    const lines = createLines()
    while (lines.visitors.enter(aResponse())) {}
    for (const name of ["members", "strangers", "attempts", "uploads"] as const) {
      expect(lines[name].enter(aResponse())).toBe(true)
      while (lines[name].enter(aResponse())) {}
    }
  })

  it("know a member by the session, and what may wait for the storage by its address", () => {
    expect(lineOfApp("/api/v1/files", "POST", true)).toBe("uploads")
    expect(lineOfApp("/api/v1/files", "GET", false)).toBe("strangers")
    expect(lineOfApp("/api/v1/shares/1/revoke", "POST", true)).toBe("members")
    expect(lineOfApp("/sign-in", "GET", false)).toBe("strangers")
    expect(lineOfApp("/sign-in", "POST", false)).toBe("attempts")
  })
})
