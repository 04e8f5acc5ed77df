import { describe, expect, it } from "vitest"
import { classOfApp, createRequestClass, createRequestClasses } from "./admission.ts"

const LEAST = 192

/** A request class with a clock that the test moves. */
function aClass() {
  let time = 0
  const requestClass = createRequestClass("visitors", () => time)
  const pass = (ms: number) => {
    time += ms
  }
  return { requestClass, pass }
}

const aResponse = () => ({ headersSent: false, destroyed: false })

/** Fills the class and returns the requests that it let in. */
function fill({ requestClass }: ReturnType<typeof aClass>) {
  const inside: ReturnType<typeof aResponse>[] = []
  for (let response = aResponse(); requestClass.enter(response); response = aResponse())
    inside.push(response)
  return inside
}

/** Answers `perMs` requests a millisecond for a while, with others always waiting. */
function serve(a: ReturnType<typeof aClass>, perMs: number, ms: number) {
  const inside = fill(a)
  for (let passed = 0; passed < ms; passed += 10) {
    a.pass(10)
    for (const response of inside.splice(0, perMs * 10)) a.requestClass.leave(response)
    inside.push(...fill(a))
  }
  return inside
}

describe("a class of requests", () => {
  it("lets in as many as are answered in 200 ms, whatever a request costs", () => {
    const fast = aClass()
    expect(serve(fast, 10, 4000).length).toBeCloseTo(2000, -2)

    const slow = aClass()
    expect(serve(slow, 2, 4000).length).toBeCloseTo(400, -2)
  })

  it("never refuses one of a few requests, however slow they are", () => {
    const a = aClass()
    serve(a, 0, 10_000)
    const inside = fill(a)
    expect(inside).toEqual([])

    const rested = aClass()
    for (let n = 0; n < LEAST; n++) {
      expect(rested.requestClass.enter(aResponse())).toBe(true)
      rested.pass(1000)
    }
  })

  it("starts to refuse soon after answers stop", () => {
    const a = aClass()
    const inside = serve(a, 10, 4000)
    for (const response of inside.splice(LEAST / 2)) a.requestClass.leave(response)
    for (let n = 0; n < 20; n++) {
      a.pass(200)
      const response = aResponse()
      if (a.requestClass.enter(response)) inside.push(response)
    }
    fill(a).forEach((response) => {
      inside.push(response)
    })
    expect(inside.length).toBeLessThan(300)
  })

  it("does not measure while the class is not full", () => {
    const a = aClass()
    const before = serve(a, 10, 4000)
    for (const response of before) a.requestClass.leave(response)
    for (let n = 0; n < 50; n++) {
      a.pass(200)
      const response = aResponse()
      expect(a.requestClass.enter(response)).toBe(true)
      a.requestClass.leave(response)
    }
    expect(fill(a).length).toBeGreaterThan(1500)
  })

  it("frees the place of an answer that has begun, and of a client that has disconnected", () => {
    const a = aClass()
    const inside = fill(a)
    for (const [n, response] of inside.entries())
      Object.assign(response, n % 2 ? { headersSent: true } : { destroyed: true })
    a.pass(200)
    expect(a.requestClass.enter(aResponse())).toBe(true)
    expect(fill(a).length).toBeGreaterThan(LEAST / 2)
  })

  it("keeps no place while the client sends its body, and takes one afterwards", async () => {
    const a = aClass()
    const inside = fill(a)
    const [slow = aResponse()] = inside
    const body = Promise.withResolvers<string>()
    const reading = a.requestClass.outside(slow, body.promise)

    expect(a.requestClass.enter(aResponse())).toBe(true)
    expect(a.requestClass.enter(aResponse())).toBe(false)
    body.resolve("a body")
    expect(await reading).toBe("a body")
    a.requestClass.leave(slow)
    expect(a.requestClass.enter(aResponse())).toBe(false)
  })

  it("forgets a client that left while it sent its body", async () => {
    const a = aClass()
    const [gone = aResponse()] = fill(a)
    const reading = a.requestClass.outside(gone, Promise.resolve())
    gone.destroyed = true
    await reading
    expect(a.requestClass.enter(aResponse())).toBe(true)
  })
})

describe("the request classes", () => {
  it("are separate: a flood of visitors takes no place from members or strangers", () => {
    const lines = createRequestClasses()
    while (lines.visitors.enter(aResponse())) {}
    for (const name of ["members", "strangers", "attempts", "uploads"] as const) {
      expect(lines[name].enter(aResponse())).toBe(true)
      while (lines[name].enter(aResponse())) {}
    }
  })

  it("recognise a member by the session, and a call that may wait for the storage", () => {
    expect(classOfApp("POST", true, { cost: "store" })).toBe("uploads")
    expect(classOfApp("POST", true, { cost: "dear" })).toBe("members")
    expect(classOfApp("GET", true)).toBe("members")
    expect(classOfApp("GET", false, { cost: "store" })).toBe("strangers")
    expect(classOfApp("POST", false)).toBe("attempts")
  })
})
