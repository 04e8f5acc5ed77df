import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { tryLock, tryShare } from "./file-lock.ts"

const directory = mkdtempSync(path.join(tmpdir(), "lapse-lock-"))
let files = 0
const newFile = () => path.join(directory, `lock${files++}`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/**
 * Starts a process that tries to take the lock, writes whether it has it, and holds it until it
 * ends.
 */
async function contender(file: string) {
  const program = `
    const { tryLock } = await import(${JSON.stringify(path.join(import.meta.dirname, "file-lock.ts"))})
    process.stdout.write(tryLock(${JSON.stringify(file)}) ? "held" : "refused")
    setInterval(() => {}, 1000)`
  const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "-e", program])
  const [answer] = child.stdout ? await once(child.stdout, "data") : []
  return { answer: String(answer), child }
}

async function killHard(child: ChildProcess) {
  child.kill("SIGKILL")
  await once(child, "exit")
}

describe("tryLock", () => {
  it("gives the lock to exactly one of ten processes", async () => {
    const file = newFile()

    const contenders = await Promise.all(Array.from({ length: 10 }, () => contender(file)))

    const held = contenders.filter(({ answer }) => answer === "held")
    expect(held).toHaveLength(1)
    await Promise.all(contenders.map(({ child }) => killHard(child)))
  })

  it("is free again the moment its holder is killed", async () => {
    const file = newFile()
    const { answer, child } = await contender(file)
    expect(answer).toBe("held")
    expect(tryLock(file)).toBeNull()

    await killHard(child)

    expect(tryLock(file)).not.toBeNull()
  })

  it("excludes shared locks and is excluded by them", () => {
    const file = newFile()
    const shares = [tryShare(file), tryShare(file)]
    expect(shares).not.toContain(null)
    expect(tryLock(file)).toBeNull()

    for (const share of shares) share?.release()

    expect(tryLock(file)).not.toBeNull()
    expect(tryShare(file)).toBeNull()
  })
})
