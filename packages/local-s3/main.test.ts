import { spawn } from "node:child_process"
import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { CreateBucketCommand } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { aClient, aDirectory, aStoreProcess, BUCKET, KEYS } from "./testing.ts"

const MAIN = new URL("./main.ts", import.meta.url).pathname
const ENV = {
  LOCAL_S3_ACCESS_KEY_ID: KEYS.accessKeyId,
  LOCAL_S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
}

let place: Awaited<ReturnType<typeof aDirectory>>
beforeAll(async () => {
  place = await aDirectory()
})
afterAll(() => place.remove())

async function run(args: string[], env: Record<string, string> = ENV) {
  const { LOCAL_S3_ACCESS_KEY_ID: _, LOCAL_S3_SECRET_ACCESS_KEY: __, ...rest } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...rest, ...env } })
  let said = ""
  let printed = ""
  child.stderr.on("data", (text) => {
    said += text
  })
  child.stdout.on("data", (text) => {
    printed += text
  })
  const [code] = await once(child, "close")
  return { code, said, printed }
}

describe("the store as a command", () => {
  it("names a missing or wrong setting in one sentence", async () => {
    const store = await aStoreProcess(place.dir)
    const file = join(place.dir, "a-file")
    await writeFile(file, "")
    const dir = join(place.dir, "inner")
    const complaints = await Promise.all([
      run(["--dir", dir]),
      run(["--dir", dir, "--port", "0"], {}),
      run(["--dir", dir, "--port", String(store.port)]),
      run(["--dir", file, "--port", "0"]),
      run(["--dir", place.dir, "--port", "0"]),
      run(["--dir", dir, "--port", "0", "--proxy", "10.0.0.0/40"]),
    ])
    for (const { code, said } of complaints) {
      expect(code).toBe(1)
      expect(said.trim().split("\n")).toHaveLength(1)
      expect(said).not.toContain("    at ")
    }
    const [, keys, port, , taken, proxy] = complaints.map(({ said }) => said)
    expect(keys).toContain("LOCAL_S3_ACCESS_KEY_ID")
    expect(port).toContain(`Port ${store.port} is taken`)
    expect(taken).toContain("Another object store is already running")
    expect(proxy).toContain("--proxy ADDRESS/BITS")
    await store.end("SIGTERM")
  })

  it("prints its help without any setting", async () => {
    const { code, said, printed } = await run(["--help"], {})
    expect([code, said]).toEqual([0, ""])
    for (const word of ["--dir", "--port", "--host", "LOCAL_S3_SECRET_ACCESS_KEY"])
      expect(printed).toContain(word)
  })

  it("takes proxies by address and by network, of both families", async () => {
    const proxies = ["127.0.0.1/32", "::1/128", "10.0.0.0/8"].flatMap((each) => ["--proxy", each])
    const store = await aStoreProcess(join(place.dir, "behind-proxies"), { args: proxies })
    expect(store.port).toBeGreaterThan(0)
    await store.end("SIGTERM")
  })

  it("ends with its parent, and its port and directory are free at once", async () => {
    const store = await aStoreProcess(place.dir)
    store.child.disconnect()
    await store.exited
    const next = await aStoreProcess(place.dir, { port: store.port })
    const s3 = aClient(next.url)
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    s3.destroy()
    await next.end("SIGINT")
    expect(next.child.exitCode).toBe(0)
  })
})
