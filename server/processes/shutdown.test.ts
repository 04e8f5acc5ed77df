import { spawn } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { describe, expect, it } from "vitest"

const file = (name: string) => JSON.stringify(path.join(import.meta.dirname, name))

/**
 * Runs a program that has `started`, `fail` and `ready`, and sends it SIGINT when it prints "now".
 */
async function run(program: string) {
  const source = `
    const { createShutdown } = await import(${file("shutdown.ts")})
    const { started, fail, ready } = createShutdown(() => {})
    const lost = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    const keep = setInterval(() => {}, 1000)
    ${program}`
  const child = spawn(
    process.execPath,
    ["--import", path.join(import.meta.dirname, "../server-only.mjs"), "--input-type=module"],
    { stdio: ["pipe", "pipe", "pipe"] },
  )
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("now\n")) child.kill("SIGINT")
      output += text.replace("now\n", "")
    })
  }
  child.stdin.end(source)
  const [code] = await once(child, "close")
  return { code, output: output.trim() }
}

describe("a start", () => {
  it("whose database dies after its first healthy answer ends in a sentence", async () => {
    const { code, output } = await run(`
      await started("database", () => {})
      fail(lost())`)
    expect(output).toBe(
      "The database can’t be reached (connect ECONNREFUSED): check that it is running, then start again.",
    )
    expect(code).toBe(1)
  })

  it("that is ended by Ctrl-C ends in a sentence, whatever errors the steps under way then raise", async () => {
    const { code, output } = await run(`
      await started("database", () => {})
      console.log("now")
      await sleep(300)
      fail(lost())
      fail(new TypeError("the pool is closed"))`)
    expect(output).toBe("Lapse was stopped before it had started.")
    expect(code).toBe(0)
  })

  it("that is ended while the jobs start stops them before the database", async () => {
    const { output } = await run(`
      await started("database", () => console.log("database stopped"))
      const jobs = sleep(500).then(() => () => console.log("jobs stopped"))
      console.log("now")
      await started("jobs", async () => (await jobs)())`)
    expect(output.split("\n").slice(-2)).toEqual(["jobs stopped", "database stopped"])
  })
})

describe("a process that has started", () => {
  it("shows a bug with its stack, also one that looks like an outage", async () => {
    const { code, output } = await run(`
      await started("database", () => {})
      ready()
      Promise.reject(lost())`)
    expect(output).toContain("Error: connect ECONNREFUSED\n    at ")
    expect(code).toBe(1)
  })

  it("ends silently at Ctrl-C", async () => {
    const { code, output } = await run(`
      await started("database", () => {})
      ready()
      console.log("now")`)
    expect({ code, output }).toEqual({ code: 0, output: "" })
  })
})
